//! `fhirBatch`: many requests to PKB's Customer API in one, each for itself.

use bon::Builder;
use serde::Deserialize;

use crate::operation::Operation;
use crate::pkb::fhir::bundle;
use crate::pkb::{Client, FhirOutcome};
use crate::{Error, JsonObject, document};

crate::operation::call! {
    /// Sends a `batch` to the Customer API, by your Customer System Client: each entry is done or refused by itself, so look at the `statusCode` of
    /// each outcome. They come in the order of the entries. It is sent once, so that nothing is written twice.
    Client::fhir_batch: FhirBatch(FhirBatchOptions) -> Vec<FhirOutcome>
}

/// The options of `fhirBatch`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct FhirBatchOptions {
    /// A FHIR `Bundle` of type `batch`, or its JSON text, or that as bytes: text is sent as it is, every digit included.
    #[serde(deserialize_with = "document::given_object")]
    #[cfg_attr(feature = "__binding", schemars(extend("x-host" = "jsonObject")))]
    pub bundle: JsonObject,
}
crate::operation::unseen!(FhirBatchOptions);

impl Operation for FhirBatch {
    type Client = Client;
    const NAME: &'static str = "fhirBatch";
    type Options = FhirBatchOptions;
    type Response = Vec<FhirOutcome>;

    async fn run(client: &Client, options: FhirBatchOptions) -> Result<Vec<FhirOutcome>, Error> {
        bundle::send(client, "batch", &options.bundle).await
    }
}
