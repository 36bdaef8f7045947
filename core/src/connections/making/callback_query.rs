//! The parameters that a person comes back with, in the address that they come back to.

use url::Url;

use crate::NonEmptyString;
use crate::error::Invalid;

/// The query of a callback.
pub(crate) struct CallbackQuery(Url);

impl CallbackQuery {
    /// From the address as the application's server saw it: whole, or from its path or its query on.
    pub(crate) fn parse(address: &NonEmptyString) -> Result<Self, Invalid> {
        let unreadable = || Invalid::new("options.callbackUrl", "is not an address");
        // Only the query counts; a server behind a proxy may see another host than the person's browser did.
        let here = Url::parse("http://callback.invalid/").map_err(|_| unreadable())?;
        here.join(address).map(Self).map_err(|_| unreadable())
    }

    /// The first parameter of this name that is not empty.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = self.0.query_pairs();
        let found = pairs.find(|(key, value)| key == name && !value.is_empty());
        found.map(|(_, value)| value.into_owned())
    }
}
