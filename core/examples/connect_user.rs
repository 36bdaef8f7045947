//! Connects a user to their digi.me library, and reads the files of the session that starts with it.

use std::env;
use std::io::{self, Write};

use digime_sdk::NonEmptyString;
use digime_sdk::digime::{
    Callback, Client, CompleteConnectOptions, Config, ContractDetails, FileData,
    GetConnectUrlOptions, ReadAllFilesOptions, Store,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut config = Config::new(env::var("DIGIME_APPLICATION_ID")?.parse()?);
    config.store = Some(Store::from("connections.db"));
    config.encryption_key = Some(env::var("DIGIME_ENCRYPTION_KEY")?.into());
    let client = Client::new(config)?;
    let contract = ContractDetails::new(
        env::var("DIGIME_READ_CONTRACT_ID")?.parse()?,
        env::var("DIGIME_READ_PRIVATE_KEY")?.parse()?,
    );
    let user: NonEmptyString = "user-1".parse()?;

    let sent = GetConnectUrlOptions::builder()
        .app_user_id(user.clone())
        .contract_details(contract.clone())
        .callback("http://127.0.0.1/return".parse()?)
        .build();
    let sent = client.get_connect_url(sent).await?;
    println!("send the person to {}", sent.url.expose());

    print!("the address that they came back to: ");
    io::stdout().flush()?;
    let callback = io::stdin()
        .lines()
        .next()
        .ok_or("they did not come back")??;
    let callback = CompleteConnectOptions::builder()
        .contract_details(contract.clone())
        .callback_url(callback.parse()?)
        .app_user_id(user.clone())
        .build();
    let connected = client.complete_connect(callback).await?;
    println!("connected under {}", connected.connection.contract_id);

    let session = connected.session.ok_or("no session has begun")?;
    let on_file_data = Callback::new(|file: FileData| async move {
        println!("{} {}", file.file_name, file.file_data.0.len());
        Ok(())
    });
    let reading = ReadAllFilesOptions::builder()
        .session_key(session.key.expose().parse()?)
        .contract_id(contract.contract_id)
        .private_key(contract.private_key)
        .app_user_id(user)
        .on_file_data(on_file_data)
        .build();
    println!("{}", client.read_all_files(reading).await?.status.state);
    Ok(())
}
