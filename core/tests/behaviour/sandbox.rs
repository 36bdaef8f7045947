//! A sandbox of a test's own, with a person who consents at once.

use digime_sandbox::{Announcement, Config, ConfigFile, Lifetimes, Server};
use digime_sdk::digime::Client;
use digime_sdk::digime::{
    ContractDetails, ExchangeCodeForTokenOptions, GetAuthorizeUrlOptions, SourceType,
    UserAccessToken,
};
use reqwest::Url;
use reqwest::redirect::Policy;
use serde_json::{Value, json};

pub const CONTRACT_KEY: &str = include_str!("../../../tests/conformance/keys/contract.pkcs1.pem");
const READ_KEY: &str = include_str!("../../../tests/conformance/keys/other.pkcs1.pem");
pub const PLATFORM_KEY: &str = include_str!("../../../tests/conformance/keys/platform.pkcs1.pem");

pub struct Sandbox {
    pub announcement: Announcement,
    person: reqwest::Client,
}

impl Sandbox {
    pub async fn start() -> Self {
        let file = keys();
        let file = ConfigFile::parse(&file.to_string()).unwrap();
        let config = Config::new(file, &[], Lifetimes::default()).unwrap();
        let server = Server::bind(config, 0).await.unwrap();
        let announcement = server.announcement();
        tokio::spawn(server.run());
        let person = reqwest::Client::builder()
            .redirect(Policy::none())
            .build()
            .unwrap();
        Self {
            announcement,
            person,
        }
    }

    pub fn config(&self) -> digime_sdk::digime::Config {
        let mut config =
            digime_sdk::digime::Config::new(self.announcement.application_id.parse().unwrap());
        config.base_url = Some(self.announcement.addresses.base_url.clone());
        config.onboard_url = Some(self.announcement.addresses.onboard_url.clone());
        config
    }

    pub fn client(&self) -> Client {
        Client::new(self.config()).unwrap()
    }

    /// Sends a person to consent, and says what they come back with.
    pub async fn consent(
        &self,
        client: &Client,
        source_type: SourceType,
    ) -> (UserAccessToken, String) {
        let mut options = GetAuthorizeUrlOptions::builder()
            .contract_details(contract_with(CONTRACT_KEY))
            .callback("http://127.0.0.1/return".parse().unwrap())
            .state("state-1")
            .build();
        options.source_type = Some(source_type);
        let sent = client.get_authorize_url(options).await.unwrap();
        let page = self
            .person
            .get(sent.url.expose())
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        let field = |name: &str| {
            let (_, rest) = page
                .split_once(&format!(r#"name="{name}" value=""#))
                .unwrap();
            rest.split_once('"').unwrap().0.to_owned()
        };
        let form = [("decision", "accept".to_owned())]
            .into_iter()
            .chain(["code", "sourceType", "source"].map(|name| (name, field(name))));
        let form: Vec<_> = form.collect();
        let consent = self
            .person
            .post(sent.url.expose())
            .form(&form)
            .send()
            .await
            .unwrap();
        let back = Url::parse(consent.headers()["location"].to_str().unwrap()).unwrap();
        let parameter = |name: &str| {
            back.query_pairs()
                .find(|(key, _)| key == name)
                .unwrap()
                .1
                .into_owned()
        };
        assert_eq!(parameter("state"), "state-1");
        let exchange = ExchangeCodeForTokenOptions::builder()
            .contract_details(contract_with(CONTRACT_KEY))
            .code_verifier(sent.code_verifier.expose().parse().unwrap())
            .authorization_code(parameter("code").parse().unwrap())
            .build();
        let token = client.exchange_code_for_token(exchange).await.unwrap();
        (token, parameter("accountReference"))
    }

    pub async fn expire_access_tokens(&self) {
        self.person
            .post(self.control("expire-access-tokens"))
            .send()
            .await
            .unwrap();
    }

    pub async fn pushed(&self) -> Vec<Value> {
        self.person
            .get(self.control("pushed"))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    /// How many refreshes have succeeded.
    pub async fn refreshes(&self) -> u64 {
        let requests: Vec<Value> = self
            .person
            .get(self.control("requests"))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let refreshes = requests
            .iter()
            .filter(|entry| entry["grant"] == "refresh_token" && entry["status"] == 200);
        refreshes
            .map(|entry| entry["count"].as_u64().unwrap())
            .sum()
    }

    fn control(&self, name: &str) -> String {
        format!("{}/_sandbox/{name}", self.announcement.addresses.origin)
    }
}

/// A configuration with keys that exist already: making them takes longer than any test.
pub fn keys() -> Value {
    json!({
        "contracts": {
            "push": { "contractId": "push", "privateKey": CONTRACT_KEY },
            "read": { "contractId": "read", "privateKey": READ_KEY },
        },
        "platformKey": PLATFORM_KEY,
    })
}

pub fn contract_with(private_key: &str) -> ContractDetails {
    ContractDetails::new("push".parse().unwrap(), private_key.parse().unwrap())
}
