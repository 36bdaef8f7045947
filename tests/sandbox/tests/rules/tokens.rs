//! How codes and refresh tokens are exchanged, and which tokens are good.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use digime_sandbox::Lifetimes;
use reqwest::Method;
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::pss::{Signature, VerifyingKey};
use rsa::signature::Verifier;
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPublicKey};
use serde_json::{Value, json};
use sha2::Sha512;

use crate::support::{Answer, Contract, Sandbox, now_ms};

#[tokio::test]
async fn an_exchanged_code_gives_what_the_platform_documents() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.authorization_code().await;
    let claims = sandbox
        .exchange(&code)
        .send()
        .await
        .assert_ok(200)
        .tokens()
        .claims;
    let seconds = |kind: &str| claims[kind]["expires_on"].as_u64().unwrap() - now_ms() / 1000;
    assert!((3598..=3600).contains(&seconds("access_token")));
    assert!((2_591_998..=2_592_000).contains(&seconds("refresh_token")));
    assert_eq!(claims["token_type"], "Bearer");
    for text in [
        &claims["sub"],
        &claims["consentid"],
        &claims["identifier"]["id"],
    ] {
        assert!(text.is_string());
    }
}

/// What a token says of how it is signed.
fn header(token: &str) -> Value {
    let header = URL_SAFE_NO_PAD.decode(token.split_once('.').unwrap().0);
    serde_json::from_slice(&header.unwrap()).unwrap()
}

#[tokio::test]
async fn behind_a_gateway_a_token_names_the_key_set_as_the_caller_reaches_it() {
    let sandbox = Sandbox::start().await;
    let call = sandbox.authorize().header("host", "gateway.example");
    let call = call.header("x-forwarded-proto", "https");
    let answer = call.send().await.assert_ok(201);
    let header = header(answer.json["token"].as_str().unwrap());
    assert_eq!(header["jku"], "https://gateway.example/v1.7/jwks/oauth");
}

#[tokio::test]
async fn the_key_set_that_a_token_names_verifies_it() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.authorize().send().await.json["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let header = header(&token);
    assert_eq!(header["jku"], sandbox.at("/v1.7/jwks/oauth"));
    assert_eq!(header["alg"], "PS512");

    let answer = Answer::of(sandbox.http.get(header["jku"].as_str().unwrap())).await;
    let jwk = &answer.json["keys"][0];
    assert_eq!(jwk["kid"], header["kid"]);
    assert_eq!(
        (&jwk["kty"], &jwk["alg"], &jwk["use"]),
        (&json!("RSA"), &json!("PS512"), &json!("sig"))
    );
    let key = RsaPublicKey::from_pkcs1_pem(jwk["pem"].as_str().unwrap()).unwrap();
    let number = |member: &str| {
        let bytes = URL_SAFE_NO_PAD
            .decode(jwk[member].as_str().unwrap())
            .unwrap();
        BigUint::from_bytes_be(&bytes)
    };
    assert_eq!((key.n(), key.e()), (&number("n"), &number("e")));
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let signature = Signature::try_from(signature.as_slice()).unwrap();
    VerifyingKey::<Sha512>::new(key)
        .verify(signed.as_bytes(), &signature)
        .unwrap();
}

#[tokio::test]
async fn a_code_is_good_once() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.authorization_code().await;
    sandbox.exchange(&code).send().await.assert_ok(200);
    let answer = sandbox.exchange(&code).send().await;
    answer.assert_refused(401, "InvalidToken", "authorization_code");
}

#[tokio::test]
async fn an_unknown_code_is_refused() {
    let sandbox = Sandbox::start().await;
    let answer = sandbox.exchange("unknown").send().await;
    answer.assert_refused(401, "InvalidToken", "authorization_code");
}

#[tokio::test]
async fn a_preauthorization_code_cannot_be_exchanged() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.preauthorize(Contract::Push).await;
    let answer = sandbox.exchange(&code).send().await;
    answer.assert_refused(401, "InvalidToken", "authorization_code");
}

#[tokio::test]
async fn a_wrong_verifier_is_refused_and_spends_the_code() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.authorization_code().await;
    let wrong = json!({ "code_verifier": "x".repeat(43) });
    let answer = sandbox.exchange(&code).claims(wrong).send().await;
    answer.assert_refused(401, "InvalidToken", "authorization_code");
    let answer = sandbox.exchange(&code).send().await;
    answer.assert_refused(401, "InvalidToken", "authorization_code");
}

