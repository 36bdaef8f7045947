//! How each language spells the names of fields, and what it means by null.

use std::borrow::Cow;

use serde::Serialize;

use super::{Value, ser};

/// The language on the other side of the border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `camelCase`; an optional field is left out or undefined, and `null` in it is a mistake.
    JavaScript,
    /// `snake_case`, with `camelCase` understood; `None` in an optional field leaves it out.
    Python,
}

/// A field that goes by the name that its standard gives it in JavaScript, and has another in Python.
const FETCH: (&str, &str) = ("fetch", "transport");

impl Dialect {
    /// The wire's name of a field that an application gave, `fields` being the names that the core knows.
    pub(super) fn field(self, given: String, fields: &'static [&'static str]) -> String {
        if self == Self::Python && !fields.contains(&given.as_str()) {
            let camel = match given.as_str() {
                given if given == FETCH.1 => FETCH.0.to_owned(),
                given => camel_case(given),
            };
            if fields.contains(&camel.as_str()) {
                return camel;
            }
        }
        given
    }

    /// The wire's name of a field that an application gave, where the core's names are not known.
    pub(super) fn wire(self, given: String) -> String {
        match self {
            Self::Python => camel_case(&given),
            Self::JavaScript => given,
        }
    }

    /// The name of a field, or a path of names, as an application of this language writes it.
    pub(crate) fn spell(self, name: &str) -> Cow<'_, str> {
        match self {
            // The name of an environment variable is the same everywhere.
            Self::Python if name.chars().any(char::is_lowercase) => Cow::Owned(snake_case(name)),
            Self::JavaScript | Self::Python => Cow::Borrowed(name),
        }
    }

    /// A text of the SDK's own, in which the names of calls and options are as an application of this language writes them.
    pub(crate) fn spell_names(self, text: &str) -> String {
        if text == FETCH.0 {
            return self.spell(text).into_owned();
        }
        let is_name = |word: &str| {
            word.starts_with(|first: char| first.is_ascii_lowercase())
                && word.bytes().any(|byte| byte.is_ascii_uppercase())
        };
        text.split_inclusive(|letter: char| !letter.is_ascii_alphanumeric())
            .map(|word| {
                if is_name(word) {
                    self.spell(word)
                } else {
                    Cow::Borrowed(word)
                }
            })
            .collect()
    }

    /// A structure as this language sees it.
    pub(crate) fn value_of<T: Serialize>(self, structure: &T) -> Value {
        ser::to_value(structure, self).unwrap_or(Value::Null)
    }

    /// Whether null in an optional field leaves it out.
    pub(crate) fn null_is_absent(self) -> bool {
        self == Self::Python
    }
}

/// The field that a name which is none is meant for, most likely: at most two edits away, case and underscores not counted.
#[must_use]
pub fn nearest<'a>(name: &str, fields: &[&'a str]) -> Option<&'a str> {
    const MOST_EDITS: usize = 2;
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    let name = plain(name);
    let distance = |field: &str| strsim::osa_distance(&name, &plain(field));
    let nearest = fields.iter().map(|field| (distance(field), *field)).min();
    // With as many edits as half its letters a short name is nearly any other.
    nearest
        .filter(|(edits, _)| *edits <= MOST_EDITS && edits * 2 <= name.len())
        .map(|(_, field)| field)
}

fn camel_case(name: &str) -> String {
    let mut upper = false;
    name.chars()
        .filter_map(|c| match c {
            '_' => {
                upper = true;
                None
            }
            c if std::mem::take(&mut upper) => Some(c.to_ascii_uppercase()),
            c => Some(c),
        })
        .collect()
}

/// `readHTTPFile` is not a name here: every upper-case letter starts a word.
fn snake_case(name: &str) -> String {
    if let Some(before) = name
        .strip_suffix(FETCH.0)
        .filter(|before| before.is_empty() || before.ends_with('.'))
    {
        return format!("{}{}", snake_case(before), FETCH.1);
    }
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
