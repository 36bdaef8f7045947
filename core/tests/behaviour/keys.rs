//! Private keys: every form that is given is understood, and none is ever shown.

use digime_sdk::digime::{Failure, GetAuthorizeUrlOptions};
use digime_sdk::{Error, ErrorKind};
use rsa::RsaPrivateKey;
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey};
use rsa::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding};

use crate::sandbox::{CONTRACT_KEY, Sandbox, contract_with};

fn pkcs8() -> String {
    let key = RsaPrivateKey::from_pkcs1_pem(CONTRACT_KEY).unwrap();
    key.to_pkcs8_pem(LineEnding::LF).unwrap().to_string()
}

async fn authorize_with(sandbox: &Sandbox, key: &str) -> Result<(), Error> {
    let callback = "http://127.0.0.1/return".parse().unwrap();
    let options = GetAuthorizeUrlOptions::builder()
        .contract_details(contract_with(key))
        .callback(callback)
        .state("s")
        .build();
    sandbox.client().get_authorize_url(options).await.map(drop)
}

#[tokio::test]
async fn a_key_is_understood_in_every_shape_that_files_and_environment_variables_give_it() {
    let sandbox = Sandbox::start().await;
    for pem in [CONTRACT_KEY.to_owned(), pkcs8()] {
        let indented = format!("    {}", pem.replace('\n', "\n    "));
        for shape in [
            pem.clone(),
            pem.replace('\n', "\r\n"),
            pem.replace('\n', "\\n"),
            pem.replace('\n', "\\r\\n"),
            pem.replace('\n', " "),
            format!("\"{}\"", pem.replace('\n', "\\n")),
            format!("Bag Attributes\n    friendlyName: contract\n{pem}"),
            pem.trim_end().to_owned(),
            indented,
        ] {
            authorize_with(&sandbox, &shape).await.unwrap();
        }
    }
}

#[tokio::test]
async fn keys_longer_than_2048_bits_sign() {
    // Below the platform, which knows this contract by its 2048-bit key: that the signature is made and refused is enough.
    let sandbox = Sandbox::start().await;
    for pem in [
        include_str!("keys/rsa3072.pem"),
        include_str!("keys/rsa4096.pem"),
    ] {
        let error = authorize_with(&sandbox, pem).await.unwrap_err();
        assert!(
            matches!(Failure::of(&error), Some(Failure::Server(_))),
            "{error}"
        );
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_key_is_said_by_its_path_before_anything_is_sent_and_without_a_byte_of_it()
 {
    let key = RsaPrivateKey::from_pkcs1_pem(CONTRACT_KEY).unwrap();
    let public = key
        .to_public_key()
        .to_public_key_pem(LineEnding::LF)
        .unwrap();
    let truncated = key
        .to_pkcs1_pem(LineEnding::LF)
        .unwrap()
        .replacen("MII", "AII", 1);
    let sandbox = Sandbox::start().await;
    for (pem, expected) in [
        ("canary-0123456789".to_owned(), "PEM"),
        (CONTRACT_KEY.replace("-----", ""), "PEM"),
        (
            CONTRACT_KEY.replace("RSA PRIVATE", "EC PRIVATE"),
            "expected an RSA private key",
        ),
        (public, "the public half"),
        (
            CONTRACT_KEY.replace("RSA PRIVATE", "ENCRYPTED PRIVATE"),
            "encrypted",
        ),
        (truncated, "damaged"),
    ] {
        let error = authorize_with(&sandbox, &pem).await.unwrap_err();
        let ErrorKind::TypeValidation { path, .. } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(path, "options.contractDetails.privateKey");
        let shown = format!("{error} {error:?}");
        assert!(shown.contains(expected), "{shown}");
        let body = pem
            .lines()
            .find(|line| line.len() > 12 && !line.contains("KEY"))
            .unwrap();
        assert!(!shown.contains(&body[..12]), "the key is in: {shown}");
    }
}
