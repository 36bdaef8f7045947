//! What a test does with a user who is linked, `user-1`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use digime_sdk::connections::LinkStatus;
use digime_sdk::pkb::{
    Client, Failure, FhirReadOptions, GetAccessTokenOptions, GetLinkOptions, Link,
};
use digime_sdk::{Callback, Error};

use super::sandbox::{BOBBY, Pkb};

/// Reads the patient's own record, which needs a token that serves.
pub async fn read(pkb: &Pkb, client: &Client) -> Result<(), Error> {
    let options = FhirReadOptions::builder()
        .app_user_id("user-1".parse().unwrap())
        .resource_type("Patient".parse().unwrap())
        .id(pkb.public_id(BOBBY).parse().unwrap());
    client.fhir_read(options.build()).await.map(drop)
}

pub async fn token(client: &Client) -> Result<String, Error> {
    let options = GetAccessTokenOptions::builder().app_user_id("user-1".parse().unwrap());
    let token = client.get_access_token(options.build()).await?;
    Ok(token.access_token.expose().clone())
}

pub async fn status(client: &Client) -> LinkStatus {
    let options = GetLinkOptions::builder().app_user_id("user-1".parse().unwrap());
    client
        .get_link(options.build())
        .await
        .unwrap()
        .unwrap()
        .status
}

pub fn end_of_link(error: &Error) -> Option<&str> {
    match Failure::of(error) {
        Some(Failure::LinkExpired { reason }) => Some(reason),
        _ => None,
    }
}

pub fn expired_links() -> (Callback<Link>, Arc<AtomicU32>) {
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    let told = Callback::new(move |link: Link| {
        assert_eq!(link.status, LinkStatus::Expired);
        counted.fetch_add(1, Ordering::SeqCst);
        async { Ok(()) }
    });
    (told, count)
}
