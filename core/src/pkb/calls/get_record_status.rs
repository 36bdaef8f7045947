//! `getRecordStatus`: whether patients have a PKB record.

use std::collections::HashMap;

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::operation::Operation;
use crate::pkb::actor::Actor;
use crate::pkb::fhir::identifier::of_united_kingdom;
use crate::pkb::fhir::parameters::{self, Parameter, part};
use crate::pkb::{Client, PatientIdentifier, Surface};
use crate::{Error, NonEmptyString};

crate::operation::call! {
    /// Whether patients have a PKB record that they can log in to, by their national numbers: what to know before they are asked to link.
    /// An organisation asks, by your System Client. There is one answer for each identifier, in their order.
    Client::get_record_status: GetRecordStatus(GetRecordStatusOptions) -> Vec<RecordStatus>
}

/// How many patients PKB tells of at once.
const MOST: usize = 5000;
const OPERATION: &str = "Patient/$status-query";

/// The options of `getRecordStatus`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetRecordStatusOptions {
    /// The public id of the organisation that asks.
    pub org_public_id: NonEmptyString,
    /// The patients' NHS, CHI or Health & Care numbers, as many as you like: PKB is asked for 5,000 at a time.
    pub identifiers: Vec<PatientIdentifier>,
}
crate::operation::unseen!(GetRecordStatusOptions);

/// What PKB says of a patient's record.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct RecordStatus {
    /// The identifier, as you gave it.
    pub identifier: PatientIdentifier,
    /// Whether there is a record.
    pub found: RecordFound,
    /// Whether the patient has registered, and so can log in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registered: Option<bool>,
    /// Whether the patient has died.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deceased: Option<bool>,
    /// Date of birth, `2000-01-31`, where the record was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<String>,
    /// What PKB says in words, where it found no record that you may see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnostics: Option<String>,
}

/// Of a person nothing is shown.
impl std::fmt::Debug for RecordStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecordStatus")
    }
}

/// Whether there is a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum RecordFound {
    /// There is.
    Found,
    /// There is none.
    NotFound,
    /// There is one, to which the organisation has no access.
    NoAccess,
    /// PKB says something else, which is in `diagnostics`, or nothing of this patient.
    Unknown,
}

impl Operation for GetRecordStatus {
    type Client = Client;
    const NAME: &'static str = "getRecordStatus";
    type Options = GetRecordStatusOptions;
    type Response = Vec<RecordStatus>;

    async fn run(
        client: &Client,
        options: GetRecordStatusOptions,
    ) -> Result<Vec<RecordStatus>, Error> {
        let identifiers = options.identifiers;
        of_united_kingdom(&identifiers)?;
        let actor = Actor::organisation(Surface::Facade, options.org_public_id);
        let mut told = HashMap::new();
        for batch in identifiers.chunks(MOST) {
            // It changes nothing, whatever its method.
            let request = parameters::about(
                client.settings().endpoints.apis.facade.at(OPERATION)?,
                OPERATION,
                batch,
            )?;
            let response = actor.send(client, request.repeatable()).await?;
            let statuses = parameters::answered(&response)?.into_iter();
            let statuses = statuses.filter(|status| status.is("patientStatus"));
            told.extend(statuses.filter_map(|status| {
                let parts = status.parts();
                let whose = parts.iter().find_map(Parameter::identifier)?;
                Some((whose.named(), parts))
            }));
        }
        Ok(identifiers
            .into_iter()
            .map(|identifier| {
                let parts = told.get(&identifier.named());
                RecordStatus::of(identifier, parts.map(Vec::as_slice))
            })
            .collect())
    }
}

impl RecordStatus {
    fn of(identifier: PatientIdentifier, parts: Option<&[Parameter]>) -> Self {
        let told = |name: &str| part(parts?, name);
        let flag = |name: &str| told(name)?.value()?.parse().ok();
        let text = |name: &str| told(name)?.text();
        let diagnostics = text("diagnostics");
        let found = match diagnostics.as_deref().map(str::trim) {
            None if parts.is_some() => RecordFound::Found,
            Some("Not found") => RecordFound::NotFound,
            Some("No access") => RecordFound::NoAccess,
            _ => RecordFound::Unknown,
        };
        Self {
            identifier,
            found,
            registered: flag("registered"),
            deceased: flag("deceased"),
            date_of_birth: text("dateOfBirth"),
            diagnostics,
        }
    }
}
