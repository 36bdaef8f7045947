//! Where a call points to: a storage, and a file or folder in the application's own part of it.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::Deserialize;

use crate::cloud::bearer;
use crate::cloud::error::CloudError;
use crate::state::Platform;

/// A place that the caller may use.
pub struct Place {
    pub storage_id: String,
    /// Begins with a slash.
    pub path: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    storage_id: String,
    application_id: String,
    /// Nothing for the whole folder of the application.
    #[serde(default)]
    path: String,
}

impl Place {
    /// A path that ends with a slash names a folder.
    pub fn is_folder(&self) -> bool {
        self.path.ends_with('/')
    }
}

impl FromRequestParts<Arc<Platform>> for Place {
    type Rejection = CloudError;

    async fn from_request_parts(
        parts: &mut Parts,
        platform: &Arc<Platform>,
    ) -> Result<Self, CloudError> {
        bearer::check(platform, &parts.headers)?;
        let Path(named) = Path::<Named>::from_request_parts(parts, platform)
            .await
            .map_err(|_| CloudError::bad_request("The path is not UTF-8"))?;
        if named.application_id != platform.config.application_id {
            return Err(CloudError::forbidden());
        }
        let inner = named.path.strip_suffix('/').unwrap_or(&named.path);
        if !named.path.is_empty() && !inner.split('/').all(is_name) {
            return Err(CloudError::bad_request(
                "The path must not have empty parts, \".\", \"..\" or blanks",
            ));
        }
        if platform.memory().storages.get(&named.storage_id).is_none() {
            return Err(CloudError::not_found("There is no such storage"));
        }
        Ok(Self {
            storage_id: named.storage_id,
            path: format!("/{}", named.path),
        })
    }
}

fn is_name(part: &str) -> bool {
    !matches!(part, "" | "." | "..") && !part.contains(char::is_whitespace)
}
