//! The whole surface as one JSON document: operations, types and errors, which the type printers of the bindings read.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json};

use crate::Config;
use crate::digime::{NAMES, TimeoutOptions, visit};
use crate::error::ERROR_CLASSES;
use crate::operation::{Operation, Visitor};

/// The document: `operations`, `everyCall` (the options that every call takes beside its own), `config`, `types` (JSON Schemas by name) and `errors`.
#[must_use]
pub fn describe() -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = "/types".into());
    let mut generator = settings.into_generator();
    let operations: Vec<Value> = NAMES
        .iter()
        .filter_map(|name| visit(name, Describe(&mut generator)))
        .collect();
    let mut timeouts = generator.subschema_for::<TimeoutOptions>();
    timeouts.insert(
        "description".to_owned(),
        "Time-outs of this call, which go before those of the configuration.".into(),
    );
    let config = generator.subschema_for::<Config>();
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "operations": operations,
        "everyCall": { "timeouts": timeouts },
        "config": config,
        "types": generator.take_definitions(true),
        "errors": ERROR_CLASSES,
    })
}

struct Describe<'a>(&'a mut SchemaGenerator);

impl Visitor for Describe<'_> {
    type Output = Value;

    fn visit<O: Operation>(self) -> Value {
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
