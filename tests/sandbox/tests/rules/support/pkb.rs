//! A client of Patients Know Best, and the steps that lead a person through it.

use digime_sandbox::{AnnouncedPerson, AnnouncedPkb, Lifetimes, Pace, PkbSettings};
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use crate::support::{Answer, Customer, NHS, REDIRECT_URI, Sandbox};

pub struct Pkb {
    pub sandbox: Sandbox,
}

pub struct PkbTokens {
    pub access: String,
    pub refresh: String,
}

/// A request that is right in every way until a test breaks one rule.
pub struct Request<'a> {
    pkb: &'a Pkb,
    url: String,
    parameters: Vec<(String, String)>,
    headers: Vec<(&'static str, String)>,
}

impl Pkb {
    pub async fn start() -> Self {
        Self::start_with(PkbSettings::default()).await
    }

    pub async fn start_with(settings: PkbSettings) -> Self {
        Self::start_from(&json!({}), settings).await
    }

    /// With clients as a configuration file gives them.
    pub async fn start_from(file: &Value, settings: PkbSettings) -> Self {
        let (lifetimes, pace) = (Lifetimes::default(), Pace::default());
        let sandbox = Sandbox::start_beside(file, settings, lifetimes, pace).await;
        Self { sandbox }
    }

    pub fn announced(&self) -> &AnnouncedPkb {
        &self.sandbox.announcement.pkb
    }

    pub fn person(&self, name: &str) -> &AnnouncedPerson {
        let mut people = self.announced().people.iter();
        people.find(|person| person.name.starts_with(name)).unwrap()
    }

    pub fn request(&self, url: &str, parameters: &[(&str, &str)]) -> Request<'_> {
        let owned = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        Request {
            pkb: self,
            url: url.to_owned(),
            parameters: parameters.iter().map(owned).collect(),
            headers: Vec::new(),
        }
    }

    /// What sends a patient to approve.
    pub fn authorize(&self) -> Request<'_> {
        let announced = self.announced();
        self.request(
            &announced.addresses.authorize_url,
            &[
                ("response_type", "code"),
                ("client_id", &announced.client_id),
                ("redirect_uri", REDIRECT_URI),
                ("scope", "PATIENT"),
                ("state", "a&b=c d/é?"),
            ],
        )
    }

    /// What the page sends when somebody approves.
    pub fn approve(&self, name: &str) -> Request<'_> {
        let person = self.person(name);
        self.authorize()
            .with("login", person.login)
            .with("password", person.password)
            .with("decision", "approve")
    }

    pub async fn code(&self, name: &str) -> String {
        self.approve(name).post().await.returned("code").unwrap()
    }

    pub fn exchange(&self, code: &str) -> Request<'_> {
        let announced = self.announced();
        self.request(
            &announced.addresses.token_url,
            &[
                ("grant_type", "authorization_code"),
                ("client_id", &announced.client_id),
                ("code", code),
                ("redirect_uri", REDIRECT_URI),
            ],
        )
    }

    pub fn refresh(&self, refresh_token: &str) -> Request<'_> {
        let announced = self.announced();
        self.request(
            &announced.addresses.token_url,
            &[
                ("grant_type", "refresh_token"),
                ("client_id", &announced.client_id),
                ("refresh_token", refresh_token),
            ],
        )
    }

    /// The tokens of somebody who approved.
    pub async fn tokens(&self, name: &str) -> PkbTokens {
        let code = self.approve(name).without("scope").post().await;
        let code = code.returned("code").unwrap();
        self.exchange(&code).post().await.pkb_tokens()
    }

    pub fn system_token(&self) -> Request<'_> {
        let system = &self.announced().system;
        self.request(
            &self.announced().addresses.system_token_url,
            &[
                ("grant_type", "client_credentials"),
                ("client_id", &system.client_id),
                ("client_secret", &system.client_secret),
            ],
        )
    }

    pub fn customer_token(&self) -> Request<'_> {
        let customer = &self.announced().customer;
        self.request(
            &customer.addresses.token_url,
            &[
                ("grant_type", "client_credentials"),
                ("client_id", &customer.client_id),
                ("client_secret", &customer.client_secret),
            ],
        )
    }

    /// The customer system client with a token, and Bobby in its organisation.
    pub async fn customer(&self) -> Customer<'_> {
        let customer = Customer::of(self).await;
        customer.join(NHS, "9991566171").await;
        customer
    }

    /// A call of an API.
    pub fn call(&self, access_token: &str, path: &str) -> Request<'_> {
        self.request(&self.sandbox.at(path), &[])
            .header("authorization", &format!("Bearer {access_token}"))
    }

    pub async fn control(&self, path: &str) -> Value {
        let path = format!("pkb/{path}");
        self.sandbox.control(Method::POST, &path).await
    }

    pub async fn tally(&self) -> Value {
        self.sandbox.control(Method::GET, "pkb/tally").await
    }

    pub async fn set_modes(&self, modes: &Value) -> Answer {
        let request = self
            .sandbox
            .http
            .put(self.sandbox.at("/_sandbox/pkb/modes"))
            .header("content-type", "application/json")
            .body(modes.to_string());
        Answer::of(request).await
    }

    /// Lets the next calls of a route go wrong.
    pub async fn plan_fault(&self, plan: &Value) {
        let request = self
            .sandbox
            .http
            .post(self.sandbox.at("/_sandbox/faults"))
            .header("content-type", "application/json")
            .body(plan.to_string());
        Answer::of(request).await.assert_ok(204);
    }
}

