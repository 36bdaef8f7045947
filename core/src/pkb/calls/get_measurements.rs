//! `getMeasurements`: what a patient has measured, as PKB's REST API tells it.

use bon::Builder;
use http::Method;
use serde::Deserialize;

use crate::http::Request;
use crate::operation::Operation;
use crate::pkb::actor::Actor;
use crate::pkb::{Client, QueryParameters, Surface};
use crate::{Document, Error, NonEmptyString};

crate::operation::call! {
    /// The patient's measurements, those that they typed in and those of connected devices among them, as PKB's REST API tells them: each
    /// with its values, when it was taken and when it was entered. PKB has no filter by time. It documents neither the form of the
    /// answer, which is handed on as it came, nor how types are listed in the query.
    Client::get_measurements: GetMeasurements(GetMeasurementsOptions) -> Document
}

/// The options of `getMeasurements`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetMeasurementsOptions {
    /// Your own id of the user.
    pub app_user_id: NonEmptyString,
    /// Parameters for the query: PKB wants all types listed by their `apiRef`, which `getMeasurementTypes` tells, and does not document
    /// under which name.
    pub query: Option<QueryParameters>,
}
crate::operation::unseen!(GetMeasurementsOptions);

impl Operation for GetMeasurements {
    type Client = Client;
    const NAME: &'static str = "getMeasurements";
    type Options = GetMeasurementsOptions;
    type Response = Document;

    async fn run(client: &Client, options: GetMeasurementsOptions) -> Result<Document, Error> {
        let rest = &client.settings().endpoints.apis.rest;
        let mut address = rest.at("v2-beta/measurements")?;
        options.query.unwrap_or_default().add_to(&mut address);
        let request = Request::to_address(Method::GET, address, "measurements").accept_json();
        let actor = Actor::patient(Surface::Rest, options.app_user_id);
        actor.send(client, request).await?.json()
    }
}
