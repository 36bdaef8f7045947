//! The vectors of others: Project Wycheproof's, and the examples of the RFCs that tokens and keys go by.

use std::sync::{Arc, Mutex};

use aes::Aes256;
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cbc::Encryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockEncryptMut, KeyIvInit};
use digime_sdk::digime::{Client, Config, GetAuthorizeUrlOptions};
use digime_sdk::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, Header};
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey};
use rsa::pkcs8::LineEnding;
use rsa::rand_core::OsRng;
use rsa::{BigUint, Oaep, RsaPrivateKey};
use serde_json::{Value, json};
use sha1::Sha1;
use wycheproof::{HashFunction, TestResult, cipher, rsa_oaep, rsa_pss_verify};

use crate::library::{Library, read_file, read_file_with};
use crate::sandbox::CONTRACT_KEY;
use crate::scripted::{Platform, TestClock, client_at, contract};

fn is_undecryptable(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::FileDecryption(_))
}

/// Those of keys of 256 bits, the only ones that an envelope has.
#[tokio::test]
async fn what_wycheproof_says_of_aes_cbc_holds_of_the_content_of_an_envelope() {
    let library = Library::open().await;
    let client = Client::new(library.config()).unwrap();
    let public = RsaPrivateKey::from_pkcs1_pem(CONTRACT_KEY)
        .unwrap()
        .to_public_key();
    let vectors = cipher::TestSet::load(cipher::TestName::AesCbcPkcs5).unwrap();
    let groups = vectors.test_groups.iter();
    let (mut opened, mut refused) = (0, 0);
    for test in groups
        .filter(|group| group.key_size == 256)
        .flat_map(|group| &group.tests)
    {
        let wrapped = public.encrypt(&mut OsRng, Oaep::new::<Sha1>(), &test.key);
        let envelope = [wrapped.unwrap(), test.nonce.to_vec(), test.ct.to_vec()].concat();
        library.put("vector", envelope, None);
        let read = client.read_file(read_file("vector")).await;
        if test.result == TestResult::Valid {
            let content = read.unwrap().file_data.0;
            assert_eq!(content, test.pt.to_vec(), "vector {}", test.tc_id);
            opened += 1;
        } else {
            let error = read.map(drop).unwrap_err();
            assert!(is_undecryptable(&error), "vector {}: {error}", test.tc_id);
            refused += 1;
        }
    }
    assert_eq!((opened, refused), (24, 48));
}

/// Those of SHA-1 with MGF1-SHA-1, and keys of 2048 bits or more. An envelope has no label and wraps 32 bytes, so most messages that are valid
/// are no key of a file, and have to be refused as well.
#[tokio::test]
async fn what_wycheproof_says_of_oaep_holds_of_the_wrapped_key_of_an_envelope() {
    let library = Library::open().await;
    let client = Client::new(library.config()).unwrap();
    let content = b"what is in the file";
    let (mut opened, mut refused) = (0, 0);
    for name in [
        rsa_oaep::TestName::Rsa2048Sha1Mgf1Sha1,
        rsa_oaep::TestName::RsaMisc,
    ] {
        let vectors = rsa_oaep::TestSet::load(name).unwrap();
        let applies = |group: &&rsa_oaep::TestGroup| {
            (group.hash, group.mgf_hash) == (HashFunction::Sha1, HashFunction::Sha1)
                && group.key_size >= 2048
        };
        for group in vectors.test_groups.iter().filter(applies) {
            for test in &group.tests {
                let key: Option<[u8; 32]> = test.pt.to_vec().try_into().ok();
                let iv = [9; 16];
                let encryptor =
                    Encryptor::<Aes256>::new(&key.unwrap_or_default().into(), &iv.into());
                let sealed = encryptor.encrypt_padded_vec_mut::<Pkcs7>(content);
                let envelope = [test.ct.to_vec(), iv.to_vec(), sealed].concat();
                library.put("vector", envelope, None);
                let read = client.read_file(read_file_with("vector", &group.pem)).await;
                let is_key = key.is_some() && test.label.is_empty();
                if is_key && test.result == TestResult::Valid {
                    assert_eq!(
                        read.unwrap().file_data.0,
                        content[..],
                        "vector {}",
                        test.tc_id
                    );
                    opened += 1;
                } else {
                    let error = read.map(drop).unwrap_err();
                    assert!(is_undecryptable(&error), "vector {}: {error}", test.tc_id);
                    refused += 1;
                }
            }
        }
    }
    assert_eq!((opened, refused), (1, 44));
}

