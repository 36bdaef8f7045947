//! A file of a session: how it is asked for, what its headers say of it, and how its content is opened.

use std::io::Read;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::crypto::envelope::Opened;
use crate::digime::Authorized;
use crate::digime::Contract;
use crate::digime::files::compression::{Bounds, Compression, Inflated};
use crate::http::{Request, Response};
use crate::{Described, Error};

/// What is known of a file: of one that the platform has understood, how many objects of which kind it holds; of one that an
/// application pushed, what the application said of it. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct FileMetadata {
    /// How many objects are in it.
    pub object_count: Option<i64>,
    /// What kind of objects.
    pub object_type: Option<String>,
    /// The group of its service.
    pub service_group: Option<String>,
    /// Its service.
    pub service_name: Option<String>,
    /// The media type of a file that was pushed.
    pub mimetype: Option<String>,
}

/// What the header `x-metadata` of a session's file holds.
#[derive(Deserialize)]
struct Header {
    metadata: Described<FileMetadata>,
    compression: Option<String>,
}

/// What that header may say of any file.
#[derive(Deserialize)]
struct Sized {
    size: Option<u64>,
}

/// What the headers of a file say of it.
pub(in crate::digime) struct FileHead {
    pub metadata: Described<FileMetadata>,
    pub last_modified: Option<String>,
    compression: Option<String>,
}

impl FileHead {
    pub(in crate::digime) fn of(response: &Response) -> Result<Self, Error> {
        let described: Option<Header> = described(response);
        let Header {
            metadata,
            compression,
        } = described.ok_or_else(|| {
            response.unexpected("has no metadata that can be read (header x-metadata)")
        })?;
        let last_modified = response.header("last-modified").map(str::to_owned);
        Ok(Self {
            metadata,
            last_modified,
            compression,
        })
    }

    /// How the content is made from the encrypted bytes.
    pub(in crate::digime) fn opener<R: Read>(
        &self,
        contract: &Contract,
        bounds: Bounds,
    ) -> Result<impl FnOnce(R) -> Result<Inflated<Opened<R>>, Error> + use<R>, Error> {
        let compression = Compression::named(self.compression.as_deref())?;
        let key = contract.shared_key();
        Ok(move |sealed| {
            let opened = Opened::new(sealed, key);
            let counter = opened.counter();
            Ok(Inflated::new(opened, compression, bounds, counter))
        })
    }
}

/// How many bytes a file has when it is opened, if the platform says so.
pub(in crate::digime) fn size(response: &Response) -> Option<u64> {
    described::<Sized>(response)?.size
}

fn described<T: DeserializeOwned>(response: &Response) -> Option<T> {
    /// base64url as the platform documents it, or the other alphabet, with padding or without.
    const TOLERANT: GeneralPurpose = GeneralPurpose::new(
        &alphabet::URL_SAFE,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let header = response.header("x-metadata")?;
    let json = TOLERANT
        .decode(header.replace('+', "-").replace('/', "_"))
        .ok()?;
    serde_json::from_slice(&json).ok()
}

/// A request for a file, or with HEAD for what is known of it.
pub(in crate::digime) fn request(
    user: &Authorized<'_>,
    head: bool,
    session_key: &str,
    file_name: &str,
) -> Result<Request, Error> {
    let pattern = "permission-access/query/{sessionKey}/{fileName}";
    let request = if head {
        user.client().head(pattern)?
    } else {
        user.client().get(pattern)?
    };
    Ok(request
        .segment(session_key, "options.sessionKey")?
        .segment(file_name, "options.fileName")?
        .signed(user.contract(), json!({}))
        .accept(if head {
            "application/json"
        } else {
            "application/octet-stream"
        }))
}
