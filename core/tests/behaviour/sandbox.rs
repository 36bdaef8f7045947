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
        Self::with(Lifetimes::default()).await
    }

    pub async fn with(lifetimes: Lifetimes) -> Self {
        let file = keys();
        let file = ConfigFile::parse(&file.to_string()).unwrap();
        let config = Config::new(file, &[], lifetimes).unwrap();
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
        let back = self.answer(sent.url.expose(), "accept").await;
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

    /// Lets a person answer the page at this address, and says where they come back to.
    pub async fn answer(&self, url: &str, decision: &str) -> Url {
        let page = self
            .person
            .get(url)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        let field = |name: &'static str| {
            let (_, rest) = page.split_once(&format!(r#"name="{name}" value=""#))?;
            Some((name, rest.split_once('"')?.0.to_owned()))
        };
        let fields = ["code", "sourceType", "source", "storageRef"].into_iter();
        let mut form: Vec<_> = fields.filter_map(field).collect();
        assert_eq!(form[0].0, "code", "there is no form at this address");
        form.push(("decision", decision.to_owned()));
        let consent = self.person.post(url).form(&form).send().await.unwrap();
        Url::parse(consent.headers()["location"].to_str().unwrap()).unwrap()
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

    /// What the last call of each route has said that it comes from.
    pub async fn agents(&self) -> Value {
        let agents = self.person.get(self.control("agents")).send().await;
        agents.unwrap().json().await.unwrap()
    }

    /// From now on each answer says this of the SDK's version.
    pub async fn notice(&self, notice: Value) {
        let told = self.person.put(self.control("notice")).json(&notice);
        assert!(told.send().await.unwrap().status().is_success());
    }

    /// Lets the next calls of a route go wrong.
    pub async fn fault(&self, route: &str, fault: Value, count: u32) {
        let fault = json!({ "route": route, "fault": fault, "count": count });
        let planned = self.person.post(self.control("faults")).json(&fault);
        assert!(planned.send().await.unwrap().status().is_success());
    }

    /// How many refreshes have succeeded.
    pub async fn refreshes(&self) -> u64 {
        self.granted("refresh_token").await
    }

    /// How many tokens were had for what.
    pub async fn granted(&self, grant: &str) -> u64 {
        let requests: Vec<Value> = self
            .person
            .get(self.control("requests"))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let granted = requests
            .iter()
            .filter(|entry| entry["grant"] == grant && entry["status"] == 200);
        granted.map(|entry| entry["count"].as_u64().unwrap()).sum()
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

/// The contract that reads.
pub fn read_contract() -> ContractDetails {
    ContractDetails::new("read".parse().unwrap(), READ_KEY.parse().unwrap())
}

pub fn contract_with(private_key: &str) -> ContractDetails {
    ContractDetails::new("push".parse().unwrap(), private_key.parse().unwrap())
}
