//! The content of a file that was read whole.

use std::fmt;

use bytes::Bytes;
#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::binding::{self, Value};

/// The content of a file.
#[derive(Clone, PartialEq, Eq)]
pub struct FileContent(pub Bytes);

/// Files are people's own: only the size is shown.
impl fmt::Debug for FileContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileContent({} bytes)", self.0.len())
    }
}

impl Serialize for FileContent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        binding::serialize_leaf(serializer, Value::Bytes(self.0.clone()))
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for FileContent {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FileContent".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "x-host": "bytes" })
    }

    fn inline_schema() -> bool {
        true
    }
}
