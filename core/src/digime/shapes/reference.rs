//! A reference that stands for an id in the address of a page, so that the id is not seen there.

use serde::Deserialize;
use serde_json::json;

use crate::digime::{Client, Contract};

use crate::Error;

#[derive(Deserialize)]
struct Reference {
    id: String,
}

/// A reference to `value`, an id of the kind `kind` (`cloudId`, `accountId`).
pub(in crate::digime) async fn reference(
    client: &Client,
    contract: &Contract,
    kind: &str,
    value: &str,
) -> Result<String, Error> {
    let body = json!({ "type": kind, "value": value });
    let request = client
        .post("reference")?
        .signed(contract, json!({}))
        .accept_json()
        .json(&body)?;
    let reference: Reference = client.send(request).await?.json()?;
    Ok(reference.id)
}
