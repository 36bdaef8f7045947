//! What crosses the border between a language and the core, and nothing of either.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use bytes::Bytes;

use super::Dialect;
use crate::{ByteStream, Document, Error};

/// A value of any language.
#[derive(Clone)]
pub enum Value {
    /// `null`, `None`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number. Languages with one kind of number send whole ones as this.
    Integer(i64),
    /// A number that is not whole.
    Float(f64),
    /// Text.
    String(String),
    /// A document, handed out as its text for the language's own JSON reader. Given by an application, what no other variant can hold: a
    /// number beyond these, or [`Value::text`] with lone surrogates.
    Json(Document),
    /// Binary data, shared and not copied.
    Bytes(Bytes),
    /// Binary data that stays with the caller, named by where it stands in the options: it is read piece by piece, and may be read again.
    Kept {
        /// Where it stands in the options.
        path: String,
        /// How many bytes there are.
        length: u64,
    },
    /// A list.
    Array(Vec<Value>),
    /// Named values in the caller's order. A value that the caller left undefined is not in it.
    Object(Vec<(String, Value)>),
    /// A source of bytes that stays with the caller, named by where it stands in the options (`data.fileData`).
    Stream(String),
    /// A function that stays with the caller, named by where it stands in the options (`onAccessTokenChange`).
    Function(String),
    /// A stream of bytes that the core hands to the caller, who reads it with [`ByteStream::next`] until it ends.
    Output(ByteStream),
    /// A value that is handed out again and again: the same `Arc` is the same value, which a binding may convert once.
    Shared(Arc<Value>),
    /// An error that a function of the caller is told, of which the binding makes an instance of its class.
    Failure(Error),
    /// Handed out: what the caller gave as an option, which a language may hand out itself where values have an identity.
    Given {
        /// The option.
        name: &'static str,
        /// What the core knows of it.
        value: Box<Value>,
    },
    /// Given: the primitive that stands for an object in a document, as a date's text does. Where no document is read, it is the object.
    Written(Box<Value>),
    /// Given: what no value can hold, or cannot be read, and in words that fit after its path why. It does no harm where nobody reads it.
    Unfit(Cow<'static, str>),
}

impl Value {
    /// What kind of value this is, in words that fit after "got".
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) => "a number",
            Self::Float(_) => "a floating-point number",
            Self::Json(document) => match document.kind() {
                "a string" => "a string with a lone surrogate",
                kind => kind,
            },
            Self::String(_) => "a string",
            Self::Bytes(_) | Self::Kept { .. } => "bytes",
            Self::Array(_) => "an array",
            Self::Object(_) | Self::Written(_) => "an object",
            Self::Shared(value) => value.kind(),
            Self::Failure(_) => "an error",
            Self::Stream(_) | Self::Output(_) => "a stream",
            Self::Function(_) => "a function",
            Self::Given { value, .. } => value.kind(),
            Self::Unfit(_) => "another kind of value",
        }
    }

    /// Text of UTF-16 as a language has it, lone surrogates included.
    #[must_use]
    pub fn text(units: &[u16]) -> Self {
        if let Ok(text) = String::from_utf16(units) {
            return Self::String(text);
        }
        let mut json = String::from("\"");
        for unit in char::decode_utf16(units.iter().copied()) {
            match unit {
                Ok(letter) => {
                    let quoted = serde_json::Value::from(letter.to_string()).to_string();
                    json.push_str(&quoted[1..quoted.len() - 1]);
                }
                // Writing to a string does not fail.
                Err(lone) => drop(write!(json, "\\u{:04x}", lone.unpaired_surrogate())),
            }
        }
        json.push('"');
        json.parse().map_or(Self::Null, Self::Json)
    }

    /// The member of an object by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Object(entries) => entries
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The member of an object, taken out of it.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        let Self::Object(entries) = self else {
            return None;
        };
        let position = entries.iter().position(|(key, _)| key == name)?;
        Some(entries.remove(position).1)
    }

    /// The same in either spelling.
    pub(super) fn take_spelled(&mut self, name: &str, dialect: Dialect) -> Option<Value> {
        self.take(&dialect.spell(name)).or_else(|| self.take(name))
    }

    /// The value with its functions named as members of `root`.
    pub(super) fn with_functions_under(self, root: &str) -> Self {
        match self {
            Self::Function(path) => Self::Function(format!("{root}.{path}")),
            Self::Array(items) => Self::Array(
                items
                    .into_iter()
                    .map(|item| item.with_functions_under(root))
                    .collect(),
            ),
            Self::Object(entries) => Self::Object(
                entries
                    .into_iter()
                    .map(|(name, value)| (name, value.with_functions_under(root)))
                    .collect(),
            ),
            other => other,
        }
    }

    /// The object with one member replaced or added.
    #[must_use]
    pub(crate) fn with(self, name: &str, value: impl Into<Value>) -> Self {
        match self {
            Self::Object(mut entries) => {
                entries.retain(|(key, _)| key != name);
                entries.push((name.to_owned(), value.into()));
                Self::Object(entries)
            }
            other => other,
        }
    }
}

/// Options hold keys, tokens and medical data: only the kind of a value is shown.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({})", self.kind())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::Integer(number.into())
    }
}
