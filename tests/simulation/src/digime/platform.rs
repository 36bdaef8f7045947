//! digi.me, scripted: consents, refresh tokens that serve once, what is pushed and stored, and sessions whose files become ready one by one.

use std::collections::BTreeMap;
use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::digime::keys;
use crate::executor::{Micros, SECOND};
use crate::machine::true_time;

pub const ORIGIN: &str = "https://api.digime.example";
/// How long a session fetches files.
const FETCHING: Micros = 8 * SECOND;
/// The lengths of contents: most are small, some are more than one piece of anything.
const LENGTHS: [u64; 6] = [0, 15, 1_000, 5_000, 30_000, 300_000];

/// A request, as far as it has come.
pub struct Asked {
    pub method: http::Method,
    pub path: String,
    /// The claims of the token that it was signed with.
    pub claims: Value,
    /// The `FileDescriptor` of what is pushed.
    pub descriptor: Option<Value>,
    pub body: Bytes,
    /// Whether that is the whole of it.
    pub whole: bool,
}

/// What the platform answers.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Bytes,
    /// The access token that was issued with it.
    pub issued: Option<String>,
}

impl Reply {
    pub fn of(status: u16, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            issued: None,
        }
    }

    fn json(body: &Value) -> Self {
        let json = ("content-type", "application/json".to_owned());
        Self::of(200, body.to_string()).with(json)
    }

    pub fn with(mut self, header: (&'static str, String)) -> Self {
        self.headers.push(header);
        self
    }

    /// A refusal in the platform's own words.
    pub fn refusing(status: u16, code: &str) -> Self {
        let error = json!({ "error": { "code": code, "message": "refused", "reference": "0" } });
        Self {
            status,
            ..Self::json(&error)
        }
    }
}

/// What a person has consented to.
struct Consent {
    user: usize,
    /// When each of its access tokens was issued, the first first.
    issued: Vec<Micros>,
    /// Access tokens before this one have expired, whenever they were issued.
    expired: usize,
    /// Whether somebody has presented a refresh token a second time.
    over: bool,
}

/// A session in which a user's files are fetched.
struct Session {
    user: usize,
    begun: Micros,
}

/// The platform.
pub struct Platform {
    seed: u64,
    life: Micros,
    consents: Vec<Consent>,
    codes: Vec<(usize, bool)>,
    sessions: Vec<Session>,
    /// Which of its keys signs.
    pub key: usize,
    /// What was pushed, by what it is known by, and how often it came.
    pub pushed: BTreeMap<String, Vec<Bytes>>,
    /// What stands in storages, by its path.
    pub files: BTreeMap<String, Bytes>,
}

fn name(kind: &str, consent: usize, place: usize) -> String {
    format!("{kind}.{consent:04}.{place:04}")
}

/// The consent and the place that a token of this kind stands for.
pub fn parse(kind: &str, token: &str) -> Option<(usize, usize)> {
    let mut parts = token.strip_prefix(kind)?.strip_prefix('.')?.split('.');
    let mut number = || parts.next()?.parse().ok();
    Some((number()?, number()?))
}

/// The id of a user's storage.
pub fn storage_of(user: usize) -> String {
    format!("storage-{user}")
}

