//! What Patients Know Best leaves open, and which way the sandbox takes it. Tests turn it while the sandbox runs.

use axum::http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::pkb::config::PkbSettings;

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Modes {
    /// Whether `expires_in` is a text.
    pub expires_in_as_string: bool,
    /// Whether answers with tokens leave `scope` out.
    pub omit_scope: bool,
    /// Whether answers with tokens leave `refresh_token` out.
    pub omit_refresh_token: bool,
    /// Whether errors are answered as pages.
    pub html_errors: bool,
    pub purview_method: OneMethod,
    pub invitation_expiry: InvitationExpiry,
    pub process_message_answer: ProcessMessageAnswer,
    pub last_data_point_method: OneMethod,
    pub last_data_point: LastDataPoint,
    pub client_authentication: ClientAuthentication,
    pub denial: Denial,
    pub old_access_token: OldAccessToken,
    pub customer_authentication: CustomerAuthentication,
    /// Whether Customer has a source organisation for whatever names none.
    pub customer_default_organisation: bool,
    pub aggregated_without_patient: WithoutPatient,
    pub aggregated_paging: Paging,
    /// How many a page of Aggregated has, unless `_count` says.
    pub aggregated_page_size: u32,
    /// Whether Aggregated shows only those whom the organisation has taken in.
    pub aggregated_needs_joining: bool,
    /// The lifetimes of what is issued from now on.
    pub access_token_seconds: u32,
    pub session_seconds: u32,
}

/// The one method that an operation answers to.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum OneMethod {
    Get,
    Post,
}

/// How the member is spelled that says when an invitation expires.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub enum InvitationExpiry {
    #[serde(rename = "valueDatetime")]
    Documented,
    #[serde(rename = "valueDateTime")]
    OfFhir,
}

/// What is answered to a message.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProcessMessageAnswer {
    None,
    /// What was sent.
    Patient,
}

/// How it is told when data last changed.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LastDataPoint {
    /// Systems by a member that FHIR does not have, as the documentation prints it, and people by a part.
    Documented,
    /// Both by a part.
    #[serde(rename = "fhir")]
    OfFhir,
    /// By a part of another type.
    #[serde(rename = "dateTime")]
    DateTime,
    /// Both by the member that FHIR does not have.
    Bare,
}

/// How a user client shows at the token endpoint who it is.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientAuthentication {
    None,
    Body,
    Basic,
}

/// How the customer system client shows at its token endpoint who it is.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CustomerAuthentication {
    Any,
    Body,
    Basic,
}

/// What becomes of a search of Aggregated that names no patient.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WithoutPatient {
    Refused,
    /// It finds nothing.
    Empty,
}

/// How a page of Aggregated leads to the next.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Paging {
    /// By a link without host.
    Next,
    /// By `page` alone, which the client counts.
    None,
    /// By a link to a host within the platform.
    Inner,
}

/// What becomes of a person who denies.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Denial {
    /// They go back to the application, which is told.
    Redirect,
    /// They see a page, and the application hears nothing.
    Page,
}

/// What a refresh does to the access token before it.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OldAccessToken {
    Lives,
    Dies,
}

impl OneMethod {
    pub fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
        }
    }
}

impl InvitationExpiry {
    pub fn member(self) -> &'static str {
        match self {
            Self::Documented => "valueDatetime",
            Self::OfFhir => "valueDateTime",
        }
    }
}

impl Modes {
    pub fn new(settings: &PkbSettings) -> Self {
        Self {
            expires_in_as_string: false,
            omit_scope: false,
            omit_refresh_token: false,
            html_errors: false,
            purview_method: OneMethod::Get,
            invitation_expiry: InvitationExpiry::Documented,
            process_message_answer: ProcessMessageAnswer::None,
            last_data_point_method: OneMethod::Post,
            last_data_point: LastDataPoint::Documented,
            client_authentication: ClientAuthentication::None,
            denial: Denial::Redirect,
            old_access_token: OldAccessToken::Lives,
            customer_authentication: CustomerAuthentication::Any,
            customer_default_organisation: false,
            aggregated_without_patient: WithoutPatient::Refused,
            aggregated_paging: Paging::Next,
            aggregated_page_size: 20,
            aggregated_needs_joining: true,
            access_token_seconds: settings.access_token_seconds,
            session_seconds: settings.session_seconds,
        }
    }

    /// The same but for what is given.
    pub fn with(self, given: Map<String, Value>) -> serde_json::Result<Self> {
        let mut modes = serde_json::to_value(self)?;
        for (name, value) in given {
            modes[name] = value;
        }
        serde_json::from_value(modes)
    }
}
