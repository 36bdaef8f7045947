//! `GET permission-access/contract`: what the platform knows of the contract.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::clock::{self, DAY_MS};
use crate::contract::Access;
use crate::error::ApiError;
use crate::keys;
use crate::signed::Signed;
use crate::state::Platform;

pub async fn contract(
    State(platform): State<Arc<Platform>>,
    Signed { contract, .. }: Signed,
) -> Result<Json<Value>, ApiError> {
    let access_type = match contract.access {
        Access::Push => "w",
        Access::Read => "r",
    };
    // The sandbox issues no certificates: the key alone is told.
    let certificate = keys::public_pem(contract.public_key())
        .map_err(|_| ApiError::internal("The contract's key cannot be written"))?;
    Ok(Json(json!({
        "accessType": access_type,
        "application": {
            "id": platform.config.application_id,
            "name": "Sandbox application",
            "resources": {},
            "status": 1,
        },
        "certificate": certificate,
        "certificateContractSchemaVersion": "5.0.0",
        "expirationDate": clock::now_ms() + 365 * DAY_MS,
        "id": contract.id,
        "partnerId": "sandbox",
        "type": "contract",
    })))
}
