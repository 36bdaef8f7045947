//! A reference that stands for an id in the address of a page, so that the id is not seen there.

use serde::Deserialize;
use serde_json::json;

use super::Contract;
use crate::request::{Request, send};
use crate::{Client, Error};

#[derive(Deserialize)]
struct Reference {
    id: String,
}

/// A reference to `value`, an id of the kind `kind` (`cloudId`, `accountId`).
pub(super) async fn reference(
    client: &Client,
    contract: &Contract,
    kind: &str,
    value: &str,
) -> Result<String, Error> {
    let body = json!({ "type": kind, "value": value });
    let request = Request::post(client, "reference")?
        .signed(contract, json!({}))
        .accept_json()
        .json(&body)?;
    let reference: Reference = send(client, request).await?.json()?;
    Ok(reference.id)
}
