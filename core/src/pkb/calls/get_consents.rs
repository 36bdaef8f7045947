//! `getConsents`: who may see what of a patient's record.

use bon::Builder;
use serde::{Deserialize, Serialize};

use super::get_public_id::public_id_of;
use crate::operation::Operation;
use crate::pkb::{Client, FhirSearchOptions, QueryParameters, SearchPages};
use crate::{Document, Error, JsonObject, NonEmptyString};

crate::operation::call! {
    /// Who may see what of a patient's record, as the patient: teams of organisations, professionals and carers. After a patient has joined
    /// your organisation it shows whether your team has the privacy labels that it needs. PKB leaves out what is about organisations that
    /// the patient does not see.
    Client::get_consents: GetConsents(GetConsentsOptions) -> Vec<Consent>
}

/// The options of `getConsents`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetConsentsOptions {
    /// Your own id of the user.
    pub app_user_id: NonEmptyString,
}
crate::operation::unseen!(GetConsentsOptions);

/// What somebody may see of a patient's record: nothing but what has one of the labels.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "PkbConsent")
)]
pub struct Consent {
    /// Its id at PKB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `active`, or `inactive` once the patient has been discharged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Who: `Organization/…` is a team, `Practitioner/…` a professional, and `#…` a carer, who is contained in the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The privacy labels of what they may see: `GENERAL_HEALTH`, `MENTAL_HEALTH`, `SEXUAL_HEALTH`, `SOCIAL_CARE`.
    pub labels: Vec<String>,
    /// The FHIR `Consent` (STU3) as it came.
    pub resource: JsonObject,
}

/// Of a person nothing is shown.
impl std::fmt::Debug for Consent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Consent")
    }
}

impl Operation for GetConsents {
    type Client = Client;
    const NAME: &'static str = "getConsents";
    type Options = GetConsentsOptions;
    type Response = Vec<Consent>;

    async fn run(client: &Client, options: GetConsentsOptions) -> Result<Vec<Consent>, Error> {
        let public_id = public_id_of(client, &options.app_user_id).await?;
        let patient = [("patient", format!("Patient/{public_id}"))];
        let search = FhirSearchOptions {
            app_user_id: Some(options.app_user_id),
            org_public_id: None,
            surface: None,
            patient_parameter: None,
            resource_type: "Consent".parse().map_err(|_| Error::sdk("no type"))?,
            parameters: Some(QueryParameters::from_iter(patient)),
            on_page: None,
        };
        let (mut pages, _) = SearchPages::begin(client, search)?;
        let mut consents = Vec::new();
        while let Some(page) = pages.next().await? {
            let resources = items(&page, "entry").into_iter();
            let resources = resources.filter_map(|entry| entry.member("resource"));
            consents.extend(resources.filter_map(|resource| Consent::of(&resource)));
        }
        Ok(consents)
    }
}

impl Consent {
    /// None where it is another resource, such as what a server says of the search.
    fn of(resource: &Document) -> Option<Self> {
        if resource.string_at("resourceType").as_deref() != Some("Consent") {
            return None;
        }
        let actor = items(resource, "actor").into_iter().next();
        // The reference of an actor is an object, which PKB's documents print as its text.
        let actor = actor.and_then(|actor| {
            let reference = actor.member("reference")?;
            reference
                .string()
                .or_else(|| reference.member("reference")?.string())
        });
        let exceptions = items(resource, "except").into_iter();
        let labels = exceptions
            .flat_map(|exception| items(&exception, "securityLabel"))
            .filter_map(|label| label.string_at("code"));
        Some(Self {
            id: resource.string_at("id"),
            status: resource.string_at("status"),
            actor,
            labels: labels.collect(),
            resource: JsonObject::of(resource.clone())?,
        })
    }
}

/// The items of a list; what stands alone is one.
fn items(object: &Document, member: &str) -> Vec<Document> {
    match object.member(member) {
        None => Vec::new(),
        Some(found) => found.items().unwrap_or_else(|| vec![found]),
    }
}
