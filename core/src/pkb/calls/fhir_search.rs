//! `fhirSearch`: a search of PKB's FHIR API, page by page.

use bon::Builder;
use serde::Deserialize;

use crate::operation::{Operation, PlatformClient};
use crate::pkb::{Client, FhirSurface, Page, QueryParameters, SearchPages};
use crate::{Callback, Error, NonEmptyString};

crate::operation::call! {
    /// Searches one of PKB's FHIR APIs. The pages are FHIR `Bundle`s; each is asked for when the one before has been dealt with, so that a
    /// search may be left early. Most searches of the Facade (STU3) need `patient`, the public id; those of Aggregated (R4) name the patient
    /// by a parameter of their own, which is filled in where `appUserId` is given. What PKB demands of a search and is not there is
    /// refused before anything is sent.
    Client::fhir_search: FhirSearch(FhirSearchOptions) -> ()
}

/// The options of `fhirSearch`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct FhirSearchOptions {
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
    /// Is given each page and awaited.
    #[cfg_attr(feature = "__binding", schemars(extend("x-skin" = "iterator")))]
    pub on_page: Option<Callback<Page>>,
}
crate::operation::unseen!(FhirSearchOptions);

impl Operation for FhirSearch {
    type Client = Client;
    const NAME: &'static str = "fhirSearch";
    const ITERATES: bool = true;
    type Options = FhirSearchOptions;
    type Response = ();

    async fn run(client: &Client, options: FhirSearchOptions) -> Result<(), Error> {
        let mut counted = client.under_way().begin()?;
        let (mut pages, on_page) = SearchPages::begin(client, options)?;
        while let Some(page) = pages.next().await? {
            if let Some(on_page) = &on_page {
                let handed_out = on_page.hand_out(page, client.under_way(), counted);
                counted = handed_out.await?;
            }
        }
        Ok(())
    }
}
