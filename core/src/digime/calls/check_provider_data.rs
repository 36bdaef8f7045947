//! `checkProviderData`: what a care provider may refuse of what is to be pushed.

use bon::Builder;
use serde::Deserialize;

use crate::digime::medmij;
use crate::digime::{Client, FhirVersion, ProviderDataFinding};
use crate::operation::Operation;
use crate::{Error, JsonObject, document};

crate::operation::call! {
    /// Looks at FHIR data before `pushData` sends it to a care provider of `MedMij`, and says what is certain to be refused there, an `error`, and
    /// what may be, a `warning`; nothing where nothing is known against it. It asks nobody, and changes nothing. `check` of `pushData` does the same, and
    /// pushes nothing that has an error.
    Client::check_provider_data: CheckProviderData(CheckProviderDataOptions) -> Vec<ProviderDataFinding>
}

/// The options of `checkProviderData`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct CheckProviderDataOptions {
    /// The FHIR resource, most often a Bundle, as `pushData` takes it: as an object, as its JSON text, or as that in bytes.
    #[serde(deserialize_with = "document::given_object")]
    #[cfg_attr(feature = "__binding", schemars(extend("x-host" = "jsonObject")))]
    pub data: JsonObject,
    /// The FHIR release.
    pub version: FhirVersion,
}
crate::operation::unseen!(CheckProviderDataOptions);

impl Operation for CheckProviderData {
    type Client = Client;
    const NAME: &'static str = "checkProviderData";
    type Options = CheckProviderDataOptions;
    type Response = Vec<ProviderDataFinding>;

    async fn run(
        _: &Client,
        options: CheckProviderDataOptions,
    ) -> Result<Vec<ProviderDataFinding>, Error> {
        Ok(medmij::findings(&options.data))
    }
}
