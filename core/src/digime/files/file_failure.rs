//! An error on its way to a callback.

#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::Error;
use crate::binding::{self, Value};

/// An error that a callback is told. Other languages get an instance of its class.
#[derive(Debug, Clone)]
pub struct FileFailure(pub Error);

impl Serialize for FileFailure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        binding::serialize_leaf(serializer, Value::Failure(self.0.clone()))
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for FileFailure {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FileFailure".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "x-host": "error" })
    }

    fn inline_schema() -> bool {
        true
    }
}
