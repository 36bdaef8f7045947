//! The digi.me platform: a file for each call, named after it, beside the shapes that several of them share.

mod client;
mod config;
mod contract;
mod delay_function;
mod file_data;
mod non_empty_string;
mod pull_session;
mod session;
mod sources_scope;
mod token_hook;
mod user_access_token;

pub use crate::request::RetryOptions;
pub use client::Client;
pub use config::{Agent, Config, TimeoutOptions};
pub use contract::ContractDetails;
pub use delay_function::{DelayFunction, RetryAttempt};
pub use file_data::FileData;
pub use non_empty_string::{EmptyString, NonEmptyString};
pub use pull_session::{
    AccountFilter, CaScope, Limits, LimitsDuration, PullSessionOptions, ScopeCriteria,
    ServiceGroup, ServiceObjectType, ServiceType, SessionOptions, SourceFetchFilter, TimeRange,
};
pub use session::Session;
pub use sources_scope::{DataType, OrganizationType, SourcesScope};
pub use token_hook::TokenHook;
pub use user_access_token::{Token, User, UserAccessToken};

pub(crate) use contract::Contract;
pub(crate) use file_data::ByteSource;

crate::operation::operations! {
    exchange_code_for_token: ExchangeCodeForToken,
    get_authorize_url: GetAuthorizeUrl,
    push_data: PushData,
    read_accounts: ReadAccounts,
    refresh_token: RefreshToken,
}

/// The calls of the JavaScript SDK that are still to come. A client has them, so that code which takes it apart keeps working;
/// each fails with a `DigiMeSDKError` that says so.
pub const PLANNED: &[&str] = &[
    "createProvisionalStorage",
    "deleteAccount",
    "deleteStorageFiles",
    "deleteUser",
    "downloadStorageFile",
    "getContractDetails",
    "getOnboardServiceUrl",
    "getPortabilityReport",
    "getReauthorizeAccountUrl",
    "getReauthorizeUrl",
    "getRevokeAccountPermissionUrl",
    "getServiceSampleDataSets",
    "getUserStorage",
    "listStorageFiles",
    "queryCategories",
    "queryCountries",
    "queryPlatforms",
    "querySources",
    "readAllFiles",
    "readFile",
    "readFileList",
    "readFileMetadata",
    "readSession",
    "uploadFileToStorage",
];
