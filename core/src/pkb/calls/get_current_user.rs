//! `getCurrentUser`: who a patient is, by PKB's REST API.

use bon::Builder;
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::http::Request;
use crate::operation::Operation;
use crate::pkb::actor::Actor;
use crate::pkb::{Client, NationalId, Surface};
use crate::{Error, NonEmptyString};

crate::operation::call! {
    /// The patient's demographics and national identifiers, as PKB has them. What PKB leaves empty is left out.
    Client::get_current_user: GetCurrentUser(GetCurrentUserOptions) -> CurrentUser
}

/// The options of `getCurrentUser`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetCurrentUserOptions {
    /// Your own id of the user.
    pub app_user_id: NonEmptyString,
}
crate::operation::unseen!(GetCurrentUserOptions);

/// A user of PKB's.
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct CurrentUser {
    /// PKB's internal id, which is not the public id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whether they are a patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<bool>,
    /// `Dr.`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Date of birth, `2000-01-31`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dob: Option<String>,
    /// When they died, as PKB writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_deceased: Option<String>,
    /// The sex assigned at birth: `M`, `F`, `I` (indeterminate) or `U` (unknown).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// Email address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// First line of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address1: Option<String>,
    /// Second line of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address2: Option<String>,
    /// Town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State or county.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country, as ISO 3166-2 has it: `GB-ENG`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Height in centimetres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height_cm: Option<f64>,
    /// Weight in kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_kg: Option<f64>,
    /// National identifiers, with their FHIR identifier systems.
    pub national_ids: Vec<NationalId>,
}

/// Demographics: nothing of them is shown.
impl std::fmt::Debug for CurrentUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CurrentUser")
    }
}

impl Operation for GetCurrentUser {
    type Client = Client;
    const NAME: &'static str = "getCurrentUser";
    type Options = GetCurrentUserOptions;
    type Response = CurrentUser;

    async fn run(client: &Client, options: GetCurrentUserOptions) -> Result<CurrentUser, Error> {
        read(client, options.app_user_id).await
    }
}

/// Asks PKB who the user is.
pub(super) async fn read(
    client: &Client,
    app_user_id: NonEmptyString,
) -> Result<CurrentUser, Error> {
    let address = client.settings().endpoints.current_user.clone();
    let request = Request::to_address(Method::GET, address, "users/self").accept_json();
    let actor = Actor::patient(Surface::Rest, app_user_id);
    let user: Value = actor.send(client, request).await?.json()?;
    Ok(CurrentUser::of(&user))
}

impl CurrentUser {
    /// PKB writes most things as strings, numbers too, and what is unknown as null or an empty string.
    fn of(user: &Value) -> Self {
        let text = |name: &str| match &user[name] {
            Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let number = |name: &str| text(name)?.trim().parse().ok();
        let ids = user["nationalIds"].as_array().into_iter().flatten();
        Self {
            id: text("id"),
            patient: user["patient"].as_bool(),
            title: text("title"),
            first_name: text("firstName"),
            last_name: text("lastName"),
            dob: text("dob"),
            date_deceased: text("dateDeceased"),
            gender: text("gender"),
            email: text("email"),
            phone: text("phone"),
            address1: text("address1"),
            address2: text("address2"),
            city: text("city"),
            state: text("state"),
            postal_code: text("postalCode"),
            country: text("country"),
            height_cm: number("heightCm"),
            weight_kg: number("weightKg"),
            national_ids: ids
                .filter_map(|id| NationalId::deserialize(id).ok())
                .map(NationalId::with_system)
                .collect(),
        }
    }
}
