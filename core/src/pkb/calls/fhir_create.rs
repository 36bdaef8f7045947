//! `fhirCreate`: a resource for PKB's Customer API.

use bon::Builder;
use http::Method;
use serde::Deserialize;
use url::Url;

use crate::error::Invalid;
use crate::http::Request;
use crate::operation::Operation;
use crate::pkb::actor::Actor;
use crate::pkb::fhir::MEDIA_TYPE;
use crate::pkb::fhir::resource_address::type_of;
use crate::pkb::{Client, FhirOutcome, QueryParameters, Surface};
use crate::{Error, JsonObject, document};

crate::operation::call! {
    /// Sends a resource to the Customer API, by your Customer System Client, for the server to give it an id. It is sent once, so that nothing is
    /// made twice; with `ifNoneExist` it can be sent again. PKB checks its syntax alone: whether it can be shown in Aggregated PKB tells
    /// otherwise.
    Client::fhir_create: FhirCreate(FhirCreateOptions) -> FhirOutcome
}

/// The options of `fhirCreate`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct FhirCreateOptions {
    /// The resource, or its JSON text, or that as bytes: text is sent as it is, every digit included.
    #[serde(deserialize_with = "document::given_object")]
    #[cfg_attr(feature = "__binding", schemars(extend("x-host" = "jsonObject")))]
    pub resource: JsonObject,
    /// A search: the resource is made only where there is none that it finds (FHIR's conditional create), such as `identifier`.
    pub if_none_exist: Option<QueryParameters>,
}
crate::operation::unseen!(FhirCreateOptions);

impl Operation for FhirCreate {
    type Client = Client;
    const NAME: &'static str = "fhirCreate";
    type Options = FhirCreateOptions;
    type Response = FhirOutcome;

    async fn run(client: &Client, options: FhirCreateOptions) -> Result<FhirOutcome, Error> {
        let kind = type_of(&options.resource)?;
        let api = client.settings().endpoints.apis.get(Surface::Customer)?;
        let actor = Actor::customer_system(Surface::Customer, None);
        let address = api.at(&kind)?;
        let search = options
            .if_none_exist
            .as_ref()
            .map(|search| sought(search, &address));
        let search = search.transpose()?;
        let mut request = Request::to_address(Method::POST, address, &kind)
            .accept(MEDIA_TYPE)
            .json(&options.resource)?
            .content_type(MEDIA_TYPE)
            .once();
        if let Some(search) = search {
            request = request.header("if-none-exist", &search, "options.ifNoneExist")?;
        }
        let response = actor.send(client, request).await?;
        FhirOutcome::of(&response, &kind, None)
    }
}

/// What a conditional create looks for. One that looks for nothing would have no condition.
fn sought(search: &QueryParameters, address: &Url) -> Result<String, Error> {
    let mut sought = address.clone();
    search.add_to(&mut sought);
    let looks_for_all = sought.query_pairs().all(|(_, value)| !value.is_empty());
    let query = sought.query();
    let query = query.filter(|query| looks_for_all && !query.is_empty());
    query.map(str::to_owned).ok_or_else(|| {
        let reason = "must have parameters with a value each: without one the resource would be made each time";
        Invalid::new("options.ifNoneExist", reason).into()
    })
}
