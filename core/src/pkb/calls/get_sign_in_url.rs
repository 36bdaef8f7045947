//! `getSignInUrl`: PKB's own pages, opened for a patient who need not log in again.

use bon::Builder;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::error::Invalid;
use crate::http::{Request, Response};
use crate::operation::Operation;
use crate::pkb::actor::Actor;
use crate::pkb::fhir::operation_outcome::json;
use crate::pkb::meaning::makes_no_sense;
use crate::pkb::{Client, Surface};
use crate::{Error, NonEmptyString, Secret};

crate::operation::call! {
    /// Says where to send a patient's browser so that it opens a page of PKB's without their logging in there: with a one-time password, for
    /// which PKB is asked as the patient. Ask for each click anew, and **keep the address out of logs**: it logs in. PKB configures for
    /// which clients, and which users, this is open.
    Client::get_sign_in_url: GetSignInUrl(GetSignInUrlOptions) -> GetSignInUrlResponse
}

/// The options of `getSignInUrl`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetSignInUrlOptions {
    /// Your own id of the user.
    pub app_user_id: NonEmptyString,
    /// The page, from PKB's host on: `/auth/patientSummary.action?tab=patientSummary`.
    pub path: NonEmptyString,
}
crate::operation::unseen!(GetSignInUrlOptions);

/// Where to send the patient.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetSignInUrlResponse {
    /// The address to redirect the patient's browser to. It serves once.
    pub url: Secret<String>,
}

impl Operation for GetSignInUrl {
    type Client = Client;
    const NAME: &'static str = "getSignInUrl";
    type Options = GetSignInUrlOptions;
    type Response = GetSignInUrlResponse;

    async fn run(
        client: &Client,
        options: GetSignInUrlOptions,
    ) -> Result<GetSignInUrlResponse, Error> {
        let path: &str = &options.path;
        // What begins with two slashes, of either kind, is the address of another host to a browser.
        let is_here = path.starts_with('/') && !path[1..].starts_with(['/', '\\']);
        if !is_here || path.contains(|letter: char| letter.is_ascii_control()) {
            let reason = "must be a path at PKB's host, from its slash on";
            return Err(Invalid::new("options.path", reason).into());
        }
        let endpoints = &client.settings().endpoints;
        let password = endpoints.one_time_password.as_ref().ok_or_else(|| {
            Invalid::new(
                "config.endpoints.oneTimePassword",
                "is missing: PKB does not document in public where it gives one-time passwords; ask PKB for path, method and the member of the answer",
            )
        })?;
        let request = Request::to_address(
            password.method.as_http(),
            password.address.clone(),
            "the one-time password",
        )
        .accept_json()
        .once();
        let actor = Actor::patient(Surface::Rest, options.app_user_id);
        let response = actor.send(client, request).await?;
        let password = one_time_password(&response, password.member.as_deref())?;
        Ok(GetSignInUrlResponse {
            url: String::from(address(client, &password, path)).into(),
        })
    }
}

/// The password of an answer: its member of this name, or, where there is to be none, the answer itself.
fn one_time_password(response: &Response, member: Option<&str>) -> Result<Secret<String>, Error> {
    let document = json(response);
    let text = match member {
        Some(name) => document.and_then(|answer| answer.member(name)?.string()),
        None => match document {
            Some(answer) => answer.string(),
            None => std::str::from_utf8(&response.body).ok().map(str::to_owned),
        },
    };
    let text = text.map(|text| text.trim().to_owned());
    // A page in its place is none.
    let is_one = |text: &String| !text.is_empty() && !text.contains(['<', ' ', '\n']);
    text.filter(is_one).map(Secret::from).ok_or_else(|| {
        let said = "has no password where endpoints.oneTimePassword says";
        makes_no_sense(response, said)
    })
}

fn address(client: &Client, password: &Secret<String>, path: &str) -> Url {
    let mut address = client.settings().endpoints.sign_in.clone();
    address
        .query_pairs_mut()
        .append_pair("otpToken", password.expose())
        .append_pair("redirect_uri", path);
    address
}
