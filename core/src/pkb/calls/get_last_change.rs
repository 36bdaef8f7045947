//! `getLastChange`: when something was last added to a patient's record, or taken from it.

use std::collections::HashMap;

use bon::Builder;
use http::Method;
use serde::{Deserialize, Serialize};

use super::get_public_id::public_id_of;
use crate::error::Invalid;
use crate::http::{Request, Response};
use crate::operation::Operation;
use crate::pkb::actor::{Actor, Who};
use crate::pkb::fhir::identifier::some;
use crate::pkb::fhir::parameters::{self, Parameter};
use crate::pkb::fhir::{MEDIA_TYPE, Named};
use crate::pkb::{Client, HttpMethod, PatientIdentifier, Surface};
use crate::{Error, NonEmptyString};

crate::operation::call! {
    /// When the data of a patient's record last changed: what to ask before extracting any. It covers the data of every organisation and
    /// what was entered by hand; not demographics, consents and labels, measurements of connected devices, and what PKB has not processed
    /// yet. The time may go backwards, when something is deleted: what matters is whether it is **another** than the last. There is one
    /// answer for each identifier, in their order; for an app user there is one.
    Client::get_last_change: GetLastChange(GetLastChangeOptions) -> Vec<LastChange>
}

/// Of how many patients PKB tells at once.
const MOST: usize = 100;
const OPERATION: &str = "$date-of-last-data-point";
/// What has the time.
const TIME: &str = "lastRecordUpdate";

/// The options of `getLastChange`: `appUserId`, or `orgPublicId` and `identifiers`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetLastChangeOptions {
    /// Your own id of the user whose record it is about.
    pub app_user_id: Option<NonEmptyString>,
    /// The public id of the organisation that asks, by your System Client.
    pub org_public_id: Option<NonEmptyString>,
    /// The patients that the organisation asks about, by national numbers or public ids, as many as you like: PKB is asked for 100 at a time.
    pub identifiers: Option<Vec<PatientIdentifier>>,
}
crate::operation::unseen!(GetLastChangeOptions);

/// When a patient's data last changed.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct LastChange {
    /// The identifier, as you gave it; none for an app user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<PatientIdentifier>,
    /// The time as PKB writes it, `2027-01-01T09:57:34.2112Z`; left out where there is nothing yet, or PKB does not tell your organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_change: Option<String>,
}

/// Of a person nothing is shown.
impl std::fmt::Debug for LastChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LastChange")
    }
}

impl Operation for GetLastChange {
    type Client = Client;
    const NAME: &'static str = "getLastChange";
    type Options = GetLastChangeOptions;
    type Response = Vec<LastChange>;

    async fn run(client: &Client, options: GetLastChangeOptions) -> Result<Vec<LastChange>, Error> {
        let actor = Actor::of(Surface::Facade, options.app_user_id, options.org_public_id)?;
        match (&actor.who, options.identifiers) {
            (Who::Patient(user), None) => Ok(vec![LastChange {
                identifier: None,
                last_change: last_change_of(client, user).await?,
            }]),
            (Who::Patient(_), Some(_)) => {
                let reason = "cannot be given together with appUserId, who is asked about";
                Err(Invalid::new("options.identifiers", reason).into())
            }
            (_, identifiers) => of_patients(client, &actor, identifiers.unwrap_or_default()).await,
        }
    }
}

/// When the data of the patient who is this app user last changed.
pub(in crate::pkb) async fn last_change_of(
    client: &Client,
    user: &NonEmptyString,
) -> Result<Option<String>, Error> {
    let request = of_patient(client, user).await?;
    let actor = Actor::patient(Surface::Facade, user.clone());
    let response = actor.send(client, request).await?;
    Ok(parameters::answered(&response)?.iter().find_map(time))
}

/// The request of a patient, whom the token names.
async fn of_patient(client: &Client, user: &str) -> Result<Request, Error> {
    let endpoints = &client.settings().endpoints;
    let address = endpoints.last_change.clone();
    let names_patient = address.path().contains("%7B");
    // It changes nothing, whatever its method.
    let request = match endpoints.last_change_method {
        Some(HttpMethod::Get) => {
            Request::to_address(Method::GET, address, OPERATION).accept(MEDIA_TYPE)
        }
        _ => parameters::about(address, OPERATION, &[])?.repeatable(),
    };
    if !names_patient {
        return Ok(request);
    }
    let public_id = public_id_of(client, user).await?;
    request.segment(&public_id, "options.appUserId")
}

async fn of_patients(
    client: &Client,
    actor: &Actor,
    identifiers: Vec<PatientIdentifier>,
) -> Result<Vec<LastChange>, Error> {
    some(&identifiers)?;
    let address = &client.settings().endpoints.last_change;
    if address.path().contains("%7B") {
        let reason = "has a place for one patient's id, and an organisation asks about several: set it for the other calls alone";
        return Err(Invalid::new("config.endpoints.lastChangePath", reason).into());
    }
    let mut told = HashMap::new();
    for batch in identifiers.chunks(MOST) {
        let request = parameters::about(address.clone(), OPERATION, batch)?;
        let response = actor.send(client, request.repeatable()).await?;
        told.extend(times(&response)?);
    }
    let identifiers = identifiers.into_iter();
    Ok(identifiers
        .map(|identifier| LastChange {
            last_change: told.get(&identifier.named()).cloned(),
            identifier: Some(identifier),
        })
        .collect())
}

/// What an answer says of whom. In PKB's sample the time stands in the part that names the patient, as a member that FHIR does not have.
fn times(response: &Response) -> Result<Vec<(Named, String)>, Error> {
    let mut times = Vec::new();
    for parameter in parameters::answered(response)? {
        let parts = parameter.parts();
        let beside = parts.iter().find_map(time).or_else(|| time(&parameter));
        times.extend(parts.iter().filter_map(|part| {
            let whose = part.identifier()?;
            Some((whose.named(), time(part).or_else(|| beside.clone())?))
        }));
    }
    Ok(times)
}

/// The time, wherever in a parameter it stands.
fn time(parameter: &Parameter) -> Option<String> {
    let value = if parameter.is(TIME) {
        parameter.text()
    } else {
        None
    };
    value
        .or_else(|| parameter.member(TIME)?.string())
        .or_else(|| parameter.parts().iter().find_map(time))
}
