//! Where PKB is, as an application may say it: what it leaves out is where PKB documents it to be.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::NonEmptyString;
use crate::pkb::{HttpMethod, SystemClient};

/// Where things are. What is left out is where PKB documents it to be.
#[derive(Debug, Clone, Default, Deserialize, bon::Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "PkbEndpoints")
)]
pub struct Endpoints {
    /// The host that all other addresses are at. Default: that of the environment.
    pub base_url: Option<String>,
    /// The page that a patient is sent to. Default `apiAuthorize.action` at the base.
    pub authorize_url: Option<String>,
    /// The token endpoint for patients. Default `apiToken.action` at the base.
    pub token_url: Option<String>,
    /// The FHIR API in which patients' records are read (Facade). Default: `fhir/` at the base, and for System Clients' tokens
    /// `PKB_SYSTEM_TOKEN_URL`, and that of PKB's sandbox in the environment `sandbox`; for production PKB documents none.
    pub facade: Option<SurfaceEndpoint>,
    /// The FHIR API that takes messages. Default: `phr-fhir/` at the base, with what the Facade has for System Clients.
    pub messaging: Option<SurfaceEndpoint>,
    /// The FHIR API in which what all sources say is read (Aggregated). Default: `PKB_AGGREGATED_URL`, and that of PKB's sandbox in the
    /// environment `sandbox`; for tokens `PKB_CUSTOMER_TOKEN_URL`, and that of PKB's sandbox. For production PKB documents neither.
    pub aggregated: Option<SurfaceEndpoint>,
    /// The FHIR API that takes your organisation's data (Customer). Default: `PKB_CUSTOMER_URL`; each customer has a host of its own, which PKB
    /// tells. Tokens are had as for Aggregated.
    pub customer: Option<SurfaceEndpoint>,
    /// The REST API. Default `json/` at the base.
    pub rest: Option<RestEndpoint>,
    /// The `$purview` operation, from the base of the Facade on. Default `Consent/$purview`.
    pub purview_path: Option<String>,
    /// The method of `$purview`. Default: GET, and POST if PKB says that GET is not allowed.
    pub purview_method: Option<HttpMethod>,
    /// The address of the current user. Default `users/self` at the REST API.
    pub current_user_url: Option<String>,
    /// The operation that `getLastChange` asks, from the base of the Facade on. Default `Patient/$date-of-last-data-point`. Where it is to
    /// name the patient, `{publicId}` stands for their public id.
    pub last_change_path: Option<String>,
    /// The method by which a patient asks it: POST, the default, or GET. An organisation asks by POST.
    pub last_change_method: Option<HttpMethod>,
    /// Where PKB gives the one-time passwords that `getSignInUrl` needs. PKB does not document it in public.
    pub one_time_password: Option<OneTimePassword>,
    /// Where PKB takes a one-time password from a browser. Default `otp.action` at the base.
    pub sign_in_url: Option<String>,
    /// The page where patients who were invited register. Default: `PKB_JOIN_URL`, and what PKB documents for its sandbox
    /// (`http://sandbox.patientsknowbest.com/join/`) and the production of the United Kingdom (`http://joinpkb.com/`).
    pub join_url: Option<String>,
}

/// Where PKB gives one-time passwords, as PKB has told you.
#[derive(Debug, Clone, Deserialize, bon::Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct OneTimePassword {
    /// The path, from the base on.
    pub path: NonEmptyString,
    /// The method.
    pub method: HttpMethod,
    /// The member of the answer that has it. Left out where the answer is the password itself.
    pub member: Option<NonEmptyString>,
}

/// Where an API of PKB's is, and how it is called.
#[derive(Clone, Default, Deserialize, bon::Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "PkbSurfaceEndpoint")
)]
pub struct SurfaceEndpoint {
    /// The base of its addresses.
    pub url: Option<String>,
    /// The token endpoint of the clients that call it on their own behalf (`client_credentials`).
    pub token_url: Option<String>,
    /// The client that calls it so. Default: `systemClient` for the Facade and for Messaging, `customerSystemClient` for Aggregated and
    /// Customer.
    pub client: Option<SystemClient>,
    /// Headers that each request to it has beside its own, such as `x-team-id`; names are not case-sensitive.
    pub headers: Option<Map<String, Value>>,
}

/// Where the REST API of PKB's is, and how it is called.
#[derive(Clone, Default, Deserialize, bon::Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "PkbRestEndpoint")
)]
pub struct RestEndpoint {
    /// The base of its addresses.
    pub url: Option<String>,
    /// Headers that each request to it has beside its own; names are not case-sensitive.
    pub headers: Option<Map<String, Value>>,
}
crate::operation::unseen!(SurfaceEndpoint, RestEndpoint);
