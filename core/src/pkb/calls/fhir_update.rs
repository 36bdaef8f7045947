//! `fhirUpdate`: a resource for PKB's Customer API, in place of one, or under an id of your own.

use bon::Builder;
use http::Method;
use serde::Deserialize;

use crate::error::Invalid;
use crate::http::Request;
use crate::operation::Operation;
use crate::pkb::actor::Actor;
use crate::pkb::fhir::MEDIA_TYPE;
use crate::pkb::fhir::resource_address::{resource_address, type_of};
use crate::pkb::{Client, FhirOutcome, Surface};
use crate::{Error, JsonObject, NonEmptyString, document};

crate::operation::call! {
    /// Sends a resource to the Customer API, by your Customer System Client, under the `id` that it has: in place of the one that is there, or as
    /// a new one. PKB's documents show ids of an application's own, and do not say whether they are kept.
    Client::fhir_update: FhirUpdate(FhirUpdateOptions) -> FhirOutcome
}

const ID: &str = "options.resource.id";

/// The options of `fhirUpdate`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct FhirUpdateOptions {
    /// The resource with its `id`, or its JSON text, or that as bytes: text is sent as it is, every digit included.
    #[serde(deserialize_with = "document::given_object")]
    #[cfg_attr(feature = "__binding", schemars(extend("x-host" = "jsonObject")))]
    pub resource: JsonObject,
    /// The version that it is to replace, so that nobody else's change is lost: the `versionId` of what was read, or its `etag`.
    pub if_version: Option<NonEmptyString>,
}
crate::operation::unseen!(FhirUpdateOptions);

impl Operation for FhirUpdate {
    type Client = Client;
    const NAME: &'static str = "fhirUpdate";
    type Options = FhirUpdateOptions;
    type Response = FhirOutcome;

    async fn run(client: &Client, options: FhirUpdateOptions) -> Result<FhirOutcome, Error> {
        let kind = type_of(&options.resource)?;
        let id = options.resource.member("id").and_then(|id| id.string());
        let id = id.ok_or_else(|| Invalid::new(ID, "is missing: it says which is replaced"))?;
        let api = client.settings().endpoints.apis.get(Surface::Customer)?;
        let actor = Actor::customer_system(Surface::Customer, None);
        let address = resource_address(api, &kind, &id, ID)?;
        let mut request = Request::to_address(Method::PUT, address, &format!("{kind}/{{id}}"))
            .accept(MEDIA_TYPE)
            .json(&options.resource)?
            .content_type(MEDIA_TYPE)
            .once();
        if let Some(version) = options.if_version {
            // An entity tag says it as well.
            let version = version.trim_start_matches("W/").trim_matches('"');
            let tag = format!("W/\"{version}\"");
            request = request.header("if-match", &tag, "options.ifVersion")?;
        }
        let response = actor.send(client, request).await?;
        FhirOutcome::of(&response, &kind, Some(id))
    }
}
