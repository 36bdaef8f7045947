//! The content of a file on its way to the application.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use tokio::sync::Mutex;

use crate::Error;
use crate::dynamic::{self, Value};

/// The content of a file as a stream of chunks, read as fast as the application takes them. Dropping it ends the download.
#[derive(Clone)]
pub struct ByteStream(Arc<Mutex<BoxStream<'static, Result<Bytes, Error>>>>);

impl ByteStream {
    pub(crate) fn new(chunks: impl Stream<Item = Result<Bytes, Error>> + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(chunks.fuse().boxed())))
    }

    /// The next chunk, or none at the end. After an error there is no further chunk.
    pub async fn next(&self) -> Option<Result<Bytes, Error>> {
        self.0.lock().await.next().await
    }

    /// The chunks as a `futures` stream.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Error>> + Send {
        stream::unfold(self, |stream| async move {
            stream.next().await.map(|chunk| (chunk, stream))
        })
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByteStream")
    }
}

impl Serialize for ByteStream {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        dynamic::serialize_leaf(serializer, Value::Output(self.clone()))
    }
}

impl JsonSchema for ByteStream {
    fn schema_name() -> Cow<'static, str> {
        "ByteStream".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "x-host": "byteStream" })
    }

    fn inline_schema() -> bool {
        true
    }
}
