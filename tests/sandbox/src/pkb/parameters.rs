//! Parameters as OAuth has them (RFC 6749 section 3.1): none is there twice, and an empty one is none.

use std::borrow::Cow;

use url::form_urlencoded;

/// The parameters of an address or of a form.
pub struct Parameters<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

/// A parameter is there twice.
pub struct Repeated;

impl<'a> Parameters<'a> {
    pub fn parse(encoded: &'a [u8]) -> Result<Self, Repeated> {
        let mut parameters: Vec<(Cow<'a, str>, Cow<'a, str>)> = Vec::new();
        for (name, value) in form_urlencoded::parse(encoded) {
            if parameters.iter().any(|(known, _)| *known == name) {
                return Err(Repeated);
            }
            parameters.push((name, value));
        }
        Ok(Self(parameters))
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_ref())
    }
}
