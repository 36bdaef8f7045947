//! A file of a library as a session hands it out.

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use crate::compression::Compression;
use crate::library::document::{Document, Schema};
use crate::sources::Source;
use crate::state::{Account, Pushed};

/// Its content is not made before it is asked for.
#[derive(Clone)]
pub struct File {
    pub name: String,
    /// The account that it was fetched through.
    pub account_id: Option<String>,
    /// In milliseconds.
    pub updated_at: u64,
    pub metadata: Metadata,
    pub compression: Option<Compression>,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Made(&'static Document),
    Kept(Bytes),
}

/// What is told of a file.
#[derive(Clone, Serialize)]
#[serde(untagged)]
pub enum Metadata {
    Mapped(Mapped),
    Raw(Raw),
}

/// Of one that a source filled.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mapped {
    object_count: usize,
    object_type: &'static str,
    service_group: String,
    service_name: String,
    schema: Schema,
}

/// Of one that an application pushed: what it said itself, under the platform's lower-case names.
#[derive(Clone, Serialize)]
pub struct Raw {
    mimetype: String,
    accounts: Vec<RawAccount>,
    contractid: String,
    /// In milliseconds.
    created: u64,
    #[serde(skip_serializing_if = "Value::is_null")]
    reference: Value,
    #[serde(skip_serializing_if = "Value::is_null")]
    tags: Value,
}

#[derive(Clone, Serialize)]
struct RawAccount {
    accountid: String,
}

impl File {
    pub fn mapped(document: &'static Document, account: &Account, source: &Source) -> Self {
        let object_type = document.object_type.to_lowercase().replace(' ', "-");
        Self {
            name: format!("{}_{object_type}.json", account.id),
            account_id: Some(account.id.clone()),
            updated_at: account.updated_date,
            metadata: Metadata::Mapped(Mapped {
                object_count: document.count,
                object_type: document.object_type,
                service_group: source.service_group.name.clone(),
                service_name: source.service_type.name.clone(),
                schema: document.schema,
            }),
            compression: document.compression,
            content: Content::Made(document),
        }
    }

    pub fn raw(pushed: &Pushed, descriptor: &Value) -> Self {
        let accounts = descriptor["accounts"].as_array().into_iter().flatten();
        Self {
            name: format!("raw_{}", pushed.id),
            account_id: None,
            updated_at: pushed.received_at,
            metadata: Metadata::Raw(Raw {
                mimetype: pushed.mime_type.clone(),
                accounts: accounts
                    .filter_map(|account| account["accountId"].as_str())
                    .map(|id| RawAccount {
                        accountid: id.to_owned(),
                    })
                    .collect(),
                contractid: pushed.contract_id.clone(),
                created: pushed.received_at,
                reference: descriptor["reference"].clone(),
                tags: descriptor["tags"].clone(),
            }),
            compression: None,
            content: Content::Kept(pushed.content.clone()),
        }
    }

    pub fn content(&self) -> Bytes {
        match &self.content {
            Content::Made(document) => document.content(),
            Content::Kept(bytes) => bytes.clone(),
        }
    }
}
