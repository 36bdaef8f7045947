//! The digi.me platform: a file for each call, named after it, beside the shapes that several of them share.

mod all_files;
mod beside;
mod byte_stream;
mod client;
mod config;
mod contract;
mod deleted_response;
mod discovery_body_params;
mod file_content;
mod file_failure;
mod file_opening;
mod file_source;
mod page;
mod pull_session;
mod reference;
mod reference_code;
mod sample_data;
mod session;
mod session_file;
mod shared_file_list;
mod signed_descriptors;
mod source_type;
mod sources_scope;
mod storage;
mod storage_path;
mod token_hook;
mod user_access_token;

/// What the bindings call this platform.
pub(crate) const PLATFORM: &str = "digime";

pub use crate::callback::{BoxError, Callback};
pub use crate::non_empty_string::{EmptyString, NonEmptyString};
pub use crate::request::{DelayFunction, RetryAttempt, RetryOptions, TimeoutOptions};
pub use byte_stream::ByteStream;
pub use client::Client;
pub use config::{Agent, Config, FileLimits};
pub use contract::ContractDetails;
pub use deleted_response::DeletedResponse;
pub use discovery_body_params::{DiscoveryBodyParams, DiscoveryQuery};
pub use file_content::FileContent;
pub use file_failure::FileFailure;
pub use file_source::FileSource;
pub use pull_session::{
    AccountFilter, CaScope, Limits, LimitsDuration, PullSessionOptions, ScopeCriteria,
    ServiceGroup, ServiceObjectType, ServiceType, SessionOptions, SourceFetchFilter, TimeRange,
};
pub use sample_data::SampleDataOptions;
pub use session::Session;
pub use session_file::FileMetadata;
pub use shared_file_list::SharedFileList;
pub use source_type::SourceType;
pub use sources_scope::{DataType, OrganizationType, SourcesScope};
pub use storage::Storage;
pub use token_hook::TokenHook;
pub use user_access_token::{Token, User, UserAccessToken};

pub(crate) use contract::Contract;
pub(crate) use file_source::ByteSource;

crate::operation::operations! {
    create_provisional_storage: CreateProvisionalStorage,
    delete_account: DeleteAccount,
    delete_storage_files: DeleteStorageFiles,
    delete_user: DeleteUser,
    download_storage_file: DownloadStorageFile,
    exchange_code_for_token: ExchangeCodeForToken,
    get_authorize_url: GetAuthorizeUrl,
    get_contract_details: GetContractDetails,
    get_onboard_service_url: GetOnboardServiceUrl,
    get_portability_report: GetPortabilityReport,
    get_reauthorize_account_url: GetReauthorizeAccountUrl,
    get_reauthorize_url: GetReauthorizeUrl,
    get_revoke_account_permission_url: GetRevokeAccountPermissionUrl,
    get_service_sample_data_sets: GetServiceSampleDataSets,
    get_user_storage: GetUserStorage,
    list_storage_files: ListStorageFiles,
    push_data: PushData,
    query_categories: QueryCategories,
    query_countries: QueryCountries,
    query_platforms: QueryPlatforms,
    query_sources: QuerySources,
    read_accounts: ReadAccounts,
    read_all_files: ReadAllFiles,
    read_file: ReadFile,
    read_file_list: ReadFileList,
    read_file_metadata: ReadFileMetadata,
    read_file_stream: ReadFileStream,
    read_session: ReadSession,
    refresh_token: RefreshToken,
    upload_file_to_storage: UploadFileToStorage,
}
