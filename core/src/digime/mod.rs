//! The digi.me platform: its calls, and the rooms of what they stand on.

pub(crate) mod calls;
mod client;
mod config;
mod connection;
pub(crate) mod failure;
mod files;
mod medmij;
mod shapes;
mod storage;
mod user;

/// What the bindings call this platform.
#[cfg(feature = "__binding")]
pub(crate) const PLATFORM: &str = "digime";

pub use crate::ByteStream;
pub use crate::callback::{BoxError, Callback};
pub use crate::connections::{
    ConnectionChange, EncryptionKey, Finding, Imported, KeptAlive, LinkCounts, LinkStatus, Many,
    NotImported, NotKeptAlive, OnConflict, Readiness, Store, UnreadableRecord,
};
pub use crate::http::{DelayFunction, RetryAttempt, RetryOptions, TimeoutOptions};
pub use crate::non_empty_string::{EmptyString, NonEmptyString};
pub use calls::*;
pub use client::Client;
pub use config::{Agent, Config, FileLimits};
pub use connection::{Connection, ConnectionEvent};
pub use failure::{ApiError, Failure};
pub use files::{FileContent, FileFailure, FileMetadata, FileSource, SharedFileList};
pub use medmij::{FindingSeverity, ProviderDataFinding};
pub use shapes::{
    AccountError, AccountFilter, AccountProgress, CaScope, Consumer, DataType, DeletedResponse,
    DiscoveryBodyParams, DiscoveryQuery, DiscoveryResource, InnerError, Limits, LimitsDuration,
    ObjectTypeError, ObjectVersions, Ontology, OntologyVersion, OntologyWrapper, OrganizationType,
    PullSessionOptions, SampleDataOptions, Schemas, ScopeCriteria, ServiceGroup, ServiceObjectType,
    ServiceType, Session, SessionOptions, SourceFetchFilter, SourceProxy, SourceStatus, SourceType,
    SourceWindow, SourcesScope, TimeRange,
};
pub use storage::Storage;
pub use user::{Beside, ContractDetails, Token, TokenHook, User, UserAccessToken};

pub(crate) use user::{Acting, Authorized, Contract};
