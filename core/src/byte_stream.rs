//! The content of a file on its way to the application.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream;
#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use tokio::sync::{Mutex, mpsc};

use crate::Error;
use crate::binding::{self, LaterSteps, Value};

/// The content of a file as a stream of chunks, read as fast as the application takes them. Dropping it ends the download.
#[derive(Clone)]
pub struct ByteStream {
    arriving: Arc<Mutex<Arriving>>,
    later: LaterSteps,
}

struct Arriving {
    chunks: mpsc::Receiver<Result<Bytes, Error>>,
    /// What the chunks that were handed out together ended with.
    failure: Option<Error>,
}

impl ByteStream {
    pub(crate) fn new(chunks: mpsc::Receiver<Result<Bytes, Error>>, later: LaterSteps) -> Self {
        let arriving = Arriving {
            chunks,
            failure: None,
        };
        Self {
            arriving: Arc::new(Mutex::new(arriving)),
            later,
        }
    }

    /// What a binding hands on of the events of this stream.
    #[must_use]
    pub fn later_steps(&self) -> LaterSteps {
        self.later.clone()
    }

    /// The next chunk, or none at the end. After an error there is no further chunk.
    pub async fn next(&self) -> Option<Result<Bytes, Error>> {
        let mut arriving = self.arriving.lock().await;
        match arriving.failure.take() {
            Some(failure) => Some(Err(failure)),
            None => arriving.chunks.recv().await,
        }
    }

    /// The next chunks: all that have come, or the first to come. None at the end; after an error there is no further chunk.
    pub async fn next_chunks(&self) -> Result<Vec<Bytes>, Error> {
        let mut arriving = self.arriving.lock().await;
        if let Some(failure) = arriving.failure.take() {
            return Err(failure);
        }
        let mut arrived = Vec::new();
        arriving.chunks.recv_many(&mut arrived, usize::MAX).await;
        let mut chunks = Vec::with_capacity(arrived.len());
        for chunk in arrived {
            match chunk {
                Ok(chunk) => chunks.push(chunk),
                Err(failure) if chunks.is_empty() => return Err(failure),
                Err(failure) => arriving.failure = Some(failure),
            }
        }
        Ok(chunks)
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
        binding::serialize_leaf(serializer, Value::Output(self.clone()))
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for ByteStream {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ByteStream".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "x-host": "byteStream" })
    }

    fn inline_schema() -> bool {
        true
    }
}
