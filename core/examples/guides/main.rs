//! Runs what the guides show, each by its name, for the person in `PERSON`, as the tests of the documentation do.

mod events;
mod provider_data;
mod push;
mod read;
#[expect(clippy::disallowed_methods, reason = "it is what an application does")]
mod sandbox;
mod storage;
mod transport;
#[expect(clippy::disallowed_methods, reason = "it is what an application does")]
mod web_app;

use std::env;
use std::error::Error;

use digime_sdk::digime::{Callback, Client, Config, FileData, TokenHook, UserAccessToken};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::new(Config::new(env::var("DIGIME_APPLICATION_ID")?.parse()?))?;
    let person: Value = serde_json::from_str(&env::var("PERSON")?)?;
    let store_token = TokenHook::new(|_| async { Ok(()) });
    match env::args().nth(1).as_deref() {
        Some("events") => events::watch().await,
        Some("provider_data") => {
            let bundle = r#"{"resourceType":"Bundle","type":"batch","entry":[]}"#;
            let problems = provider_data::problems(&client, bundle.parse()?).await?;
            let account = person["accountId"].as_str().ok_or("no account")?;
            let token = token(&person, "pushToken")?;
            let sent =
                provider_data::send_if_sound(&client, bundle.parse()?, account.to_owned(), token);
            if sent.await? == problems && problems.iter().any(|each| each.rule == "bundle-entry") {
                Ok(())
            } else {
                Err("nothing was found".into())
            }
        }
        Some("push") => {
            let token = token(&person, "pushToken")?;
            push::push_letter(&client, b"%PDF".to_vec(), token, store_token).await
        }
        Some("read") => {
            let key = person["sessionKey"].as_str().ok_or("no session")?;
            let token = token(&person, "readToken")?;
            let store_file = Callback::new(|file: FileData| async move {
                println!("{}: {} bytes", file.file_name, file.file_data.0.len());
                Ok(())
            });
            let state = read::read_everything(&client, key, token, store_token, store_file).await?;
            if state == "completed" {
                Ok(())
            } else {
                Err(state.into())
            }
        }
        Some("sandbox") => sandbox::calls_are_answered().await,
        Some("storage") => storage::keep_notes(&client).await,
        Some("transport") => transport::a_withdrawn_consent_is_told().await,
        Some("web_app") => web_app::serve()
            .await
            .map_err(|error| -> Box<dyn Error> { error }),
        guide => Err(format!("no guide shows {guide:?}").into()),
    }
}

fn token(person: &Value, name: &str) -> serde_json::Result<UserAccessToken> {
    serde_json::from_value(person[name].clone())
}
