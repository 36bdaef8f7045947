//! Pushes a letter into a person's library.

use std::env;
use std::error::Error;

use digime_sdk::digime::{
    Client, ContractDetails, FileDescriptor, FileDescriptorAccount, PushDataOptions,
    PushDataToLibraryOptions, PushedFile, TokenHook, UserAccessToken,
};

pub async fn push_letter(
    client: &Client,
    letter: Vec<u8>,
    token: UserAccessToken,
    store: TokenHook,
) -> Result<(), Box<dyn Error>> {
    let contract = ContractDetails::new(
        env::var("DIGIME_CONTRACT_ID")?.parse()?,
        env::var("DIGIME_PRIVATE_KEY")?.parse()?,
    );
    let account = FileDescriptorAccount {
        account_id: "1".to_owned(),
    };
    let options = PushDataToLibraryOptions::builder()
        .contract_details(contract)
        .user_access_token(token)
        .data(PushedFile {
            file_data: letter.into(),
            file_name: "letter.pdf".parse()?,
            file_descriptor: FileDescriptor {
                mime_type: "application/pdf".to_owned(),
                accounts: vec![account.into()],
                reference: Some(vec!["letter.pdf".to_owned()]),
                tags: Some(vec!["letters".to_owned()]),
            }
            .into(),
        })
        .on_access_token_change(store)
        .build();
    client.push_data(PushDataOptions::Library(options)).await?;
    Ok(())
}
