//! The whole surface as one JSON document: operations, types and errors, which the type printers of the bindings read.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json};

use crate::error::{self, ErrorClass};
use crate::http::{ResponseHook, TimeoutOptions};
use crate::operation::{Operation, Visitor};
use crate::{digime, pkb};

/// The document: `platforms`, each with its `name`, what it is called with (`config`) and its `operations`; `everyCall`, the options
/// that every call takes beside its own; `types`, JSON Schemas by name; and `errors`.
#[must_use]
pub fn describe() -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = "/types".into());
    let mut generator = settings.into_generator();
    let generator = &mut generator;
    let platforms = json!([
        {
            "name": digime::PLATFORM,
            "config": generator.subschema_for::<digime::Config>(),
            "operations": digime::NAMES.iter()
                .filter_map(|name| digime::visit(name, Describe(generator)))
                .collect::<Vec<_>>(),
        },
        {
            "name": pkb::PLATFORM,
            "config": generator.subschema_for::<pkb::Config>(),
            "operations": pkb::NAMES.iter()
                .filter_map(|name| pkb::visit(name, Describe(generator)))
                .collect::<Vec<_>>(),
        },
    ]);
    let mut timeouts = generator.subschema_for::<TimeoutOptions>();
    timeouts.insert(
        "description".to_owned(),
        "Time-outs of this call, which go before those of the configuration.".into(),
    );
    let mut on_response = generator.subschema_for::<ResponseHook>();
    on_response.insert(
        "description".to_owned(),
        "Is told what the platform has answered to each request of this call, before the call goes on: status, headers,\nreference. It is not \
         waited for, and what it fails with is no matter of the call's."
            .into(),
    );
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "platforms": platforms,
        "everyCall": { "timeouts": timeouts, "onResponse": on_response },
        "types": generator.take_definitions(true),
        "errors": error_classes(),
    })
}

/// The table of error classes that all languages show, parents before children.
#[must_use]
pub fn error_classes() -> Vec<&'static ErrorClass> {
    [
        error::CLASSES,
        digime::failure::CLASSES,
        pkb::failure::CLASSES,
    ]
    .concat()
}

struct Describe<'a>(&'a mut SchemaGenerator);

impl<C> Visitor<C> for Describe<'_> {
    type Output = Value;

    fn visit<O: Operation<Client = C>>(self) -> Value {
        json!({
            "name": O::NAME,
            "about": about::<O>(self.0),
            "options": self.0.subschema_for::<O::Options>(),
            "response": self.0.subschema_for::<O::Response>(),
        })
    }
}

fn about<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    let schema: Schema = T::json_schema(generator);
    schema.get("description").cloned().unwrap_or(Value::Null)
}
