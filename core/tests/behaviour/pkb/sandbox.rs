//! A PKB of a test's own, with people who log in and decide.

use std::path::PathBuf;
use std::sync::Arc;

use digime_sandbox::{Announcement, Config as Sandbox, ConfigFile, Lifetimes, Server};
use digime_sdk::connections::{LinkStore, MemoryStore};
use digime_sdk::pkb::{
    Client, CompleteLinkOptions, Config, Endpoints, Environment, GetLinkUrlOptions,
    GetPublicIdOptions, Link, Store, SurfaceEndpoint, SystemClient,
};
use digime_sdk::{Error, Secret, World};
use reqwest::Url;
use reqwest::redirect::Policy;
use serde_json::{Value, json};

use crate::clock::TestClock;
use crate::sandbox::keys;

pub const KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
pub const BOBBY: &str = "bobby.barton@example.com";
pub const MORAG: &str = "morag.specimen@example.com";
pub const CLARA: &str = "clara.careful@example.com";

pub struct Pkb {
    pub announcement: Announcement,
    http: reqwest::Client,
}

impl Pkb {
    pub async fn start() -> Self {
        let file = ConfigFile::parse(&keys().to_string()).unwrap();
        let config = Sandbox::new(file, &[], Lifetimes::default()).unwrap();
        let server = Server::bind(config, 0).await.unwrap();
        let announcement = server.announcement();
        tokio::spawn(server.run());
        let http = reqwest::Client::builder().redirect(Policy::none());
        Self {
            announcement,
            http: http.build().unwrap(),
        }
    }

    pub fn origin(&self) -> &str {
        &self.announcement.addresses.origin
    }

    /// The configuration of an application whose links are in `store`.
    pub fn config(&self, store: Store) -> Config {
        let pkb = &self.announcement.pkb;
        let endpoints = Endpoints::builder()
            .base_url(self.origin())
            .facade(
                SurfaceEndpoint::builder()
                    .token_url(format!("{}/api/oauth/token", self.origin()))
                    .build(),
            )
            .join_url(format!("{}/join/", self.origin()))
            .build();
        let system = SystemClient::builder()
            .client_id(pkb.system.client_id.parse().unwrap())
            .client_secret(pkb.system.client_secret.parse().unwrap())
            .build();
        let mut config = Config::builder()
            .client_id(pkb.client_id.parse().unwrap())
            .redirect_uri("http://127.0.0.1/return".parse().unwrap())
            .environment(Environment::Sandbox)
            .endpoints(endpoints)
            .encryption_key(Secret::from(KEY))
            .system_client(system)
            .build();
        config.store = Some(store);
        config
    }

    /// An application whose links end with it.
    pub fn client(&self) -> Client {
        Client::new(self.config(Store::Memory)).unwrap()
    }

    /// Goes to the address, logs in and presses a button; where the browser is sent then.
    async fn decide(&self, url: &str, login: &str, decision: &str) -> String {
        let page = self.http.get(url).send().await.unwrap();
        assert_eq!(page.status(), 200);
        let page = page.text().await.unwrap();
        let (_, form) = page.split_once("<form").unwrap();
        let (_, action) = form.split_once("action=\"").unwrap();
        let action = format!("{}{}", self.origin(), action.split_once('"').unwrap().0);
        let mut fields = vec![("decision".to_owned(), decision.to_owned())];
        let person = &self.announcement.pkb.people;
        let person = person.iter().find(|person| person.login == login).unwrap();
        fields.push(("login".to_owned(), person.login.to_owned()));
        fields.push(("password".to_owned(), person.password.to_owned()));
        for input in form.split("type=\"hidden\" ").skip(1) {
            let part = |name: &str| {
                let (_, rest) = input.split_once(&format!("{name}=\"")).unwrap();
                let value = rest.split_once('"').unwrap().0;
                value.replace("&amp;", "&").replace("&#38;", "&")
            };
            fields.push((part("name"), part("value")));
        }
        let answer = self.http.post(action).form(&fields).send().await.unwrap();
        assert!(answer.status().is_redirection(), "{}", answer.status());
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    pub async fn approve(&self, url: &str, login: &str) -> String {
        self.decide(url, login, "approve").await
    }

    pub async fn deny(&self, url: &str, login: &str) -> String {
        self.decide(url, login, "deny").await
    }

    /// Where a user comes back to who went to link, and approved.
    pub async fn callback(&self, client: &Client, app_user_id: &str, login: &str) -> String {
        let sent = client.get_link_url(link_url(app_user_id)).await.unwrap();
        self.approve(sent.url.expose(), login).await
    }

    /// Links a user.
    pub async fn link(&self, client: &Client, app_user_id: &str, login: &str) -> Link {
        let callback = self.callback(client, app_user_id, login).await;
        client.complete_link(complete(&callback)).await.unwrap()
    }

    pub fn public_id(&self, login: &str) -> &'static str {
        let people = &self.announcement.pkb.people;
        people
            .iter()
            .find(|person| person.login == login)
            .unwrap()
            .public_id
    }

    pub async fn set_modes(&self, modes: Value) {
        let answer = self
            .http
            .put(self.control("modes"))
            .json(&modes)
            .send()
            .await;
        assert!(answer.unwrap().status().is_success());
    }

    pub async fn turn(&self, control: &str, body: Value) {
        let answer = self
            .http
            .post(self.control(control))
            .json(&body)
            .send()
            .await;
        assert!(answer.unwrap().status().is_success());
    }

    pub async fn expire_access_tokens(&self) {
        self.turn("expire-access-tokens", json!({})).await;
    }

    /// Lets the next calls of a route go wrong.
    pub async fn fault(&self, route: &str, fault: Value, count: u32) {
        let fault = json!({ "route": route, "fault": fault, "count": count });
        let url = format!("{}/_sandbox/faults", self.origin());
        let answer = self.http.post(url).json(&fault).send().await.unwrap();
        assert!(
            answer.status().is_success(),
            "{}",
            answer.text().await.unwrap()
        );
    }

    /// How often something happened since the start.
    pub async fn tally(&self, what: &str) -> u64 {
        let tally = self.http.get(self.control("tally")).send().await.unwrap();
        tally.json::<Value>().await.unwrap()[what].as_u64().unwrap()
    }

    fn control(&self, name: &str) -> String {
        format!("{}/_sandbox/pkb/{name}", self.origin())
    }
}

pub fn link_url(app_user_id: &str) -> GetLinkUrlOptions {
    GetLinkUrlOptions::builder()
        .app_user_id(app_user_id.parse().unwrap())
        .build()
}

pub fn complete(callback: &str) -> CompleteLinkOptions {
    CompleteLinkOptions::builder()
        .callback_url(callback.parse().unwrap())
        .any_user(true)
        .build()
}

pub fn parameter(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).unwrap();
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

pub async fn public_id(client: &Client, app_user_id: &str) -> Result<String, Error> {
    let options = GetPublicIdOptions::builder().app_user_id(app_user_id.parse().unwrap());
    client.get_public_id(options.build()).await
}

/// A file for a SQLite store; it goes with the folder.
pub fn file(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("links.db")
}

/// Links in memory that several clients share, as they would a database.
pub fn shared() -> (Store, Arc<MemoryStore>) {
    let store = Arc::new(MemoryStore::default());
    (Store::Own(Arc::clone(&store) as Arc<dyn LinkStore>), store)
}

pub fn at(config: Config, clock: &Arc<TestClock>) -> Client {
    let world = World {
        clock: Arc::clone(clock) as Arc<_>,
        ..World::real().unwrap()
    };
    Client::in_world(config, world).unwrap()
}