/// Those of SHA-512 with MGF1-SHA-512 and a salt as long as the digest, which is PS512. What they sign are no tokens, so they cannot come through a
/// client: they are given to the library that verifies the platform's tokens, in the way that the SDK does, and with the key as a key set has it.
#[test]
fn what_wycheproof_says_of_rsa_pss_holds_of_what_verifies_tokens() {
    let (mut verified, mut refused) = (0, 0);
    for name in [
        rsa_pss_verify::TestName::RsaPss4096Sha512Mgf1SaltLen64,
        rsa_pss_verify::TestName::RsaPssmisc,
    ] {
        let vectors = rsa_pss_verify::TestSet::load(name).unwrap();
        let applies = |group: &&rsa_pss_verify::TestGroup| {
            group.hash == HashFunction::Sha2_512
                && group.mgf_hash == Some(HashFunction::Sha2_512)
                && group.salt_size == 64
                && group.key_size >= 2048
        };
        for group in vectors.test_groups.iter().filter(applies) {
            let key = DecodingKey::from_rsa_pem(group.pem.as_bytes()).unwrap();
            for test in &group.tests {
                let signature = URL_SAFE_NO_PAD.encode(&test.sig);
                let holds =
                    jsonwebtoken::crypto::verify(&signature, &test.msg, &key, Algorithm::PS512);
                let is_valid = test.result == TestResult::Valid;
                assert_eq!(
                    holds.unwrap_or(false),
                    is_valid,
                    "vector {}: {}",
                    test.tc_id,
                    test.comment
                );
                if is_valid {
                    verified += 1;
                } else {
                    refused += 1;
                }
            }
        }
    }
    assert_eq!((verified, refused), (133, 47));
}

/// A platform whose answer has this token.
async fn authorized_by(token: &str) -> Result<(), Error> {
    let platform = Platform::start(json!([{
        "on": "POST /v1.7/oauth/authorize",
        "response": { "status": 200, "json": {
            "token": token,
            "session": { "key": "session", "expiry": 1 },
        } },
    }]));
    let platform = platform.await;
    let outcome = authorize(platform.config()).await;
    platform.finish().await;
    outcome
}

async fn authorize(config: Config) -> Result<(), Error> {
    let options = GetAuthorizeUrlOptions::builder()
        .contract_details(contract())
        .callback("http://localhost/return".parse().unwrap())
        .state("state")
        .build();
    let client = client_at(config, &TestClock::new());
    client.get_authorize_url(options).await.map(drop)
}

/// The claims of RFC 7515 appendix A.1.1 and RFC 7519 section 3.1.
const JOE: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

#[tokio::test]
async fn the_tokens_of_the_rfcs_are_refused_and_no_key_is_asked_for() {
    for (name, token) in [
        (
            "RFC 7519 section 3.1 and RFC 7515 appendix A.1, HS256",
            format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{JOE}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
        ),
        (
            "RFC 7515 appendix A.2, RS256",
            format!("eyJhbGciOiJSUzI1NiJ9.{JOE}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBARLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"),
        ),
        (
            "RFC 7515 appendix A.3, ES256",
            format!("eyJhbGciOiJFUzI1NiJ9.{JOE}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"),
        ),
        (
            "RFC 7519 section 6.1 and RFC 7515 appendix A.5, unsecured",
            format!("eyJhbGciOiJub25lIn0.{JOE}."),
        ),
        (
            "RFC 7515 appendix E, crit",
            "eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFtcGxlLmNvbS9VTkRFRklORUQiOnRydWUNCn0.RkFJTA.".to_owned(),
        ),
    ] {
        let error = authorized_by(&token).await.unwrap_err();
        assert!(
            !matches!(error.kind(), ErrorKind::Transport { .. }),
            "{name}: {error}"
        );
    }
}

