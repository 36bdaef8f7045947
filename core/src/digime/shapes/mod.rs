//! What several calls share: parts of their options, of their answers, and of the addresses that they give.

mod account_progress;
mod consumer;
mod deleted_response;
mod discovery_body_params;
mod discovery_resource;
mod pull_session;
pub(super) mod reference;
pub(super) mod reference_code;
mod sample_data;
pub(super) mod session;
mod source_status;
mod source_type;
pub(super) mod sources_criteria;
mod sources_scope;
pub(super) mod web_page;

pub use account_progress::{AccountError, AccountProgress, InnerError, ObjectTypeError};
pub use consumer::{Consumer, ObjectVersions, Ontology, OntologyVersion, OntologyWrapper, Schemas};
pub use deleted_response::DeletedResponse;
pub use discovery_body_params::{DiscoveryBodyParams, DiscoveryQuery};
pub use discovery_resource::DiscoveryResource;
pub use pull_session::{
    AccountFilter, CaScope, Limits, LimitsDuration, PullSessionOptions, ScopeCriteria,
    ServiceGroup, ServiceObjectType, ServiceType, SessionOptions, SourceFetchFilter, TimeRange,
};
pub use sample_data::SampleDataOptions;
pub use session::Session;
pub use source_status::{SourceProxy, SourceStatus, SourceWindow};
pub use source_type::SourceType;
pub use sources_scope::{DataType, OrganizationType, SourcesScope};
