//! An error as data, from which a binding makes an instance of its own class.

use serde::Serialize;

#[cfg(feature = "__binding")]
use super::{Error, ErrorKind, UPLOAD_NOT_REPEATABLE};
use crate::binding::{Dialect, Value};

/// The attributes of an error, as a language spells them.
pub struct Fields<'a> {
    dialect: Dialect,
    fields: &'a mut Vec<(String, Value)>,
}

impl Fields<'_> {
    /// Adds an attribute.
    pub fn add<T: Serialize>(&mut self, name: &str, value: T) {
        let value = self.dialect.value_of(&value);
        self.fields
            .push((self.dialect.spell(name).into_owned(), value));
    }
}

#[cfg(feature = "__binding")]
impl Error {
    /// The error as data: `class`, `name`, `code`, `message` and `fields`, the attributes beyond those, as the language spells them.
    #[must_use]
    pub fn to_value(&self, dialect: Dialect) -> Value {
        let class = self.class();
        let mut fields = Vec::new();
        let mut adding = Fields {
            dialect,
            fields: &mut fields,
        };
        self.fields(&mut adding);
        if let Some(carried) = &self.carried {
            carried.fields(&mut adding);
        }
        if let Some(retry_after) = self.retry_after() {
            let milliseconds = u64::try_from(retry_after.as_millis()).unwrap_or(u64::MAX);
            adding.add("retryAfter", milliseconds);
        }
        let mut message = self.message(dialect);
        if let Some(call) = self.call() {
            message = format!("{message} ({})", dialect.spell(call));
        }
        if let Some(note) = self.note() {
            message = format!("{message}; {note}");
        }
        Value::Object(vec![
            ("class".to_owned(), Value::from(class.class)),
            ("name".to_owned(), Value::from(class.name)),
            ("code".to_owned(), Value::from(class.code)),
            ("message".to_owned(), Value::from(message)),
            ("fields".to_owned(), Value::Object(fields)),
        ])
    }

    fn fields(&self, fields: &mut Fields<'_>) {
        match &self.kind {
            ErrorKind::Http(response) => fields.add("response", response),
            ErrorKind::TypeValidation { path, .. } => {
                fields.add("path", path.spelled(fields.dialect));
            }
            ErrorKind::Timeout {
                phase, after, sent, ..
            } => {
                fields.add("phase", phase);
                fields.add(
                    "after",
                    u64::try_from(after.as_millis()).unwrap_or(u64::MAX),
                );
                fields.add("sent", sent);
            }
            ErrorKind::Transport { cause, sent, .. } => {
                fields.add("cause", cause.as_str());
                fields.add("sent", sent);
            }
            ErrorKind::FileLimit { limit } => fields.add("limit", limit),
            ErrorKind::Store { operation, .. } => fields.add("operation", operation),
            // The caller knows its own failure; this says which of its objects to look at.
            ErrorKind::Host { path } => fields.add("host", path),
            ErrorKind::Platform(failure) => failure.fields(fields),
            ErrorKind::Sdk(_)
            | ErrorKind::UnexpectedResponse(_)
            | ErrorKind::FileDecryption(_)
            | ErrorKind::TokenVerification(_)
            | ErrorKind::UploadNotRepeatable
            | ErrorKind::ClientClosed => {}
        }
    }

    /// The message, an option being named as the language spells it.
    fn message(&self, dialect: Dialect) -> String {
        match &self.kind {
            ErrorKind::TypeValidation {
                headline,
                path,
                reason,
            } => {
                let (path, reason) = (path.spelled(dialect), reason.spelled(dialect));
                format!("{headline} {path}: {reason}")
            }
            ErrorKind::Store { operation, message } => {
                format!(
                    "the store failed to {operation}: {}",
                    message.spelled(dialect)
                )
            }
            ErrorKind::UploadNotRepeatable => dialect.spell_names(UPLOAD_NOT_REPEATABLE),
            ErrorKind::Platform(failure) => failure.words().spelled(dialect),
            kind => kind.to_string(),
        }
    }
}