/// RFC 7517 appendix A.1: two public keys, of which the second is RSA; appendix A.2 has its private half.
fn rfc_7517() -> (Value, RsaPrivateKey) {
    const N: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    const D: &str = "X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH-HLLKD9M7dx5oo7GURknchnrRweUkC7hT5fJLM0WbFAKNLWY2vv7B6NqXSzUvxT0_YSfqijwp3RTzlBaCxWp4doFk5N2o8Gy_nHNKroADIkJ46pRUohsXywbReAdYaMwFs9tv8d_cPVY3i07a3t8MN6TNwm0dSawm9v47UiCl3Sk5ZiG7xojPLu4sbg1U2jx4IBTNBznbJSzFHK66jT8bgkuqsk0GjskDJk19Z4qwjwbsnn4j2WBii3RL-Us2lGVkY8fkFzme1z0HbIkfz0Y6mqnOYtqc0X4jfcKoAC8Q";
    const P: &str = "83i-7IvMGXoMXCskv73TKr8637FiO7Z27zv8oj6pbWUQyLPQBQxtPVnwD20R-60eTDmD2ujnMt5PoqMrm8RfmNhVWDtjjMmCMjOpSXicFHj7XOuVIYQyqVWlWEh6dN36GVZYk93N8Bc9vY41xy8B9RzzOGVQzXvNEvn7O0nVbfs";
    const Q: &str = "3dfOR9cuYq-0S-mkFLzgItgMEfFzB2q3hWehMuG0oCuqnb3vobLyumqjVZQO1dIrdwgTnCdpYzBcOfW5r370AFXjiWft_NGEiovonizhKpo9VVS78TzFgxkIdrecRezsZ-1kYd_s1qDbxtkDEgfAITAG9LUnADun4vIcb6yelxk";
    let number = |digits: &str| BigUint::from_bytes_be(&URL_SAFE_NO_PAD.decode(digits).unwrap());
    let primes = vec![number(P), number(Q)];
    let private = RsaPrivateKey::from_components(number(N), 65537_u32.into(), number(D), primes);
    let keys = json!([
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
            "use": "enc",
            "kid": "1",
        },
        { "kty": "RSA", "n": N, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29" },
    ]);
    (json!({ "keys": keys }), private.unwrap())
}

#[tokio::test]
async fn a_token_is_verified_by_the_key_set_of_rfc_7517_and_one_that_was_changed_is_not() {
    let (keys, private) = rfc_7517();
    let pem = private.to_pkcs1_pem(LineEnding::LF).unwrap();
    let key = jsonwebtoken::EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let mut header = Header::new(Algorithm::PS512);
    header.jku = Some(format!("{origin}/v1.7/jwks/oauth"));
    header.kid = Some("2011-04-29".to_owned());
    let claims = json!({ "preauthorization_code": "code" });
    let token = jsonwebtoken::encode(&header, &claims, &key).unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let other = if signature.starts_with('A') { "B" } else { "A" };
    let changed = format!("{signed}.{other}{}", &signature[1..]);
    let answers = [token.clone(), changed]
        .map(|token| json!({ "token": token, "session": { "key": "session", "expiry": 1 } }));
    let answers = Arc::new(Mutex::new(answers.into_iter()));
    let router = Router::new()
        .route(
            "/v1.7/oauth/authorize",
            post(move || async move { Json(answers.lock().unwrap().next().unwrap()) }),
        )
        .route("/v1.7/jwks/oauth", get(|| async { Json(keys) }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut config = Config::new("test-application-id".parse().unwrap());
    config.base_url = Some(format!("{origin}/v1.7/"));
    authorize(config.clone()).await.unwrap();
    let error = authorize(config).await.unwrap_err();
    assert!(error.to_string().contains("does not verify"), "{error}");
}