impl Request<'_> {
    /// Sets a parameter.
    pub fn with(self, name: &str, value: &str) -> Self {
        self.without(name).and(name, value)
    }

    /// Adds a parameter, even if it is there.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.parameters.retain(|(known, _)| known != name);
        self
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Sends the parameters in the address.
    pub async fn get(self) -> Answer {
        Answer::of(self.built(Method::GET)).await
    }

    /// Sends the parameters as a form.
    pub async fn post(self) -> Answer {
        Answer::of(self.form()).await
    }

    /// The form, not sent yet.
    pub fn form(self) -> reqwest::RequestBuilder {
        let content_type = "application/x-www-form-urlencoded";
        let mut form = Url::parse("http://form/").unwrap();
        form.query_pairs_mut().extend_pairs(&self.parameters);
        let headers = self.headers.clone();
        let request = Self {
            parameters: Vec::new(),
            ..self
        };
        let request = if headers.iter().any(|(name, _)| *name == "content-type") {
            request
        } else {
            request.header("content-type", content_type)
        };
        request
            .built(Method::POST)
            .body(form.query().unwrap_or_default().to_owned())
    }

    pub async fn delete(self) -> Answer {
        Answer::of(self.built(Method::DELETE)).await
    }

    /// Sends a text that is said to be FHIR.
    pub async fn send_fhir(self, method: Method, body: &str) -> Answer {
        let request = self.header("content-type", "application/fhir+json");
        Answer::of(request.built(method).body(body.to_owned())).await
    }

    /// Sends a body of JSON.
    pub async fn post_json(self, body: &Value) -> Answer {
        let request = self.header("content-type", "application/json");
        Answer::of(request.built(Method::POST).body(body.to_string())).await
    }

    /// The same, said to be FHIR.
    pub async fn post_fhir(self, body: &Value) -> Answer {
        let request = self.header("content-type", "application/fhir+json");
        Answer::of(request.built(Method::POST).body(body.to_string())).await
    }

    fn built(self, method: Method) -> reqwest::RequestBuilder {
        let mut url = Url::parse(&self.url).unwrap();
        if !self.parameters.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.parameters);
        }
        let mut request = self.pkb.sandbox.http.request(method, url);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        request
    }
}

impl Answer {
    pub fn pkb_tokens(&self) -> PkbTokens {
        let text = |name: &str| self.json[name].as_str().unwrap().to_owned();
        PkbTokens {
            access: text("access_token"),
            refresh: text("refresh_token"),
        }
    }
}
