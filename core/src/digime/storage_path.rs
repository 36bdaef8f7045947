//! Where a file stands in a storage: inside the application's own folder, whatever the application was told to ask for.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::error::Invalid;
use crate::{Client, Error};

/// What errors call a request to the storage.
pub(super) const PATTERN: &str = "clouds/{storageId}/files/apps/{applicationId}/…";

/// What RFC 3986 section 2.3 calls unreserved.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A path below the application's folder.
pub(super) struct StoragePath {
    segments: Vec<String>,
    is_folder: bool,
}

impl StoragePath {
    /// From what the application gave as the option `option`. A slash at the begin may be left out; one at the end means a folder.
    pub(super) fn parse(path: &str, option: &str) -> Result<Self, Error> {
        let invalid = |reason| Err(Invalid::new(option, reason).into());
        let inner = path.strip_prefix('/').unwrap_or(path);
        if path.is_empty() {
            return invalid("must not be empty; \"/\" means the whole folder of the application");
        }
        if inner.is_empty() {
            return Ok(Self {
                segments: Vec::new(),
                is_folder: true,
            });
        }
        let is_folder = inner.ends_with('/');
        let segments: Vec<&str> = inner
            .strip_suffix('/')
            .unwrap_or(inner)
            .split('/')
            .collect();
        if segments
            .iter()
            .any(|segment| matches!(*segment, "" | "." | ".."))
        {
            return invalid("must not have empty parts, \".\" or \"..\"");
        }
        Ok(Self {
            segments: segments.into_iter().map(str::to_owned).collect(),
            is_folder,
        })
    }

    /// The same as a folder.
    pub(super) fn folder(mut self) -> Self {
        self.is_folder = true;
        self
    }

    /// The file of that name inside this folder.
    pub(super) fn file(mut self, name: &str, option: &str) -> Result<Self, Error> {
        if matches!(name, "" | "." | "..") || name.contains('/') {
            return Err(Invalid::new(option, "must be the name of a file, without \"/\"").into());
        }
        self.segments.push(name.to_owned());
        self.is_folder = false;
        Ok(self)
    }

    pub(super) fn is_folder(&self) -> bool {
        self.is_folder
    }

    /// The address in the cloud.
    pub(super) fn address(&self, client: &Client, storage_id: &str) -> Result<Url, Error> {
        if matches!(storage_id, "" | "." | "..") {
            return Err(Invalid::new("options.storageId", "must be the id of a storage").into());
        }
        let encoded = |text: &str| utf8_percent_encode(text, UNRESERVED).to_string();
        let application = encoded(&client.settings().application_id);
        let mut path = format!("clouds/{}/files/apps/{application}", encoded(storage_id));
        for segment in &self.segments {
            path.push('/');
            path.push_str(&encoded(segment));
        }
        if self.is_folder {
            path.push('/');
        }
        client.settings().cloud(&path)
    }
}
