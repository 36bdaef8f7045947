//! `addMeasurement`: a measurement is added to a patient's record, as the patient.

use bon::Builder;
use http::Method;
use serde::Deserialize;

use crate::http::Request;
use crate::operation::Operation;
use crate::pkb::actor::Actor;
use crate::pkb::{ApiResponse, Client, Surface};
use crate::{Error, JsonObject, NonEmptyString, document};

crate::operation::call! {
    /// Adds a measurement to the patient's record, as the patient. It is sent once, so that nothing is added twice. PKB documents neither the
    /// form of a measurement, which is sent as you give it, nor what it answers.
    Client::add_measurement: AddMeasurement(AddMeasurementOptions) -> ApiResponse
}

/// The options of `addMeasurement`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct AddMeasurementOptions {
    /// Your own id of the user.
    pub app_user_id: NonEmptyString,
    /// The measurement as PKB has it, or its JSON text, or that as bytes: text is sent as it is, every digit included.
    #[serde(deserialize_with = "document::given_object")]
    #[cfg_attr(feature = "__binding", schemars(extend("x-host" = "jsonObject")))]
    pub measurement: JsonObject,
}
crate::operation::unseen!(AddMeasurementOptions);

impl Operation for AddMeasurement {
    type Client = Client;
    const NAME: &'static str = "addMeasurement";
    type Options = AddMeasurementOptions;
    type Response = ApiResponse;

    async fn run(client: &Client, options: AddMeasurementOptions) -> Result<ApiResponse, Error> {
        let rest = &client.settings().endpoints.apis.rest;
        let address = rest.at("v1/measurements")?;
        let request = Request::to_address(Method::POST, address, "measurements")
            .accept_json()
            .once()
            .json(&options.measurement)?;
        let actor = Actor::patient(Surface::Rest, options.app_user_id);
        let response = actor.send(client, request).await?;
        Ok(ApiResponse::of(&response))
    }
}
