//! `getMeasurementTypes`: what can be measured, as PKB's REST API tells everybody.

use bon::Builder;
use http::Method;
use serde::Deserialize;

use crate::http::{Request, exchange};
use crate::operation::Operation;
use crate::pkb::actor::Actor;
use crate::pkb::meaning::check;
use crate::pkb::{Client, Surface};
use crate::{Document, Error, NonEmptyString};

crate::operation::call! {
    /// What can be measured: of each type its name, its `apiRef`, its category and units. PKB does not document the form of the answer, which
    /// is handed on as it came.
    Client::get_measurement_types: GetMeasurementTypes(GetMeasurementTypesOptions) -> Document
}

/// The options of `getMeasurementTypes`.
#[derive(Default, Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetMeasurementTypesOptions {
    /// Your own id of a user on whose behalf it is asked. PKB calls the list public, so by default nobody's token is sent along.
    pub app_user_id: Option<NonEmptyString>,
}
crate::operation::unseen!(GetMeasurementTypesOptions);

impl Operation for GetMeasurementTypes {
    type Client = Client;
    const NAME: &'static str = "getMeasurementTypes";
    type Options = GetMeasurementTypesOptions;
    type Response = Document;

    async fn run(client: &Client, options: GetMeasurementTypesOptions) -> Result<Document, Error> {
        let rest = &client.settings().endpoints.apis.rest;
        let address = rest.at("v2-beta/measurements/apiRefs")?;
        let request =
            Request::to_address(Method::GET, address, "measurements/apiRefs").accept_json();
        let response = if let Some(user) = options.app_user_id {
            Actor::patient(Surface::Rest, user)
                .send(client, request)
                .await?
        } else {
            let request = rest.request(request);
            let response = exchange(client, &request).await?;
            check(client, response, request.label())?
        };
        response.json()
    }
}
