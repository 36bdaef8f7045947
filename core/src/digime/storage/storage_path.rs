//! Where a file stands in a storage: inside the application's own folder, whatever the application was told to ask for.

use url::Url;

use crate::Error;
use crate::digime::Client;
use crate::error::Invalid;
use crate::http::{can_be_segment, segment};

/// What errors call a request to the storage.
pub(in crate::digime) const PATTERN: &str = "clouds/{storageId}/files/apps/{applicationId}/…";

/// A path below the application's folder.
pub(in crate::digime) struct StoragePath {
    segments: Vec<String>,
    is_folder: bool,
}

impl StoragePath {
    /// From what the application gave as the option `option`. A slash at the begin may be left out; one at the end means a folder.
    pub(in crate::digime) fn parse(path: &str, option: &'static str) -> Result<Self, Error> {
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
        if segments.iter().any(|part| !can_be_segment(part)) {
            return invalid("must not have empty parts, \".\" or \"..\"");
        }
        Ok(Self {
            segments: segments.into_iter().map(str::to_owned).collect(),
            is_folder,
        })
    }

    /// The same as a folder.
    pub(in crate::digime) fn folder(mut self) -> Self {
        self.is_folder = true;
        self
    }

    /// The file of that name inside this folder.
    pub(in crate::digime) fn file(
        mut self,
        name: &str,
        option: &'static str,
    ) -> Result<Self, Error> {
        if !can_be_segment(name) || name.contains('/') {
            return Err(Invalid::new(option, "must be the name of a file, without \"/\"").into());
        }
        self.segments.push(name.to_owned());
        self.is_folder = false;
        Ok(self)
    }

    pub(in crate::digime) fn is_folder(&self) -> bool {
        self.is_folder
    }

    /// The address in the cloud.
    pub(in crate::digime) fn address(
        &self,
        client: &Client,
        storage_id: &str,
    ) -> Result<Url, Error> {
        if !can_be_segment(storage_id) {
            return Err(Invalid::new("options.storageId", "must be the id of a storage").into());
        }
        let application = segment(&client.settings().application_id);
        let mut path = format!("clouds/{}/files/apps/{application}", segment(storage_id));
        for part in &self.segments {
            path.push('/');
            path.extend(segment(part));
        }
        if self.is_folder {
            path.push('/');
        }
        client.settings().cloud(&path)
    }
}
