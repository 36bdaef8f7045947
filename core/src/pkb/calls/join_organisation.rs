//! `joinOrganisation`: a patient is put into an organisation of PKB's.

use bon::Builder;
use http::Method;
use serde::Deserialize;

use super::get_public_id::public_id_of;
use super::{fhir_read, get_current_user};
use crate::error::Invalid;
use crate::http::Request;
use crate::operation::Operation;
use crate::pkb::actor::Actor;
use crate::pkb::fhir::{MEDIA_TYPE, joining_patient};
use crate::pkb::{ApiResponse, Client, Surface};
use crate::{Error, JsonObject, NonEmptyString, document};

crate::operation::call! {
    /// Puts a patient into your organisation at PKB, or into teams of it, by your System Client: what has to be done before the organisation
    /// can extract the patient's data. PKB makes a record for a patient that it does not know, and **overwrites the demographics** of one
    /// that it knows; so what is sent for an app user is what PKB itself says of them: `getCurrentUser`, with the middle names of their FHIR
    /// `Patient`. Any success is one: PKB does not document what it answers.
    Client::join_organisation: JoinOrganisation(JoinOrganisationOptions) -> ApiResponse
}

const OPERATION: &str = "Patient/$process-message";

/// The options of `joinOrganisation`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct JoinOrganisationOptions {
    /// The public id of the organisation.
    pub org_public_id: NonEmptyString,
    /// Your own id of the user, who has linked: PKB is asked for what it knows of them.
    pub app_user_id: Option<NonEmptyString>,
    /// In place of `appUserId`, the patient as a FHIR `Patient` (STU3), or its JSON text, or that as bytes. Name, date of birth and gender
    /// are required; identifiers are the national ones.
    #[serde(default, deserialize_with = "patient")]
    #[cfg_attr(feature = "__binding", schemars(extend("x-host" = "jsonObject")))]
    pub patient: Option<JsonObject>,
    /// The aliases of the teams that the patient is put into. Default: the organisation's default team.
    pub teams: Option<Vec<NonEmptyString>>,
    /// The alias of the organisation's default team, which PKB wants among `teams`, and which is added to them.
    pub default_team: Option<NonEmptyString>,
    /// Whether PKB may invite the patient to register, by email. Default `false`: their email address is left out of what is sent.
    pub invite: Option<bool>,
}
crate::operation::unseen!(JoinOrganisationOptions);

fn patient<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<JsonObject>, D::Error> {
    struct Given(JsonObject);

    impl<'de> Deserialize<'de> for Given {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            document::given_object(deserializer).map(Self)
        }
    }

    Ok(Option::<Given>::deserialize(deserializer)?.map(|Given(patient)| patient))
}

impl Operation for JoinOrganisation {
    type Client = Client;
    const NAME: &'static str = "joinOrganisation";
    type Options = JoinOrganisationOptions;
    type Response = ApiResponse;

    async fn run(client: &Client, options: JoinOrganisationOptions) -> Result<ApiResponse, Error> {
        let teams = teams(options.teams, options.default_team)?;
        let invites = options.invite.unwrap_or(false);
        let patient = match (options.app_user_id, options.patient) {
            (Some(user), None) => {
                let patient = known(client, user).await?;
                joining_patient::prepared(&patient, None, &teams, invites)?
            }
            (None, Some(patient)) => {
                joining_patient::prepared(&patient, Some("options.patient"), &teams, invites)?
            }
            (None, None) => {
                let reason = "is missing, and so is patient: say who is to join";
                return Err(Invalid::new("options.appUserId", reason).into());
            }
            (Some(_), Some(_)) => {
                let reason = "cannot be given together with appUserId: one patient joins";
                return Err(Invalid::new("options.patient", reason).into());
            }
        };
        let messaging = &client.settings().endpoints.apis.messaging;
        let address = messaging.at(OPERATION)?;
        let request = Request::to_address(Method::POST, address, OPERATION)
            .accept(MEDIA_TYPE)
            .json(&patient)?
            .content_type(MEDIA_TYPE);
        let actor = Actor::organisation(Surface::Messaging, options.org_public_id);
        let response = actor.send(client, request).await?;
        Ok(ApiResponse::of(&response))
    }
}

/// The patient as PKB itself knows them.
async fn known(client: &Client, app_user_id: NonEmptyString) -> Result<JsonObject, Error> {
    let user = get_current_user::read(client, app_user_id.clone()).await?;
    let public_id = public_id_of(client, &app_user_id).await?;
    let actor = Actor::patient(Surface::Facade, app_user_id);
    let patient = fhir_read::resource(client, &actor, "Patient", &public_id).await?;
    let middle_names = joining_patient::middle_names(&patient, &user);
    let patient = joining_patient::of_user(&user, &middle_names).to_string();
    patient
        .parse()
        .map_err(|_| Error::sdk("what PKB says of the patient cannot be written as JSON"))
}

/// The teams, with the default one among them, as PKB wants it.
fn teams(
    teams: Option<Vec<NonEmptyString>>,
    default: Option<NonEmptyString>,
) -> Result<Vec<String>, Error> {
    let teams = teams.unwrap_or_default().into_iter();
    let mut teams: Vec<String> = teams.map(|team| team.to_string()).collect();
    match default {
        None if !teams.is_empty() => {
            let reason =
                "is missing: PKB wants the default team of the organisation among the teams";
            return Err(Invalid::new("options.defaultTeam", reason).into());
        }
        Some(default) if !teams.contains(&default.to_string()) => teams.push(default.to_string()),
        _ => {}
    }
    Ok(teams)
}
