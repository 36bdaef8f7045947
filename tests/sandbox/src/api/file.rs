//! `GET` and `HEAD permission-access/query/{sessionKey}/{fileName}`: a file of a session, and what is told of it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, LAST_MODIFIED};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use crate::contract::Access;
use crate::error::ApiError;
use crate::library::File;
use crate::signed::SignedForUser;
use crate::state::Platform;
use crate::{clock, encryption};

const X_METADATA: HeaderName = HeaderName::from_static("x-metadata");
const OCTET_STREAM: &str = "application/octet-stream";

pub async fn read(
    State(platform): State<Arc<Platform>>,
    caller: SignedForUser,
    Path((key, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<(HeaderMap, Bytes), ApiError> {
    check_accept(&headers)?;
    let file = find(&platform, &caller, &key, &name)?;
    let content = file.content();
    let compressed = match file.compression {
        None => content,
        Some(compression) => compression
            .apply(&content)
            .map_err(|_| ApiError::internal("The file cannot be compressed"))?
            .into(),
    };
    let locked = encryption::lock(&compressed, caller.contract.public_key())
        .map_err(|_| ApiError::internal("The contract's key cannot lock the file"))?;
    let mut headers = told(&file)?;
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(OCTET_STREAM));
    Ok((headers, locked.into()))
}

pub async fn head(
    State(platform): State<Arc<Platform>>,
    caller: SignedForUser,
    Path((key, name)): Path<(String, String)>,
) -> Result<HeaderMap, ApiError> {
    told(&find(&platform, &caller, &key, &name)?)
}

fn check_accept(headers: &HeaderMap) -> Result<(), ApiError> {
    let admits = |accept: &HeaderValue| {
        let accept = accept.to_str().unwrap_or_default();
        accept.contains(OCTET_STREAM) || accept.contains("*/*")
    };
    if headers.get(ACCEPT).is_none_or(admits) {
        Ok(())
    } else {
        Err(ApiError::not_acceptable(format!(
            "The header Accept must admit {OCTET_STREAM}"
        )))
    }
}

/// A file is there from the moment that the list names it.
fn find(
    platform: &Platform,
    caller: &SignedForUser,
    key: &str,
    name: &str,
) -> Result<File, ApiError> {
    caller.must_be(Access::Read)?;
    let mut memory = platform.memory();
    let session = memory
        .sessions
        .get(
            key,
            &caller.contract.id,
            &caller.grant.user_id,
            clock::now_ms(),
        )
        .ok_or_else(ApiError::session_invalid)?;
    session
        .listed()
        .iter()
        .find(|file| file.name == name)
        .cloned()
        .ok_or_else(ApiError::file_not_found)
}

fn told(file: &File) -> Result<HeaderMap, ApiError> {
    let mut described = json!({ "metadata": file.metadata });
    if let Some(compression) = file.compression {
        described["compression"] = json!(compression);
    }
    let described = URL_SAFE_NO_PAD.encode(described.to_string());
    let value = |text: &str| {
        HeaderValue::from_str(text)
            .map_err(|_| ApiError::internal("The file's metadata does not fit into a header"))
    };
    Ok(HeaderMap::from_iter([
        (X_METADATA, value(&described)?),
        (LAST_MODIFIED, value(&clock::readable(file.updated_at))?),
    ]))
}
