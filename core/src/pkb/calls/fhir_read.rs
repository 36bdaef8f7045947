//! `fhirRead`: one resource of PKB's FHIR API.

use bon::Builder;
use http::Method;
use serde::Deserialize;

use crate::http::Request;
use crate::operation::Operation;
use crate::pkb::actor::Actor;
use crate::pkb::fhir::MEDIA_TYPE;
use crate::pkb::fhir::resource_address::{resource_address, resource_type};
use crate::pkb::{Client, FhirSurface};
use crate::{Error, JsonObject, NonEmptyString};

crate::operation::call! {
    /// Reads one resource of one of PKB's FHIR APIs, as PKB gives it: of the Facade (STU3) as a patient or on behalf of an organisation, of
    /// Aggregated (R4) and of Customer by your Customer System Client.
    Client::fhir_read: FhirRead(FhirReadOptions) -> JsonObject
}

/// The options of `fhirRead`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct FhirReadOptions {
    /// Your own id of the user on whose behalf it is read.
    pub app_user_id: Option<NonEmptyString>,
    /// The public id of the organisation on whose behalf it is read, by your System Client.
    pub org_public_id: Option<NonEmptyString>,
    /// The API in which it is read. Default `facade`; `aggregated` and `customer` are called by your Customer System Client, on nobody else's
    /// behalf.
    pub surface: Option<FhirSurface>,
    /// What it is: `Patient`.
    pub resource_type: NonEmptyString,
    /// Its id: for the patient's own `Patient` in the Facade, the public id.
    pub id: NonEmptyString,
}
crate::operation::unseen!(FhirReadOptions);

impl Operation for FhirRead {
    type Client = Client;
    const NAME: &'static str = "fhirRead";
    type Options = FhirReadOptions;
    type Response = JsonObject;

    async fn run(client: &Client, options: FhirReadOptions) -> Result<JsonObject, Error> {
        let surface = options.surface.unwrap_or(FhirSurface::Facade).into();
        let actor = Actor::of(surface, options.app_user_id, options.org_public_id)?;
        let kind = resource_type(&options.resource_type)?;
        resource(client, &actor, kind, &options.id).await
    }
}

/// Reads a resource of this type in the API of who asks.
pub(super) async fn resource(
    client: &Client,
    actor: &Actor,
    kind: &str,
    id: &str,
) -> Result<JsonObject, Error> {
    let api = client.settings().endpoints.apis.get(actor.surface)?;
    let address = resource_address(api, kind, id, "options.id")?;
    let request =
        Request::to_address(Method::GET, address, &format!("{kind}/{{id}}")).accept(MEDIA_TYPE);
    actor.send(client, request).await?.json()
}
