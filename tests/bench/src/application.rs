//! An application in Rust that works with the SDK: one method for each kind of call that is measured.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use bytes::Bytes;
use digime_bench::{Announcement, BenchError, complete};
use digime_sdk::digime::{
    BoxError, Callback, Client, Config, ContractDetails, DownloadStorageFileOptions,
    ExchangeCodeForTokenOptions, FileData, FileDescriptor, FileDescriptorAccount, FileLimits,
    FileSource, GetAuthorizeUrlOptions, PushDataOptions, PushDataToLibraryOptions, PushedFile,
    ReadAllFilesOptions, UploadFileToStorageOptions, UserAccessToken,
};
use futures_util::stream;
use tokio::sync::mpsc;

/// What a push has.
pub static PUSHED: [u8; 16 * 1024] = [0; 16 * 1024];
/// What the push of a document has.
pub static DOCUMENT: [u8; 8 * 1024 * 1024] = [0; 8 * 1024 * 1024];
/// How many bytes an upload hands over at a time: as many as files are commonly read by.
pub const UPLOAD_CHUNK: usize = 64 * 1024;
const MEBIBYTE: u64 = 1024 * 1024;

/// The application.
pub struct Application {
    client: Client,
    contract: ContractDetails,
    token: UserAccessToken,
}

impl Application {
    /// One that works against the announced platform.
    pub fn new(platform: Announcement) -> Result<Self, BenchError> {
        let place = platform.place;
        let mut config = Config::new(platform.application_id);
        config.base_url = Some(place.base_url);
        config.cloud_base_url = Some(place.cloud_base_url);
        config.onboard_url = Some(place.onboard_url);
        config.key_set_url = Some(place.key_set_url);
        config.ca = place.ca;
        config.file_limits = Some(FileLimits {
            size: Some(1024 * MEBIBYTE),
            // The large file is the same text again and again.
            ratio: Some(1_000_000),
        });
        Ok(Self {
            client: Client::new(config)?,
            contract: ContractDetails::new(platform.contract_id, platform.private_key),
            token: platform.user_access_token,
        })
    }

    /// Asks where to send a person.
    pub async fn authorize(&self) -> Result<(), BenchError> {
        let options = GetAuthorizeUrlOptions::builder()
            .contract_details(self.contract.clone())
            .callback("http://localhost/return".parse()?)
            .state("bench-state")
            .build();
        self.client.get_authorize_url(options).await?;
        Ok(())
    }

    /// Exchanges a code that no other exchange has had: of one that has, the outcome is remembered.
    pub async fn exchange(&self) -> Result<(), BenchError> {
        static CODES: AtomicU64 = AtomicU64::new(0);
        let number = CODES.fetch_add(1, Ordering::Relaxed);
        let options = ExchangeCodeForTokenOptions::builder()
            .contract_details(self.contract.clone())
            .code_verifier("v".repeat(43).parse()?)
            .authorization_code(format!("{number:064}").parse()?)
            .build();
        self.client.exchange_code_for_token(options).await?;
        Ok(())
    }

    /// Pushes a file.
    pub async fn push(&self, content: &'static [u8]) -> Result<(), BenchError> {
        let options = PushDataToLibraryOptions::builder()
            .contract_details(self.contract.clone())
            .user_access_token(self.token.clone())
            .data(PushedFile {
                file_data: Bytes::from_static(content).into(),
                file_name: "push.pdf".parse()?,
                file_descriptor: FileDescriptor {
                    mime_type: "application/pdf".to_owned(),
                    accounts: vec![
                        FileDescriptorAccount {
                            account_id: "bench-account".to_owned(),
                        }
                        .into(),
                    ],
                    reference: Some(vec!["push.pdf".to_owned()]),
                    tags: None,
                }
                .into(),
            })
            .build();
        let options = PushDataOptions::Library(options);
        self.client.push_data(options).await?;
        Ok(())
    }

    /// Reads all files of a session, and counts them.
    pub async fn read(&self, session: &str, expected: u64) -> Result<(), BenchError> {
        let files = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&files);
        let count = move |_: FileData| {
            counted.fetch_add(1, Ordering::Relaxed);
            async { Ok::<_, BoxError>(()) }
        };
        self.read_all_files(session, None, Callback::new(count))
            .await?;
        complete("files", expected, files.load(Ordering::Relaxed))
    }

    /// Reads a session whose files become ready one after another; gives the name of each as it comes, with the time by then.
    pub async fn await_files(
        &self,
        session: &str,
        polling_interval: Option<u64>,
    ) -> Result<Vec<(String, SystemTime)>, BenchError> {
        let (came, mut coming) = mpsc::unbounded_channel();
        let note = move |file: FileData| {
            // Whoever reads them is there until all have come.
            let _ = came.send((file.file_name, SystemTime::now()));
            async { Ok::<_, BoxError>(()) }
        };
        self.read_all_files(session, polling_interval, Callback::new(note))
            .await?;
        let mut files = Vec::new();
        while let Some(file) = coming.recv().await {
            files.push(file);
        }
        Ok(files)
    }

    async fn read_all_files(
        &self,
        session: &str,
        polling_interval: Option<u64>,
        on_file_data: Callback<FileData>,
    ) -> Result<(), BenchError> {
        let options = ReadAllFilesOptions::builder()
            .session_key(session.parse()?)
            .contract_id(self.contract.contract_id.clone())
            .private_key(self.contract.private_key.clone())
            .user_access_token(self.token.clone())
            .maybe_polling_interval(polling_interval)
            .on_file_data(on_file_data)
            .build();
        self.client.read_all_files(options).await?;
        Ok(())
    }

    /// Uploads a stream.
    pub async fn upload(&self, mebibytes: u64) -> Result<(), BenchError> {
        let chunks = mebibytes * MEBIBYTE / UPLOAD_CHUNK as u64;
        let chunk = Bytes::from(vec![0; UPLOAD_CHUNK]);
        let content = stream::iter((0..chunks).map(move |_| Ok::<_, BenchError>(chunk.clone())));
        let options = UploadFileToStorageOptions::builder()
            .contract_details(self.contract.clone())
            .storage_id("bench-storage".parse()?)
            .file_name("upload".parse()?)
            .file_data(FileSource::stream(content))
            .build();
        self.client.upload_file_to_storage(options).await?;
        Ok(())
    }

    /// Downloads a stream, and counts its bytes.
    pub async fn download(&self, mebibytes: u64) -> Result<(), BenchError> {
        let options = DownloadStorageFileOptions::builder()
            .contract_details(self.contract.clone())
            .storage_id("bench-storage".parse()?)
            .path(mebibytes.to_string())
            .build();
        let file = self.client.download_storage_file(options).await?;
        let mut bytes = 0;
        while let Some(chunk) = file.body.next().await {
            bytes += chunk?.len() as u64;
        }
        complete("bytes", mebibytes * MEBIBYTE, bytes)
    }
}
