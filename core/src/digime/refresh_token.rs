//! `refreshToken`: the next pair of tokens for a refresh token that is thereby spent.

use bon::Builder;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Contract, ContractDetails, Token, User, UserAccessToken};
use crate::jwt::verify::{Claims, verify};
use crate::operation::Operation;
use crate::request::{Request, send};
use crate::{Client, Error, Secret};

/// Exchanges the refresh token of a user access token for a new user access token. The old one is spent: store the new one at
/// once. Calls that need it refresh by themselves; this is for refreshing ahead of time.
#[derive(JsonSchema)]
pub struct RefreshToken;

/// The options of `refreshToken`.
#[derive(Debug, Deserialize, JsonSchema, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
pub struct RefreshTokenOptions {
    /// The contract that was consented to.
    pub contract_details: ContractDetails,
    /// The token to replace.
    pub user_access_token: UserAccessToken,
}

impl Operation for RefreshToken {
    type Client = Client;
    const NAME: &'static str = "refreshToken";
    const HEADLINE: &'static str = "Parameters failed validation. props should be a plain object that contains the properties contractDetails and userAccessToken.";
    type Options = RefreshTokenOptions;
    type Response = UserAccessToken;

    async fn run(client: &Client, options: RefreshTokenOptions) -> Result<UserAccessToken, Error> {
        let contract = client.contract(&options.contract_details)?;
        client
            .refreshes()
            .refreshed(client, &contract, &options.user_access_token)
            .await
    }
}

/// The refresh itself. It is sent once: whether a lost answer spent the token cannot be known.
pub(crate) async fn refresh(
    client: &Client,
    contract: &Contract,
    spent: &UserAccessToken,
) -> Result<UserAccessToken, Error> {
    let claims =
        json!({ "grant_type": "refresh_token", "refresh_token": spent.refresh_token.value });
    let mut fresh = token_request(client, contract, claims).await?;
    // RFC 6749 section 6: without a new refresh token, the old one stays good.
    if fresh.refresh_token.value.expose().is_empty() {
        fresh.refresh_token = spent.refresh_token.clone();
    }
    if fresh.user.as_ref().is_none_or(|user| user.id.is_none()) {
        fresh.user.clone_from(&spent.user);
    }
    fresh.consentid = fresh.consentid.or_else(|| spent.consentid.clone());
    Ok(fresh)
}

#[derive(Deserialize)]
struct TokenResponse {
    token: Option<String>,
}

/// A request to the token endpoint, whose parameters are all claims.
pub(super) async fn token_request(
    client: &Client,
    contract: &Contract,
    claims: Value,
) -> Result<UserAccessToken, Error> {
    let request = Request::post(client, "oauth/token")?
        .signed(contract, claims)
        .accept_json()
        .content_type("application/json");
    let response: TokenResponse = send(client, request).await?.json()?;
    user_access_token(&verify(client, response.token.as_deref()).await?)
}

/// The claims as a user access token. Without an access token it is none; the JavaScript SDK's defaults stand in for the rest.
fn user_access_token(claims: &Claims) -> Result<UserAccessToken, Error> {
    let token = |name: &str| {
        let claim = claims.get(name);
        let value = claim
            .and_then(|claim| claim.get("value"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        let expiry = claim
            .and_then(|claim| claim.get("expires_on"))
            .and_then(Value::as_i64)
            .unwrap_or_default();
        Token {
            value: Secret::from(value),
            expiry,
        }
    };
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    let access_token = token("access_token");
    if access_token.value.expose().is_empty() {
        return Err(Error::sdk("the platform's token has no access_token"));
    }
    Ok(UserAccessToken {
        access_token,
        refresh_token: token("refresh_token"),
        user: Some(User { id: text("sub") }),
        consentid: text("consentid"),
    })
}
