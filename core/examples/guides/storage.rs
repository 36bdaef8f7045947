//! Keeps notes in a storage, and takes them away again.

use std::env;
use std::error::Error;

use digime_sdk::NonEmptyString;
use digime_sdk::digime::{
    Client, ContractDetails, CreateProvisionalStorageOptions, DeleteStorageFilesOptions,
    DownloadStorageFileOptions, ListStorageFilesOptions, UploadFileToStorageOptions,
};

pub async fn keep_notes(client: &Client) -> Result<(), Box<dyn Error>> {
    let contract = ContractDetails::new(
        env::var("DIGIME_CONTRACT_ID")?.parse()?,
        env::var("DIGIME_PRIVATE_KEY")?.parse()?,
    );
    let made = CreateProvisionalStorageOptions::builder()
        .contract_details(contract.clone())
        .build();
    let made = client.create_provisional_storage(made).await?;
    let storage_id: NonEmptyString = made.storage.id.parse()?;

    let file = UploadFileToStorageOptions::builder()
        .contract_details(contract.clone())
        .storage_id(storage_id.clone())
        .path("/notes/2026")
        .file_name("july.txt".parse()?)
        .file_data("86.5")
        .build();
    client.upload_file_to_storage(file).await?;

    let all = ListStorageFilesOptions::builder()
        .contract_details(contract.clone())
        .storage_id(storage_id.clone())
        .path("/")
        .recursive(true)
        .build();
    for file in client.list_storage_files(all).await?.files {
        println!("{:?} {:?}", file.original_path, file.original_name);
    }

    let july = DownloadStorageFileOptions::builder()
        .contract_details(contract.clone())
        .storage_id(storage_id.clone())
        .path("/notes/2026/july.txt")
        .build();
    let body = client.download_storage_file(july).await?.body;
    while let Some(chunk) = body.next().await {
        println!("{}", String::from_utf8_lossy(&chunk?));
    }

    let folder = DeleteStorageFilesOptions::builder()
        .contract_details(contract)
        .storage_id(storage_id)
        .path("/notes/")
        .build();
    client.delete_storage_files(folder).await?;
    Ok(())
}
