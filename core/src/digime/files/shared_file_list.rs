//! The list of a session's files as every event of a reading has it: made and converted once, however many events tell it.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use crate::Described;
use crate::binding::{self, Dialect, Value};
use crate::digime::FileListEntry;

type Entry = Described<FileListEntry>;

/// The files of a session. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct SharedFileList(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    entries: Vec<Entry>,
    value: OnceLock<Arc<Value>>,
}

impl From<Vec<Entry>> for SharedFileList {
    fn from(entries: Vec<Entry>) -> Self {
        Self(Arc::new(Shared {
            entries,
            value: OnceLock::new(),
        }))
    }
}

impl Deref for SharedFileList {
    type Target = [Entry];

    fn deref(&self) -> &[Entry] {
        &self.0.entries
    }
}

impl Serialize for SharedFileList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The entries are the platform's document: every language spells their members alike.
        let value = self
            .0
            .value
            .get_or_init(|| Arc::new(Dialect::JavaScript.value_of(&self.0.entries)));
        binding::serialize_leaf(serializer, Value::Shared(Arc::clone(value)))
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for SharedFileList {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        <Vec<Entry>>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        <Vec<Entry>>::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}
