//! `fhirSearchResources`: a search of one of PKB's FHIR APIs, resource by resource.

use bon::Builder;
use serde::Deserialize;

use crate::operation::{Operation, PlatformClient};
use crate::pkb::{Client, FhirSearchOptions, FhirSurface, FoundResource, QueryParameters};
use crate::{Callback, Error, NonEmptyString};

crate::operation::call! {
    /// Searches one of PKB's FHIR APIs as `fhirSearch` does, and gives the resources of all pages one after the other, those apart that were
    /// included. A page is asked for when the resources of the one before have been dealt with, so that a search may be left early.
    Client::fhir_search_resources: FhirSearchResources(FhirSearchResourcesOptions) -> ()
}

/// The options of `fhirSearchResources`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct FhirSearchResourcesOptions {
    /// Your own id of the user on whose behalf it is made.
    pub app_user_id: Option<NonEmptyString>,
    /// The public id of the organisation on whose behalf it is made, by your System Client.
    pub org_public_id: Option<NonEmptyString>,
    /// The API that is searched. Default `facade`; `aggregated` and `customer` are called by your Customer System Client. In `aggregated`
    /// `appUserId` says whose data is searched for, and the caller is still that client.
    pub surface: Option<FhirSurface>,
    /// In `aggregated`, beside `appUserId`: the parameter that names the patient, for types of which PKB's documents do not tell it, such as
    /// `subject:Patient.identifier`.
    pub patient_parameter: Option<NonEmptyString>,
    /// What is searched for: `Observation`.
    pub resource_type: NonEmptyString,
    /// The search's parameters: `patient`, `category`, `date`.
    pub parameters: Option<QueryParameters>,
    /// Is given each resource and awaited.
    #[cfg_attr(feature = "__binding", schemars(extend("x-skin" = "iterator")))]
    pub on_resource: Option<Callback<FoundResource>>,
}
crate::operation::unseen!(FhirSearchResourcesOptions);

impl Operation for FhirSearchResources {
    type Client = Client;
    const NAME: &'static str = "fhirSearchResources";
    const ITERATES: bool = true;
    type Options = FhirSearchResourcesOptions;
    type Response = ();

    async fn run(client: &Client, options: FhirSearchResourcesOptions) -> Result<(), Error> {
        let mut counted = client.under_way().begin()?;
        let search = FhirSearchOptions {
            app_user_id: options.app_user_id,
            org_public_id: options.org_public_id,
            surface: options.surface,
            patient_parameter: options.patient_parameter,
            resource_type: options.resource_type,
            parameters: options.parameters,
            on_page: None,
        };
        let mut found = client.search_resources(search)?;
        while let Some(resource) = found.next().await? {
            if let Some(on_resource) = &options.on_resource {
                let handed_out = on_resource.hand_out(resource, client.under_way(), counted);
                counted = handed_out.await?;
            }
        }
        Ok(())
    }
}
