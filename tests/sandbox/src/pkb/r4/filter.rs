//! One condition of a search, and whether a resource meets it.

use serde_json::Value;

use crate::pkb::date_bound::DateBound;
use crate::pkb::fhir::Outcome;
use crate::pkb::r4::{Kind, Resource, parameters, token};

pub struct Filter {
    members: &'static [&'static str],
    wanted: Wanted,
}

enum Wanted {
    Date(DateBound),
    Reference(String),
    Token(String),
    /// A part of what is shown for a token.
    Text(String),
}

impl Filter {
    /// A parameter that is none of this type's is refused, as one with a modifier that it does not have.
    pub fn parse(kind: &str, name: &str, value: &str) -> Result<Self, Outcome> {
        let (name, modifier) = match name.split_once(':') {
            Some((name, modifier)) => (name, Some(modifier)),
            None => (name, None),
        };
        let parameter = parameters(kind)
            .find(|parameter| parameter.name == name)
            .ok_or_else(|| Outcome::invalid("Resources of this type are not searched by this"))?;
        let value_given = || value.to_owned();
        let wanted = match (parameter.kind, modifier) {
            (Kind::Date, None) => Wanted::Date(DateBound::parse(value)?),
            (Kind::Reference, None) => Wanted::Reference(value_given()),
            (Kind::Token, None) => Wanted::Token(value_given()),
            (Kind::Token, Some("text")) => Wanted::Text(value_given()),
            _ => return Err(Outcome::invalid("The parameter has no such modifier")),
        };
        Ok(Self {
            members: parameter.members,
            wanted,
        })
    }

    pub fn admits(&self, resource: &Resource) -> bool {
        self.members.iter().any(|member| {
            let value = &resource.value[*member];
            match &self.wanted {
                Wanted::Date(bound) => is_within(bound, value),
                Wanted::Reference(wanted) => resource.references(member).contains(&wanted.as_str()),
                Wanted::Token(wanted) => token::has(value, wanted),
                Wanted::Text(wanted) => token::is_shown_with(value, wanted),
            }
        })
    }
}

/// Of a date, or of a Period.
fn is_within(bound: &DateBound, value: &Value) -> bool {
    match value {
        Value::String(time) => bound.admits(time),
        Value::Object(_) => bound.admits_period(value["start"].as_str(), value["end"].as_str()),
        _ => false,
    }
}
