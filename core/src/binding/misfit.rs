//! Why a value does not fit, and where: in words that fit every language, and never with the value.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::Value;
use crate::error::{Invalid, Words};

/// One step of the way to a value.
#[derive(Debug)]
pub(super) enum Segment {
    /// A field of a structure, by the core's name.
    Field(&'static str),
    /// A member of something else, by the name that the application gave it.
    Key(String),
    Index(usize),
}

/// Why a value does not fit. serde's own texts quote the value, which may be a key or a token: these never do.
#[derive(Debug)]
pub(super) struct Misfit {
    /// Where it stands, from the inside.
    path: Vec<Segment>,
    reason: Words,
}

impl Misfit {
    pub(super) fn of(value: &Value, expected: &dyn Expected) -> Self {
        Self::other_than(value, &in_words(expected))
    }

    /// Of a value that is not what is expected.
    pub(super) fn other_than(value: &Value, expected: &str) -> Self {
        match value {
            Value::Unfit(reason) => de::Error::custom(reason),
            _ => de::Error::custom(format_args!("expected {expected}, got {}", value.kind())),
        }
    }

    /// What an application is told of it, whose options, or what else it is, stand at `root`. Members of these names are the core's.
    pub(super) fn at(self, root: &'static str, members: &'static [&'static str]) -> Invalid {
        let path = self.path.into_iter().rev();
        let path = path.fold(Words::from(root), |path, segment| match segment {
            Segment::Field(name) => path.own(".").own(name),
            Segment::Key(key) => match members.iter().find(|member| **member == key) {
                Some(name) => path.own(".").own(name),
                None => path.own(".").given(&key),
            },
            Segment::Index(index) => path.given(&format!("[{index}]")),
        });
        Invalid::new(path, self.reason)
    }

    /// Of a member whose name is nearly that of a field.
    pub(super) fn misspelt(name: &str, meant: &'static str) -> Self {
        Self {
            path: vec![Segment::Key(name.to_owned())],
            reason: Words::from("is unknown: did you mean ").own(meant).own("?"),
        }
    }

    /// The same, seen from around it.
    pub(super) fn under(mut self, segment: Segment) -> Self {
        self.path.push(segment);
        self
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl std::error::Error for Misfit {}

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self {
            path: Vec::new(),
            reason: reason.to_string().into(),
        }
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!(
            "expected {}, got {}",
            in_words(expected),
            kind_of(&unexpected)
        ))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("expected {}", in_words(expected)))
    }

    fn unknown_variant(_: &str, variants: &'static [&'static str]) -> Self {
        Self::custom(format_args!("expected {}", one_of(variants)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self {
            path: vec![Segment::Field(field)],
            reason: "is missing".into(),
        }
    }
}

pub(super) fn one_of(variants: &[&str]) -> String {
    format!("one of \"{}\"", variants.join("\", \""))
}

/// serde names Rust types; an application's author knows objects, numbers and strings.
fn in_words(expected: &dyn Expected) -> String {
    let words = expected.to_string();
    match words.as_str() {
        "i64" | "u64" | "u32" | "u16" => "a whole number".to_owned(),
        "f64" | "a JSON number" => "a number".to_owned(),
        "a sequence" => "an array".to_owned(),
        "a map" => "an object".to_owned(),
        text if text.starts_with("struct ") => "an object".to_owned(),
        _ => words,
    }
}

fn kind_of(unexpected: &Unexpected<'_>) -> &'static str {
    match unexpected {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "a number",
        Unexpected::Float(_) => "a floating-point number",
        Unexpected::Char(_) | Unexpected::Str(_) => "a string",
        Unexpected::Bytes(_) => "bytes",
        Unexpected::Unit | Unexpected::Option => "null",
        Unexpected::Seq => "an array",
        Unexpected::Map => "an object",
        _ => "another kind of value",
    }
}
