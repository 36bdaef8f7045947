//! A user whose data is read: agreeing, sessions, and opening files with the contract's key.

use std::io::Read;

use aes::Aes256;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockDecryptMut, KeyIvInit};
use reqwest::Method;
use rsa::Oaep;
use serde_json::{Value, json};
use sha1::Sha1;

use crate::support::signing::key;
use crate::support::{Answer, Call, Contract, Sandbox, Tokens, agent, authorize_claims, claims};

/// A user of the read contract.
pub struct Reader<'a> {
    pub sandbox: &'a Sandbox,
    pub tokens: Tokens,
    /// The session that came with the consent.
    pub session: String,
}

impl<'a> Reader<'a> {
    /// A new user, with an account at this source.
    pub async fn of(sandbox: &'a Sandbox, source: &str) -> Self {
        Self::linked(sandbox, source, None).await
    }

    /// The user that an access token belongs to, or a new one, with an account at this source.
    pub async fn linked(sandbox: &'a Sandbox, source: &str, access_token: Option<&str>) -> Self {
        let answer = sandbox
            .authorize()
            .of(Contract::Read)
            .claims(authorize_claims())
            .claims(json!({ "access_token": access_token }))
            .send()
            .await
            .assert_ok(201);
        let session = answer.json["session"]["key"].as_str().unwrap().to_owned();
        let code = claims(&answer.json["token"])["preauthorization_code"].clone();
        let form = [
            ("code", code.as_str().unwrap()),
            ("sourceType", "pull"),
            ("source", source),
            ("decision", "accept"),
        ];
        let code = sandbox.decide(&form).await.returned("code").unwrap();
        let exchange = sandbox.exchange(&code).of(Contract::Read);
        Self {
            sandbox,
            tokens: exchange.send().await.tokens(),
            session,
        }
    }

    pub fn call(&self, method: Method, path: &str) -> Call<'a> {
        self.sandbox
            .call(method, path)
            .of(Contract::Read)
            .claims(json!({ "access_token": self.tokens.access }))
    }

    pub fn trigger(&self, options: &Value) -> Call<'a> {
        let mut body = agent();
        body.as_object_mut()
            .unwrap()
            .extend(options.as_object().unwrap().clone());
        self.call(Method::POST, "permission-access/trigger")
            .json(&body)
    }

    /// The key of a session with these options.
    pub async fn session(&self, options: &Value) -> String {
        let answer = self.trigger(options).send().await.assert_ok(202);
        answer.json["session"]["key"].as_str().unwrap().to_owned()
    }

    pub async fn list(&self, session: &str) -> Answer {
        let path = format!("permission-access/query/{session}");
        self.call(Method::GET, &path).send().await
    }

    /// The last list of a session of the sandbox's usual pace.
    pub async fn complete(&self, session: &str) -> Value {
        self.list(session).await;
        self.list(session).await;
        self.list(session).await.assert_ok(200).json
    }

    pub fn file(&self, method: Method, session: &str, name: &str) -> Call<'a> {
        let path = format!("permission-access/query/{session}/{name}");
        self.call(method, &path)
            .header("accept", "application/octet-stream")
    }
}

/// The names of a list's files.
pub fn names(list: &Value) -> Vec<&str> {
    let files = list["fileList"].as_array().into_iter().flatten();
    files.map(|file| file["name"].as_str().unwrap()).collect()
}

/// What a file's header tells.
pub fn described(answer: &Answer) -> Value {
    let header = URL_SAFE_NO_PAD
        .decode(&answer.headers["x-metadata"])
        .unwrap();
    serde_json::from_slice(&header).unwrap()
}

/// A file's content, decrypted and decompressed.
pub fn open(answer: &Answer) -> Vec<u8> {
    let (wrapped, rest) = answer.bytes.split_at(256);
    let (vector, locked) = rest.split_at(16);
    let data_key = key().decrypt(Oaep::new::<Sha1>(), wrapped).unwrap();
    let opened = cbc::Decryptor::<Aes256>::new_from_slices(&data_key, vector)
        .unwrap()
        .decrypt_padded_vec_mut::<Pkcs7>(locked)
        .unwrap();
    let mut content = Vec::new();
    match described(answer)["compression"].as_str() {
        None => return opened,
        Some("gzip") => flate2::read::GzDecoder::new(&*opened).read_to_end(&mut content),
        Some("brotli") => brotli::Decompressor::new(&*opened, 4096).read_to_end(&mut content),
        Some(other) => panic!("{other} is no compression"),
    }
    .unwrap();
    content
}
