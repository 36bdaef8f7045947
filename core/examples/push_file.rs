//! Asks a person for their consent, and pushes a file into their library.

use std::env;
use std::io::{self, Write};

use digime_sdk::digime::{
    Client, Config, ContractDetails, ExchangeCodeForTokenOptions, FileDescriptor,
    FileDescriptorAccount, GetAuthorizeUrlOptions, PushDataOptions, PushDataToLibraryOptions,
    PushedFile,
};
use url::Url;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::new(Config::new(env::var("DIGIME_APPLICATION_ID")?.parse()?))?;
    let contract = ContractDetails::new(
        env::var("DIGIME_CONTRACT_ID")?.parse()?,
        env::var("DIGIME_PRIVATE_KEY")?.parse()?,
    );

    let state = format!("{:032x}", rand::random::<u128>());
    let options = GetAuthorizeUrlOptions::builder()
        .contract_details(contract.clone())
        .callback("http://127.0.0.1/return".parse()?)
        .state(state.clone())
        .build();
    let authorization = client.get_authorize_url(options).await?;
    println!("open {}", authorization.url.expose());

    print!("the address that you came back to: ");
    io::stdout().flush()?;
    let callback = io::stdin().lines().next().ok_or("nobody came back")??;
    let callback = Url::parse(&callback)?;
    let parameter = |name: &str| {
        let mut pairs = callback.query_pairs();
        pairs
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    if parameter("state").as_deref() != Some(&state) {
        return Err("that is somebody else's way back, or not the whole address".into());
    }
    if parameter("success").as_deref() != Some("true") {
        return Err(format!("no consent: {:?}", parameter("errorCode")).into());
    }

    let options = ExchangeCodeForTokenOptions::builder()
        .contract_details(contract.clone())
        .code_verifier(authorization.code_verifier.expose().parse()?)
        .authorization_code(parameter("code").ok_or("no code")?.parse()?)
        .build();
    let token = client.exchange_code_for_token(options).await?;

    let account = FileDescriptorAccount {
        account_id: "1".to_owned(),
    };
    let options = PushDataToLibraryOptions::builder()
        .contract_details(contract)
        .user_access_token(token)
        .data(PushedFile {
            file_data: "Hello, library".into(),
            file_name: "hello.txt".parse()?,
            file_descriptor: FileDescriptor {
                mime_type: "text/plain".to_owned(),
                accounts: vec![account.into()],
                reference: Some(vec!["hello.txt".to_owned()]),
                tags: None,
            }
            .into(),
        })
        .build();
    client.push_data(PushDataOptions::Library(options)).await?;
    println!("pushed");
    Ok(())
}
