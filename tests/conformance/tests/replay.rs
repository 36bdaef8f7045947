//! The replayer passes a client that behaves as recorded, and says in a sentence what any other did wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use aes::Aes256;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL;
use cbc::Encryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockEncryptMut, KeyIvInit};
use digime_conformance::{End, Event, Failure, Outcome, Run, SCENARIOS, Scenario};
use digime_sdk::describe::error_classes;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pss::SigningKey;
use rsa::rand_core::OsRng;
use rsa::signature::{RandomizedSigner, SignatureEncoding};
use rsa::{Oaep, RsaPrivateKey};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

const CONTRACT: &str = include_str!("../keys/contract.pkcs1.pem");
const OTHER: &str = include_str!("../keys/other.pkcs1.pem");

#[tokio::test]
async fn a_client_that_behaves_as_recorded_passes() {
    let run = start("two-requests").await;
    get(&run, "first?page=1", &claims("aaaa"), CONTRACT).await;
    get(&run, "second", &claims("bbbb"), CONTRACT).await;
    assert_eq!(run.finish(accounts(&["one"])).await, NOTHING);
}

#[tokio::test]
async fn a_wrong_claim_fails() {
    let mut claims_of_another = claims("aaaa");
    claims_of_another["client_id"] = json!("someone");
    let run = start("two-requests").await;
    get(&run, "first?page=1", &claims_of_another, CONTRACT).await;
    get(&run, "second", &claims("bbbb"), CONTRACT).await;
    assert_eq!(
        run.finish(accounts(&["one"])).await,
        [r#"http[0].request.bearer.claims.client_id: expected "app_contract", got "someone""#]
    );
}

#[tokio::test]
async fn a_claim_too_many_fails_unless_the_exchange_is_partial() {
    let mut more = claims("aaaa");
    more["extra"] = json!(1);
    let mut more_again = more.clone();
    more_again["nonce"] = json!("bbbb");
    let run = start("two-requests").await;
    get(&run, "first?page=1", &more, CONTRACT).await;
    get(&run, "second", &more_again, CONTRACT).await;
    assert_eq!(
        run.finish(accounts(&["one"])).await,
        ["http[0].request.bearer.claims.extra: expected nothing, got 1"]
    );
}

#[tokio::test]
async fn a_signature_of_another_key_fails_even_where_none_is_listed() {
    let run = start("two-requests").await;
    get(&run, "first?page=1", &claims("aaaa"), CONTRACT).await;
    get(&run, "second", &claims("bbbb"), OTHER).await;
    assert_eq!(
        run.finish(accounts(&["one"])).await,
        ["http[1].request.bearer.verified: expected true, got false"]
    );
}

#[tokio::test]
async fn another_query_fails() {
    let run = start("two-requests").await;
    get(&run, "first?page=2", &claims("aaaa"), CONTRACT).await;
    get(&run, "second", &claims("bbbb"), CONTRACT).await;
    assert_eq!(
        run.finish(accounts(&["one"])).await,
        [r#"http[0].request.path: expected "/v1.7/first?page=1", got "/v1.7/first?page=2""#]
    );
}

#[tokio::test]
async fn a_missing_request_fails_unless_it_is_optional() {
    let run = start("two-requests").await;
    get(&run, "first?page=1", &claims("aaaa"), CONTRACT).await;
    assert_eq!(
        run.finish(accounts(&["one"])).await,
        ["http[1]: expected GET /v1.7/second, got no such request"]
    );
}

#[tokio::test]
async fn an_unasked_for_request_fails() {
    let run = start("two-requests").await;
    get(&run, "first?page=1", &claims("aaaa"), CONTRACT).await;
    get(&run, "second", &claims("bbbb"), CONTRACT).await;
    get(&run, "second", &claims("cccc"), CONTRACT).await;
    assert_eq!(
        run.finish(accounts(&["one"])).await,
        ["requests[2]: expected no such request, got GET /v1.7/second"]
    );
}

#[tokio::test]
async fn a_nonce_used_again_fails() {
    let run = start("two-requests").await;
    get(&run, "first?page=1", &claims("aaaa"), CONTRACT).await;
    get(&run, "second", &claims("aaaa"), CONTRACT).await;
    assert_eq!(
        run.finish(accounts(&["one"])).await,
        ["requests[1]: expected a new nonce, got that of requests[0]"]
    );
}

#[tokio::test]
async fn a_wrong_result_fails() {
    let run = start("two-requests").await;
    get(&run, "first?page=1", &claims("aaaa"), CONTRACT).await;
    get(&run, "second", &claims("bbbb"), CONTRACT).await;
    assert_eq!(
        run.finish(accounts(&["two", "three"])).await,
        [
            r#"steps[0].result.accounts[0]: expected "one", got "two""#,
            r#"steps[0].result.accounts[1]: expected nothing, got "three""#,
        ]
    );
}

#[tokio::test]
async fn an_event_that_is_not_expected_fails() {
    let mut outcomes = error("TypeValidationError", "Application Id cannot be empty");
    outcomes[0].events.push(Event {
        callback: "onAccessTokenChange".to_owned(),
        argument: json!(null),
    });
    assert_eq!(
        start("empty-id").await.finish(outcomes).await,
        [
            r#"steps[0].events[0]: expected nothing, got {"callback":"onAccessTokenChange","argument":null}"#
        ]
    );
}

#[tokio::test]
async fn a_wrong_error_fails() {
    let wrong = error("ServerError", "Server error");
    assert_eq!(
        start("empty-id").await.finish(wrong).await,
        [
            r#"steps[0].error.class: expected "TypeValidationError", got "ServerError""#,
            r#"steps[0].error.name: expected "TypeValidationError", got "ServerError""#,
            r#"steps[0].error.message: expected text that matches ^Application Id, got "Server error""#,
        ]
    );
    let right = error("TypeValidationError", "Application Id cannot be empty");
    assert_eq!(start("empty-id").await.finish(right).await, NOTHING);
}

#[tokio::test]
async fn a_result_in_place_of_an_error_fails() {
    assert_eq!(
        start("empty-id").await.finish(result(json!(null))).await,
        [r#"steps[0]: expected an error, got {"result":null}"#]
    );
}

#[tokio::test]
async fn a_step_that_was_not_played_fails() {
    assert_eq!(
        start("empty-id").await.finish(Vec::new()).await,
        ["steps: expected 1 outcomes, got 0"]
    );
}

#[tokio::test]
async fn a_refusal_by_accident_fails() {
    let accident = error("TypeError", "cannot read properties of undefined");
    assert_eq!(
        start("refused").await.finish(accident).await,
        [r#"steps[0].error.class: expected a class of the SDK, got "TypeError""#]
    );
    let classes = error_classes().into_iter().map(|row| row.class);
    for class in classes.chain(["JsonWebTokenError"]) {
        let refusal = error(class, "the signature does not fit");
        assert_eq!(start("refused").await.finish(refusal).await, NOTHING);
    }
}

#[tokio::test]
async fn a_code_verifier_other_than_the_challenged_one_fails() {
    let mut challenged = claims("aaaa");
    challenged["code_challenge"] = json!(BASE64URL.encode(Sha256::digest("verifier")));
    for (verifier, failures) in [
        ("verifier", vec![]),
        (
            "another",
            vec![
                "steps[0].result.codeVerifier: expected its S256 among the code_challenges sent, got none",
            ],
        ),
    ] {
        let run = start("challenge").await;
        get(&run, "first", &challenged, CONTRACT).await;
        let outcomes = result(json!({ "codeVerifier": verifier }));
        assert_eq!(run.finish(outcomes).await, failures);
    }
}

#[tokio::test]
async fn an_upload_that_decrypts_to_what_was_recorded_passes() {
    let file = encrypted(b"hello", CONTRACT);
    assert_eq!(uploaded(file).await, NOTHING);
}

#[tokio::test]
async fn an_upload_of_other_content_fails() {
    let file = encrypted(b"howdy", CONTRACT);
    assert_eq!(
        uploaded(file).await,
        [r#"http[0].request.decrypted: expected base64 "aGVsbG8=", got "aG93ZHk=""#]
    );
}

#[tokio::test]
async fn an_upload_that_does_not_decrypt_fails() {
    let file = encrypted(b"hello", CONTRACT);
    let for_another = encrypted(b"hello", OTHER);
    for (file, reason) in [
        (&b"hello"[..], "it ends within the wrapped key"),
        (&file[..260], "it ends within the IV"),
        (&file[..280], "its content is not padded AES-256-CBC"),
        (
            &for_another,
            "its key is not wrapped for the contract with RSA-OAEP-SHA1",
        ),
    ] {
        let size = file.len();
        assert_eq!(
            uploaded(file.to_vec()).await,
            [format!(
                "http[0].request.decrypted: expected a file encrypted for the contract, got {size} bytes that are none: {reason}"
            )]
        );
    }
}

#[tokio::test]
async fn an_error_told_to_a_callback_may_have_a_code_of_its_own_and_nothing_else() {
    let told = |message: &str| {
        let mut outcomes = result(json!(null));
        let error = json!({"class": "ServerError", "name": "DigiMeServerError", "message": message, "code": "A_CODE"});
        outcomes[0].events.push(Event {
            callback: "onFileError".to_owned(),
            argument: json!({ "error": error, "fileName": "a.json" }),
        });
        outcomes
    };
    let run = start("failed-file").await;
    assert_eq!(run.finish(told("gone")).await, NOTHING);
    let run = start("failed-file").await;
    assert_eq!(
        run.finish(told("lost")).await,
        [r#"steps[0].events[0].argument.error.message: expected "gone", got "lost""#]
    );
}

#[tokio::test]
async fn a_request_to_another_host_fails() {
    let run = start("elsewhere").await;
    let jku = run.calls[0].args["jku"].as_str().unwrap().to_owned();
    let keys: Value = client()
        .get(jku)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(keys["keys"][0]["kid"], "kid-1");
    assert_eq!(
        run.finish(result(json!(null))).await,
        ["elsewhere: expected no request, got GET /jwks"]
    );
}

#[tokio::test]
async fn every_scenario_of_the_project_can_be_started() {
    for scenario in Scenario::load_all(Path::new(SCENARIOS)).unwrap() {
        Run::start(&scenario).await.unwrap();
    }
}

const NOTHING: [&str; 0] = [];

async fn start(name: &str) -> Run {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let scenarios = Scenario::load_all(&fixtures).unwrap();
    let id = format!("replay/{name}");
    let scenario = scenarios.iter().find(|scenario| scenario.id == id);
    Run::start(scenario.unwrap()).await.unwrap()
}

async fn get(run: &Run, path: &str, claims: &Value, key: &str) {
    client()
        .get(format!("{}/v1.7/{path}", run.origin))
        .header("accept", "application/json")
        .bearer_auth(signed(claims, key))
        .send()
        .await
        .unwrap();
}

async fn uploaded(file: Vec<u8>) -> Vec<String> {
    let run = start("encrypted-upload").await;
    let address = format!("{}/cloud/v1/file", run.origin);
    client().post(address).body(file).send().await.unwrap();
    run.finish(result(json!(null))).await
}

/// The file as an SDK uploads it: the wrapped key, the IV, the encrypted content.
fn encrypted(content: &[u8], key: &str) -> Vec<u8> {
    let (data_key, iv) = ([7; 32], [9; 16]);
    let recipient = RsaPrivateKey::from_pkcs1_pem(key).unwrap().to_public_key();
    let wrapped = recipient
        .encrypt(&mut OsRng, Oaep::new::<Sha1>(), &data_key)
        .unwrap();
    let encrypted = Encryptor::<Aes256>::new(&data_key.into(), &iv.into())
        .encrypt_padded_vec_mut::<Pkcs7>(content);
    [&wrapped[..], &iv, &encrypted].concat()
}

fn client() -> reqwest::Client {
    // Without any, so that the tests need no certificate store of the machine.
    let builder = reqwest::Client::builder().tls_certs_only([]);
    builder.no_proxy().build().unwrap()
}

fn claims(nonce: &str) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    json!({"client_id": "app_contract", "nonce": nonce, "timestamp": u64::try_from(now.as_millis()).unwrap()})
}

fn signed(claims: &Value, key: &str) -> String {
    let header = json!({"alg": "PS512", "typ": "JWT"});
    let signed = [header, claims.clone()].map(|part| BASE64URL.encode(part.to_string()));
    let signed = signed.join(".");
    let key = SigningKey::<Sha512>::new(RsaPrivateKey::from_pkcs1_pem(key).unwrap());
    let signature = key.sign_with_rng(&mut OsRng, signed.as_bytes());
    format!("{signed}.{}", BASE64URL.encode(signature.to_bytes()))
}

fn accounts(names: &[&str]) -> Vec<Outcome> {
    result(json!({ "accounts": names }))
}

fn result(value: Value) -> Vec<Outcome> {
    outcome(End::Result(value))
}

fn error(class: &str, message: &str) -> Vec<Outcome> {
    outcome(End::Error(Box::new(Failure {
        class: class.to_owned(),
        name: class.to_owned(),
        message: message.to_owned(),
        error: None,
        response: None,
        code: Some(json!("A_CODE")),
    })))
}

fn outcome(end: End) -> Vec<Outcome> {
    vec![Outcome {
        end,
        events: Vec::new(),
    }]
}
