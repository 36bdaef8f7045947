//! PKB's own pages, opened for a patient.

use digime_sdk::pkb::{
    Client, Config, Failure, GetSignInUrlOptions, GetSignInUrlResponse, OneTimePassword, Store,
};
use digime_sdk::{Error, ErrorKind};
use reqwest::Url;
use serde_json::{Value, json};

use super::sandbox::{BOBBY, Pkb, parameter};

const PAGE: &str = "/auth/patientSummary.action?tab=patientSummary&a=b c";
/// Where the sandbox gives passwords.
const ROUTE: &str = "POST /json/_sandbox/one-time-password";

fn config(pkb: &Pkb, member: Option<&str>) -> Config {
    let mut config = pkb.config(Store::Memory);
    let password =
        json!({ "path": "json/_sandbox/one-time-password", "method": "POST", "member": member });
    let password: OneTimePassword = serde_json::from_value(password).unwrap();
    config.endpoints.as_mut().unwrap().one_time_password = Some(password);
    config
}

async fn linked(pkb: &Pkb, config: Config) -> Client {
    let client = Client::new(config).unwrap();
    pkb.link(&client, "user-1", BOBBY).await;
    client
}

async fn sign_in(client: &Client, path: &str) -> Result<GetSignInUrlResponse, Error> {
    let options = GetSignInUrlOptions::builder()
        .app_user_id("user-1".parse().unwrap())
        .path(path.parse().unwrap());
    client.get_sign_in_url(options.build()).await
}

#[tokio::test]
async fn the_address_opens_a_page_of_pkbs_once() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb, config(&pkb, Some("password"))).await;
    let first = sign_in(&client, PAGE).await.unwrap();
    let second = sign_in(&client, PAGE).await.unwrap();
    assert_ne!(first.url, second.url);
    let url = Url::parse(first.url.expose()).unwrap();
    assert_eq!(url.path(), "/otp.action");
    assert_eq!(
        parameter(url.as_str(), "redirect_uri").as_deref(),
        Some(PAGE)
    );
    for status in [200, 400] {
        let page = reqwest::get(first.url.expose()).await.unwrap();
        assert_eq!(page.status(), status);
    }
    let password = parameter(url.as_str(), "otpToken").unwrap();
    assert!(!format!("{first:?}").contains(&password));
}

#[tokio::test]
async fn the_password_may_be_the_answer_itself() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb, config(&pkb, None)).await;
    for (kind, body) in [
        ("application/json", "\"password-1\""),
        ("text/plain", "password-1\n"),
    ] {
        let answer = json!({ "status": 200, "headers": { "content-type": kind }, "body": body });
        pkb.fault(ROUTE, answer, 1).await;
        let url = sign_in(&client, "/").await.unwrap().url;
        assert_eq!(
            parameter(url.expose(), "otpToken").as_deref(),
            Some("password-1")
        );
    }
}

#[tokio::test]
async fn an_answer_without_a_password_makes_no_sense_and_is_not_told() {
    let pkb = Pkb::start().await;
    for (member, body) in [
        (Some("password"), json!({ "otp": "canary-1" })),
        (Some("password"), json!({ "password": "" })),
        (None, json!({ "password": "canary-2" })),
        (None, Value::from("<h1>canary-3</h1>")),
    ] {
        let client = linked(&pkb, config(&pkb, member)).await;
        pkb.fault(ROUTE, json!({ "status": 200, "body": body }), 1)
            .await;
        let error = sign_in(&client, "/").await.unwrap_err();
        assert!(
            matches!(Failure::of(&error), Some(Failure::Refused(_))),
            "{error}"
        );
        assert!(
            !format!("{error} {error:?}").contains("canary"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn what_is_not_set_or_leads_elsewhere_is_refused_before_anything_is_sent() {
    let pkb = Pkb::start().await;
    let client = Client::new(config(&pkb, None)).unwrap();
    let unset = Client::new(pkb.config(Store::Memory)).unwrap();
    for (client, path, expected) in [
        (&unset, "/", "config.endpoints.oneTimePassword"),
        (&client, "auth", "options.path"),
        (&client, "//elsewhere.example/", "options.path"),
        (&client, "/\\elsewhere.example/", "options.path"),
        (&client, "https://elsewhere.example/", "options.path"),
        (&client, "/a\nb", "options.path"),
    ] {
        let error = sign_in(client, path).await.unwrap_err();
        let ErrorKind::TypeValidation { path, .. } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(*path, expected);
    }
    assert_eq!(pkb.tally("calls").await, 0);
}
