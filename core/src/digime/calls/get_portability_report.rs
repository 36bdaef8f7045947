//! `getPortabilityReport`: what was exchanged with care providers, as the law grants it to a person.

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Error;
use crate::digime::{Acting, Authorized};
use crate::digime::{Client, ContractDetails, NonEmptyString, TokenHook, UserAccessToken};
use crate::operation::Operation;

crate::operation::call! {
    /// The portability report of a user: what was exchanged with care providers, as XML.
    Client::get_portability_report: GetPortabilityReport(GetPortabilityReportOptions) -> GetPortabilityReportResponse
}

/// The options of `getPortabilityReport`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetPortabilityReportOptions {
    /// The contract that was consented to.
    pub contract_details: ContractDetails,
    /// The user's token.
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken"))]
    pub user_access_token: Option<UserAccessToken>,
    /// Your own id of a user whose connection is kept, in place of `userAccessToken`.
    #[cfg_attr(feature = "__binding", schemars(extend("x-in-place-of" = "userAccessToken")))]
    pub app_user_id: Option<NonEmptyString>,
    /// The format.
    pub format: ReportFormat,
    /// The kind of service.
    pub service_type: ReportServiceType,
    /// From when, in seconds since 1970. Default: from the begin.
    pub from: Option<i64>,
    /// To when, in seconds since 1970. Default: to now.
    pub to: Option<i64>,
    /// Learns the new token of a refresh, before it is used. An expired token is refreshed only if this is given.
    #[cfg_attr(feature = "__binding", schemars(extend("x-absent-with" = "appUserId")))]
    pub on_access_token_change: Option<TokenHook>,
}
crate::operation::unseen!(GetPortabilityReportOptions);

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum ReportFormat {
    /// XML.
    Xml,
}

/// The kind of service that a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum ReportServiceType {
    /// `MedMij`.
    Medmij,
}

/// A report.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetPortabilityReportResponse {
    /// The report's text.
    pub file: String,
}

/// A report is about a person: its text is not shown.
impl std::fmt::Debug for GetPortabilityReportResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GetPortabilityReportResponse")
            .finish_non_exhaustive()
    }
}

impl Operation for GetPortabilityReport {
    type Client = Client;
    const NAME: &'static str = "getPortabilityReport";
    type Options = GetPortabilityReportOptions;
    type Response = GetPortabilityReportResponse;

    async fn run(
        client: &Client,
        options: GetPortabilityReportOptions,
    ) -> Result<GetPortabilityReportResponse, Error> {
        let acting = Acting::of(
            options.user_access_token,
            options.app_user_id,
            options.on_access_token_change,
            Self::HEADLINE,
        )?;
        let contract = client.contract(&options.contract_details)?;
        let (ReportServiceType::Medmij, ReportFormat::Xml) = (options.service_type, options.format);
        let request = client
            .get("export/medmij/report")?
            .query("format", Some("xml"))
            .query("from", options.from)
            .query("to", options.to)
            .signed(&contract, json!({}))
            .accept("application/octet-stream");
        let mut user = Authorized::begin(client, &contract, acting)
            .await?
            .refreshing_only_if_heard();
        let response = user.send(request).await;
        let response = user.conclude(response)?;
        Ok(GetPortabilityReportResponse {
            file: String::from_utf8_lossy(&response.body).into_owned(),
        })
    }
}
