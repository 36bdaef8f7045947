//! A message's words: what the SDK says itself, in which names of options and calls are spelled as a language does, apart from what others
//! gave, which is shown as it is, but for what must not reach a terminal or a log.

use std::fmt;

use super::shown;
use crate::binding::Dialect;

/// Words of the SDK's own, and among them what an application or a platform gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Own(&'static str),
    Given(String),
}

impl Words {
    /// Goes on with words of the SDK's own.
    #[must_use]
    pub(crate) fn own(mut self, words: &'static str) -> Self {
        self.0.push(Piece::Own(words));
        self
    }

    /// Goes on with what is nobody's name for anything: a key of a map, an id, a text of somebody else's.
    #[must_use]
    pub(crate) fn given(mut self, text: &str) -> Self {
        self.0.push(Piece::Given(shown(text)));
        self
    }

    /// Goes on with other words.
    #[must_use]
    pub(crate) fn and(mut self, words: Self) -> Self {
        self.0.extend(words.0);
        self
    }

    /// As an application of this language reads them.
    #[must_use]
    pub fn spelled(&self, dialect: Dialect) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Own(words) => dialect.spell_names(words),
            Piece::Given(text) => text.clone(),
        });
        pieces.collect()
    }
}

impl From<&'static str> for Words {
    fn from(words: &'static str) -> Self {
        Self::default().own(words)
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self::default().given(&text)
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spelled(Dialect::JavaScript))
    }
}

impl PartialEq<str> for Words {
    fn eq(&self, other: &str) -> bool {
        self.spelled(Dialect::JavaScript) == *other
    }
}

impl PartialEq<&str> for Words {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}
