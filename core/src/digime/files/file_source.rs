//! The content of a file that an application gives: bytes, or a stream of them.

use std::fmt;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer};

use crate::Error;
use crate::binding::{self, Leaf};
use crate::http::ByteSource;

/// The content of a file, whole or as a stream that is read while it is sent.
pub struct FileSource(ByteSource);

impl FileSource {
    /// A stream of chunks, read once, as fast as the platform takes it.
    pub fn stream<S, E>(chunks: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: fmt::Display,
    {
        let chunks = chunks.map(|chunk| {
            chunk.map_err(|error| Error::sdk(format!("the stream of the file failed: {error}")))
        });
        Self(ByteSource::Stream(chunks.boxed()))
    }

    pub(crate) fn into_source(self) -> ByteSource {
        self.0
    }
}

impl<B: Into<Bytes>> From<B> for FileSource {
    fn from(bytes: B) -> Self {
        Self(ByteSource::Bytes(bytes.into()))
    }
}

impl<'de> Deserialize<'de> for FileSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match binding::leaf(deserializer)?
            .into_source()
            .map_err(de::Error::custom)?
        {
            Leaf::Bytes(bytes) => Ok(bytes.into()),
            Leaf::Kept(bytes) => Ok(Self(ByteSource::Kept(Box::new(bytes)))),
            Leaf::Stream(source) => {
                let chunks = stream::try_unfold(source, |mut source| async move {
                    Ok(source.read().await?.map(|chunk| (chunk, source)))
                });
                Ok(Self(ByteSource::Stream(chunks.boxed())))
            }
        }
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for FileSource {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FileSource".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "x-host": "fileData" })
    }

    fn inline_schema() -> bool {
        true
    }
}

/// Files are people's own: only the kind of the data is shown.
impl fmt::Debug for FileSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            ByteSource::Bytes(_) | ByteSource::Kept(_) => "FileSource(bytes)",
            ByteSource::Stream(_) => "FileSource(stream)",
        })
    }
}