#[tokio::test]
async fn a_code_is_good_for_its_own_contract_only() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.authorization_code().await;
    let answer = sandbox.exchange(&code).of(Contract::Read).send().await;
    answer.assert_refused(401, "InvalidToken", "authorization_code");
    sandbox.exchange(&code).send().await.assert_ok(200);
}

#[tokio::test]
async fn a_grant_type_that_is_not_offered_is_refused() {
    let sandbox = Sandbox::start().await;
    for grant_type in [json!(null), json!("password")] {
        let answer = sandbox
            .exchange("code")
            .claims(json!({ "grant_type": grant_type }))
            .send()
            .await;
        answer.assert_refused(400, "InvalidRequest", "grant_type");
    }
}

#[tokio::test]
async fn a_refresh_gives_a_new_pair_for_the_same_user_and_consent() {
    let sandbox = Sandbox::start().await;
    let old = sandbox.tokens().await;
    let new = sandbox
        .refresh(&old.refresh)
        .send()
        .await
        .assert_ok(200)
        .tokens();
    assert_ne!(new.access, old.access);
    assert_ne!(new.refresh, old.refresh);
    assert_eq!(new.claims["sub"], old.claims["sub"]);
    assert_eq!(new.claims["consentid"], old.claims["consentid"]);
    sandbox.accounts(&new.access).send().await.assert_ok(200);
}

#[tokio::test]
async fn a_refresh_token_is_good_once() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    sandbox.refresh(&tokens.refresh).send().await.assert_ok(200);
    let answer = sandbox.refresh(&tokens.refresh).send().await;
    answer.assert_refused(401, "InvalidToken", "refresh_token");
}

#[tokio::test]
async fn a_refresh_ends_the_old_access_token() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    sandbox.refresh(&tokens.refresh).send().await.assert_ok(200);
    let answer = sandbox.accounts(&tokens.access).send().await;
    answer.assert_refused(401, "InvalidToken", "access_token");
}

#[tokio::test]
async fn a_refresh_token_is_good_for_its_own_contract_only() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    let answer = sandbox
        .refresh(&tokens.refresh)
        .of(Contract::Read)
        .send()
        .await;
    answer.assert_refused(401, "InvalidToken", "refresh_token");
    sandbox.refresh(&tokens.refresh).send().await.assert_ok(200);
}

#[tokio::test]
async fn an_access_token_that_is_missing_or_unknown_is_refused() {
    let sandbox = Sandbox::start().await;
    let answer = sandbox.accounts("unknown").send().await;
    answer.assert_refused(401, "InvalidToken", "access_token");
    let answer = sandbox
        .call(Method::GET, "permission-access/accounts")
        .send()
        .await;
    answer.assert_refused(400, "InvalidRequest", "access_token");
}

#[tokio::test]
async fn an_access_token_is_good_for_its_own_contract_only() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    let answer = sandbox
        .accounts(&tokens.access)
        .of(Contract::Read)
        .send()
        .await;
    answer.assert_refused(401, "InvalidToken", "access_token");
}

#[tokio::test]
async fn an_expired_access_token_is_refused_and_can_be_refreshed() {
    let lifetimes = Lifetimes {
        access_token_seconds: 0,
        ..Lifetimes::default()
    };
    let sandbox = Sandbox::start_with(lifetimes).await;
    let tokens = sandbox.tokens().await;
    let answer = sandbox.accounts(&tokens.access).send().await;
    answer.assert_refused(401, "InvalidToken", "access_token");
    sandbox.refresh(&tokens.refresh).send().await.assert_ok(200);
}

#[tokio::test]
async fn an_expired_refresh_token_is_refused() {
    let lifetimes = Lifetimes {
        refresh_token_seconds: 0,
        ..Lifetimes::default()
    };
    let sandbox = Sandbox::start_with(lifetimes).await;
    let tokens = sandbox.tokens().await;
    let answer = sandbox.refresh(&tokens.refresh).send().await;
    answer.assert_refused(401, "InvalidToken", "refresh_token");
}
