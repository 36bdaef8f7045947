//! Links a patient to their PKB record, and reads who they are and what they measured.

use std::env;
use std::io::{self, Write};

use digime_sdk::pkb::{
    Client, CompleteLinkOptions, Config, Environment, FhirSearchOptions, GetCurrentUserOptions,
    GetLinkUrlOptions, Store,
};
use digime_sdk::{NonEmptyString, Secret};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::builder()
        .client_id(env::var("PKB_CLIENT_ID")?.parse()?)
        .redirect_uri(env::var("PKB_REDIRECT_URI")?.parse()?)
        .environment(Environment::Sandbox)
        .store(Store::from("links.db"))
        .encryption_key(Secret::from(env::var("PKB_ENCRYPTION_KEY")?))
        .build();
    let client = Client::new(config)?;
    let user: NonEmptyString = "user-1".parse()?;

    let sent = GetLinkUrlOptions::builder()
        .app_user_id(user.clone())
        .build();
    let sent = client.get_link_url(sent).await?;
    println!("send the patient to {}", sent.url.expose());

    print!("the address that they came back to: ");
    io::stdout().flush()?;
    let callback = io::stdin()
        .lines()
        .next()
        .ok_or("they did not come back")??;
    let callback = CompleteLinkOptions::builder()
        .callback_url(callback.parse()?)
        .app_user_id(user.clone())
        .build();
    let link = client.complete_link(callback).await?;

    let who = GetCurrentUserOptions::builder()
        .app_user_id(user.clone())
        .build();
    let patient = client.get_current_user(who).await?;
    println!("linked to {}", patient.first_name.unwrap_or_default());

    let parameters = [
        ("patient", link.public_id.as_str()),
        ("category", "vital-signs"),
    ];
    let search = FhirSearchOptions::builder()
        .app_user_id(user)
        .resource_type("Observation".parse()?)
        .parameters(parameters.into_iter().collect())
        .build();
    let (mut pages, mut observations) = (client.search(search)?, 0);
    while let Some(page) = pages.next().await? {
        observations += page
            .member("entry")
            .and_then(|entries| entries.items())
            .map_or(0, |entries| entries.len());
    }
    println!("{observations} observations");
    Ok(())
}
