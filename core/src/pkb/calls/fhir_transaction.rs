//! `fhirTransaction`: many requests to PKB's Customer API in one, all or none.

use bon::Builder;
use serde::Deserialize;

use crate::operation::Operation;
use crate::pkb::fhir::bundle;
use crate::pkb::{Client, FhirOutcome};
use crate::{Error, JsonObject, document};

crate::operation::call! {
    /// Sends a `transaction` to the Customer API, by your Customer System Client: all of its entries are done, or none, which is an error. The
    /// outcomes come in the order of the entries. It is sent once, so that nothing is written twice.
    Client::fhir_transaction: FhirTransaction(FhirTransactionOptions) -> Vec<FhirOutcome>
}

/// The options of `fhirTransaction`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct FhirTransactionOptions {
    /// A FHIR `Bundle` of type `transaction`, or its JSON text, or that as bytes: text is sent as it is, every digit included.
    #[serde(deserialize_with = "document::given_object")]
    #[cfg_attr(feature = "__binding", schemars(extend("x-host" = "jsonObject")))]
    pub bundle: JsonObject,
}
crate::operation::unseen!(FhirTransactionOptions);

impl Operation for FhirTransaction {
    type Client = Client;
    const NAME: &'static str = "fhirTransaction";
    type Options = FhirTransactionOptions;
    type Response = Vec<FhirOutcome>;

    async fn run(
        client: &Client,
        options: FhirTransactionOptions,
    ) -> Result<Vec<FhirOutcome>, Error> {
        bundle::send(client, "transaction", &options.bundle).await
    }
}
