//! A client of the sandbox, and the steps that lead a user through it.

mod answer;
mod call;
mod cloud;
mod customer;
mod pkb;
mod reading;
mod signing;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use digime_sandbox::{Announcement, Config, ConfigFile, Lifetimes, Pace, PkbSettings, Server};
use reqwest::{Client, Method, redirect};
use rsa::pkcs1::{EncodeRsaPrivateKey, LineEnding};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

pub use answer::{Answer, Tokens};
pub use call::Call;
pub use cloud::Cloud;
pub use customer::{Customer, NHS, organization, patient};
pub use pkb::{Pkb, PkbTokens};
pub use reading::{Reader, described, names, open};
pub use signing::{claims, key, make_key, nonce, now_ms, sign};

pub const REDIRECT_URI: &str = "http://localhost:8081/return";
pub const VERIFIER: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";

pub fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))
}

/// The claims that `oauth/authorize` wants beside those of every call.
pub fn authorize_claims() -> Value {
    json!({
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
        "redirect_uri": REDIRECT_URI,
        "response_mode": "query",
        "response_type": "code",
        "state": "a&b=c d/é?",
    })
}

pub fn agent() -> Value {
    json!({ "agent": { "sdk": { "name": "nodejs", "version": "16.1.5", "meta": {} } } })
}

#[derive(Clone, Copy)]
pub enum Contract {
    Push,
    Read,
}

pub struct Sandbox {
    pub announcement: Announcement,
    pub http: Client,
}

impl Sandbox {
    pub async fn start() -> Self {
        Self::start_with(Lifetimes::default()).await
    }

    pub async fn start_with(lifetimes: Lifetimes) -> Self {
        Self::start_paced(lifetimes, Pace::default()).await
    }

    pub async fn start_paced(lifetimes: Lifetimes, pace: Pace) -> Self {
        Self::start_beside(&json!({}), PkbSettings::default(), lifetimes, pace).await
    }

    async fn start_beside(
        pkb: &Value,
        settings: PkbSettings,
        lifetimes: Lifetimes,
        pace: Pace,
    ) -> Self {
        let pem = key().to_pkcs1_pem(LineEnding::LF).unwrap().to_string();
        let file = json!({
            "applicationId": "app",
            "contracts": {
                "push": { "contractId": "push-contract", "privateKey": pem },
                "read": { "contractId": "read-contract", "privateKey": pem },
            },
            "platformKey": pem,
            "pkb": pkb,
        });
        let file = ConfigFile::parse(&file.to_string()).unwrap();
        let redirect_uris = ["https://app.example/return?kept=1".to_owned()];
        let config = Config::new(file, &redirect_uris, lifetimes)
            .unwrap()
            .with_pace(pace)
            .with_pkb(settings);
        let server = Server::bind(config, 0).await.unwrap();
        let announcement = server.announcement();
        tokio::spawn(server.run());
        let http = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self { announcement, http }
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.announcement.addresses.origin)
    }

    pub fn call(&self, method: Method, path: &str) -> Call<'_> {
        Call::new(self, method, path)
    }

    pub fn post(&self, path: &str) -> Call<'_> {
        self.call(Method::POST, path)
    }

    pub fn authorize(&self) -> Call<'_> {
        self.post("oauth/authorize")
            .claims(authorize_claims())
            .json(&agent())
    }

    /// A code for the consent page.
    pub async fn preauthorize(&self, contract: Contract) -> String {
        let answer = self.authorize().of(contract).send().await;
        let claims = claims(&answer.json["token"]);
        claims["preauthorization_code"].as_str().unwrap().to_owned()
    }

    /// Shows the consent page.
    pub async fn ask(&self, code: &str, query: &str) -> Answer {
        let url = self.at(&format!("/apps/saas/authorize?code={code}&{query}"));
        Answer::of(self.http.get(url)).await
    }

    /// Sends the consent form.
    pub async fn decide(&self, form: &[(&str, &str)]) -> Answer {
        self.submit(&self.at("/apps/saas/authorize"), form).await
    }

    /// Sends the form of a page.
    pub async fn submit(&self, page: &str, form: &[(&str, &str)]) -> Answer {
        let form = Url::parse_with_params("http://form/", form).unwrap();
        let request = self
            .http
            .post(page)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.query().unwrap_or_default().to_owned());
        Answer::of(request).await
    }

    /// Lets a person agree to push to the general practitioner; the answer leads back to the application.
    pub async fn accept(&self, code: &str) -> Answer {
        self.decide(&[
            ("code", code),
            ("sourceType", "push"),
            ("source", "19"),
            ("decision", "accept"),
        ])
        .await
    }

    /// An authorization code of the push contract.
    pub async fn authorization_code(&self) -> String {
        let code = self.preauthorize(Contract::Push).await;
        self.accept(&code).await.returned("code").unwrap()
    }

    pub fn exchange(&self, code: &str) -> Call<'_> {
        self.post("oauth/token").claims(json!({
            "code": code,
            "code_verifier": VERIFIER,
            "grant_type": "authorization_code",
        }))
    }

    pub fn refresh(&self, refresh_token: &str) -> Call<'_> {
        let claims = json!({ "grant_type": "refresh_token", "refresh_token": refresh_token });
        self.post("oauth/token").claims(claims)
    }

    /// The tokens of a user of the push contract.
    pub async fn tokens(&self) -> Tokens {
        let code = self.authorization_code().await;
        self.exchange(&code).send().await.tokens()
    }

    pub fn accounts(&self, access_token: &str) -> Call<'_> {
        let claims = json!({ "access_token": access_token });
        self.call(Method::GET, "permission-access/accounts")
            .claims(claims)
    }

    pub async fn control(&self, method: Method, path: &str) -> Value {
        Answer::of(
            self.http
                .request(method, self.at(&format!("/_sandbox/{path}"))),
        )
        .await
        .json
    }
}