/// Bytes that come from these numbers.
pub fn content(parts: &[u64]) -> Bytes {
    let mut chance = Chance::of(parts);
    let longest = chance.one_of(&LENGTHS);
    let length = chance.below(longest + 1);
    // Half of it repeats itself, so that it can be compressed.
    let repeats = chance.once_in(2);
    let mut bytes = Vec::new();
    while (bytes.len() as u64) < length {
        let number = if repeats {
            chance.below(4)
        } else {
            chance.number()
        };
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.truncate(usize::try_from(length).unwrap_or_default());
    bytes.into()
}

impl Platform {
    pub fn new(seed: u64, life: Micros) -> Self {
        Self {
            seed,
            life,
            consents: Vec::new(),
            codes: Vec::new(),
            sessions: Vec::new(),
            key: 0,
            pushed: BTreeMap::new(),
            files: BTreeMap::new(),
        }
    }

    /// Whether a consent is a later one of the same person.
    pub fn follows(&self, later: usize, earlier: usize) -> bool {
        let user = |consent: usize| self.consents.get(consent).map(|consent| consent.user);
        later > earlier && user(later) == user(earlier)
    }

    /// Lets a person consent: the code that they come back with.
    pub fn consent(&mut self, user: usize) -> String {
        self.codes.push((user, false));
        name("code", self.codes.len() - 1, 0)
    }

    /// Lets all access tokens expire.
    pub fn expire_all(&mut self) {
        for consent in &mut self.consents {
            consent.expired = consent.issued.len();
        }
    }

    fn token(&self, claims: &Value) -> Reply {
        let jku = format!("{ORIGIN}/v1.7/jwks/oauth");
        Reply::json(&json!({ "token": keys::signed(self.key, &jku, claims) }))
    }

    fn issue(&mut self, number: usize, now: Micros) -> Reply {
        let consent = &mut self.consents[number];
        consent.issued.push(now);
        let place = consent.issued.len() - 1;
        let token = |kind: &str, lives: Micros| {
            let expires = true_time(now + lives) / 1_000_000;
            json!({ "value": name(kind, number, place), "expires_on": expires })
        };
        let claims = json!({
            "access_token": token("access", self.life),
            "refresh_token": token("refresh", self.life * 100),
            // By the clock of a machine it may be long past: what was spent for it must not be lost with it.
            "exp": true_time(now + self.life) / 1_000_000,
            "sub": format!("user-{}", consent.user),
            "consentid": number.to_string(),
        });
        Reply {
            issued: Some(name("access", number, place)),
            ..self.token(&claims)
        }
    }

    /// The token endpoint.
    fn exchange(&mut self, claims: &Value, now: Micros) -> Reply {
        let refused = || Reply::refusing(401, "InvalidToken");
        if let Some(code) = claims["code"].as_str() {
            let Some((code, _)) = parse("code", code) else {
                return refused();
            };
            let (user, is_spent) = &mut self.codes[code];
            if std::mem::replace(is_spent, true) {
                return refused();
            }
            let user = *user;
            self.consents.push(Consent {
                user,
                issued: Vec::new(),
                expired: 0,
                over: false,
            });
            return self.issue(self.consents.len() - 1, now);
        }
        let token = claims["refresh_token"].as_str().unwrap_or_default();
        let Some((number, place)) = parse("refresh", token) else {
            return refused();
        };
        let consent = &mut self.consents[number];
        consent.over |= place + 1 != consent.issued.len();
        if consent.over {
            return refused();
        }
        self.issue(number, now)
    }

    /// Whose a request is; none where its access token does not serve.
    fn caller(&self, claims: &Value, now: Micros) -> Option<usize> {
        let (number, place) = parse("access", claims["access_token"].as_str()?)?;
        let consent = self.consents.get(number)?;
        let has_expired = place < consent.expired || consent.issued[place] + self.life <= now;
        (!consent.over && !has_expired).then_some(consent.user)
    }

    /// Does what a request asks for.
    pub fn answer(&mut self, asked: &Asked, now: Micros) -> Reply {
        let path = asked.path.as_str();
        if let Some(path) = path.strip_prefix("/v1/clouds/") {
            return self.cloud(asked, path);
        }
        let path = path.strip_prefix("/v1.7/").unwrap_or(path);
        match path {
            "jwks/oauth" => return Reply::json(&keys::key_set(self.key)),
            "oauth/token" => return self.exchange(&asked.claims, now),
            "oauth/authorize" => {
                let claims = json!({ "preauthorization_code": "preauthorization" });
                let mut reply = self.token(&claims);
                let mut body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
                body["session"] = json!({ "key": "nobody's", "expiry": 0 });
                reply.body = body.to_string().into();
                return reply;
            }
            _ => {}
        }
        let Some(user) = self.caller(&asked.claims, now) else {
            return Reply::refusing(401, "InvalidToken");
        };
        match path {
            "permission-access/accounts" => {
                Reply::json(&json!([{ "id": format!("account-{user}") }]))
            }
            "storage" => Reply::json(&json!({ "id": storage_of(user), "kid": "kid" })),
            "permission-access/trigger" => {
                self.sessions.push(Session { user, begun: now });
                let key = name("session", self.sessions.len() - 1, 0);
                Reply::json(&json!({ "session": { "key": key, "expiry": i64::MAX } }))
            }
            _ if path.starts_with("permission-access/import") => self.import(asked),
            _ => match path.strip_prefix("permission-access/query/") {
                Some(query) => self.query(query, user, now),
                None => Reply::refusing(404, "NotFound"),
            },
        }
    }

    fn import(&mut self, asked: &Asked) -> Reply {
        if !asked.whole {
            return Reply::of(200, "");
        }
        let described = asked
            .descriptor
            .as_ref()
            .map(|descriptor| &descriptor["metadata"]);
        let reference = match described {
            Some(metadata) => metadata["reference"][0].as_str().map(str::to_owned),
            None => serde_json::from_slice::<Value>(&asked.body)
                .ok()
                .and_then(|body| Some(body["id"].as_str()?.to_owned())),
        };
        let stored = self.pushed.entry(reference.unwrap_or_default());
        stored.or_default().push(asked.body.clone());
        Reply::of(200, "")
    }

    /// The session of a key, if it is the user's.
    fn session(&self, key: &str, user: usize) -> Option<(usize, &Session)> {
        let (number, _) = parse("session", key)?;
        let session = self.sessions.get(number)?;
        (session.user == user).then_some((number, session))
    }

    fn query(&self, query: &str, user: usize, now: Micros) -> Reply {
        let (key, file) = query.split_once('/').unwrap_or((query, ""));
        let Some((number, session)) = self.session(key, user) else {
            return Reply::refusing(404, "NotFound");
        };
        let mut chance = Chance::of(&[self.seed, number as u64]);
        let files = files_drawn(&mut chance);
        let fetched = (now - session.begun).min(FETCHING) * files / FETCHING;
        if file.is_empty() {
            let names =
                (0..fetched).map(|file| json!({ "name": file.to_string(), "updatedDate": 1 }));
            let state = if fetched == files {
                "completed"
            } else {
                "running"
            };
            let list = names.collect::<Vec<_>>();
            return Reply::json(&json!({ "status": { "state": state }, "fileList": list }));
        }
        let Some(content) = self.file(key, file) else {
            return Reply::refusing(404, "NotFound");
        };
        let compression = (chance.once_in(2)).then_some("gzip");
        let content = match compression {
            Some(_) => compressed(&content),
            None => content.to_vec(),
        };
        Reply::of(200, keys::sealed(&content)).with(("x-metadata", keys::metadata(compression)))
    }

    /// How many files a session has, when it has come to its end.
    pub fn files_of(&self, key: &str) -> u64 {
        let number = parse("session", key).map_or(0, |(number, _)| number as u64);
        files_drawn(&mut Chance::of(&[self.seed, number]))
    }

    /// The content of a file of a session.
    pub fn file(&self, key: &str, file: &str) -> Option<Bytes> {
        let (number, _) = parse("session", key)?;
        let file: u64 = file.parse().ok()?;
        Some(content(&[self.seed, number as u64, file]))
    }

    fn cloud(&mut self, asked: &Asked, path: &str) -> Reply {
        if asked.method == http::Method::GET {
            let file = self.files.get(path);
            return match file {
                Some(sealed) => Reply::of(200, sealed.clone()),
                None => Reply::refusing(404, "NotFound"),
            };
        }
        if asked.whole {
            self.files.insert(path.to_owned(), asked.body.clone());
        }
        Reply::json(&json!({ "id": "file" }))
    }
}

/// The first that is drawn of a session.
fn files_drawn(chance: &mut Chance) -> u64 {
    chance.between(1, 4)
}

fn compressed(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail.
    let _ = encoder.write_all(content);
    encoder.finish().unwrap_or_default()
}
