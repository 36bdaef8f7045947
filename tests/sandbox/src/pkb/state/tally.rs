//! How often each thing was done. It is counted in the step that does it, so that no two counts can be lost in one.

use serde::Serialize;

#[derive(Clone, Copy, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// Codes that were exchanged.
    pub exchanges: u64,
    /// Refresh tokens that were spent for new tokens.
    pub refreshes: u64,
    /// Refresh tokens that were presented once more.
    pub reuses: u64,
    /// Tokens of the system client that were issued.
    pub system_tokens: u64,
    /// Tokens of the customer system client that were issued.
    pub customer_tokens: u64,
    /// Purviews that were told.
    pub purviews: u64,
    /// Invitations that were made.
    pub invitations: u64,
    /// Messages by which the organisation took somebody in.
    pub joins: u64,
    /// Those among them with an email address, to which the platform may write.
    pub mails: u64,
    /// Requests to the FHIR and REST APIs, refused ones too.
    pub calls: u64,
    /// Measurements that were stored.
    pub writes: u64,
    /// Resources that Customer stored, anew or again.
    pub stored: u64,
}
