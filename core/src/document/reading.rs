//! Reading JSON as a type, and the place of what does not fit.

use std::cell::RefCell;
use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer};

use super::Document;
use super::objects_alone::ObjectsAlone;

thread_local! {
    /// Where in a part that was read by itself something does not fit: the error on its way out has no room for it.
    static INSIDE: RefCell<Option<Place>> = const { RefCell::new(None) };
}

/// A place in a document; none is the document itself. It reads ` at entry[3].id`.
#[derive(Debug, Default)]
pub(crate) struct Place(String);

impl Place {
    fn of(path: &serde_path_to_error::Path) -> Self {
        Self(path.iter().fold(String::new(), |place, segment| {
            let dot = if place.is_empty() { "" } else { "." };
            match segment {
                serde_path_to_error::Segment::Seq { index } => format!("{place}[{index}]"),
                serde_path_to_error::Segment::Map { key } => format!("{place}{dot}{key}"),
                serde_path_to_error::Segment::Enum { .. }
                | serde_path_to_error::Segment::Unknown => place,
            }
        }))
    }

    fn and(&self, inside: &Self) -> Self {
        let dot = if self.0.is_empty() || inside.0.is_empty() || inside.0.starts_with('[') {
            ""
        } else {
            "."
        };
        Self(format!("{}{dot}{}", self.0, inside.0))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_str() {
            "" => Ok(()),
            place => write!(f, " at {place}"),
        }
    }
}

/// Reads JSON as `T`, or says where it does not fit.
pub(crate) fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Place> {
    INSIDE.take();
    let mut reader = serde_json::Deserializer::from_slice(json);
    serde_path_to_error::deserialize(ObjectsAlone(&mut reader))
        .map_err(|error| Place::of(error.path()).and(&INSIDE.take().unwrap_or_default()))
}

/// A member of an answer that nobody needs to understand: none where it is not what platforms are known to say, and handed on all the same.
pub(crate) fn if_understood<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(Document::deserialize(deserializer)?.parse().ok())
}

/// Reads a part of what is being read; its place is told with that of the part.
pub(super) fn read_part<T: DeserializeOwned, E: serde::de::Error>(json: &str) -> Result<T, E> {
    read(json.as_bytes()).map_err(|place| {
        INSIDE.set(Some(place));
        E::custom("a part does not fit")
    })
}
