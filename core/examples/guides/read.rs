//! Reads all files of a session.

use std::env;
use std::error::Error;

use digime_sdk::digime::{
    Callback, Client, FileData, FileError, ReadAllFilesOptions, TokenHook, UserAccessToken,
};

pub async fn read_everything(
    client: &Client,
    session_key: &str,
    token: UserAccessToken,
    store_token: TokenHook,
    store_file: Callback<FileData>,
) -> Result<String, Box<dyn Error>> {
    let on_file_error = Callback::new(|failed: FileError| async move {
        eprintln!("{} cannot be read: {}", failed.file_name, failed.error.0);
        Ok(())
    });
    let options = ReadAllFilesOptions::builder()
        .session_key(session_key.parse()?)
        .contract_id(env::var("DIGIME_READ_CONTRACT_ID")?.parse()?)
        .private_key(env::var("DIGIME_READ_PRIVATE_KEY")?.parse()?)
        .user_access_token(token)
        .on_file_data(store_file)
        .on_file_error(on_file_error)
        .on_access_token_change(store_token)
        .build();
    let status = client.read_all_files(options).await?.status;
    if status.state == "partial" {
        eprintln!("some sources failed: {:?}", status.member("details"));
    }
    Ok(status.state.clone()) // "completed" or "partial"
}
