//! Patients Know Best, scripted: codes and refresh tokens that serve once, sessions that a second use ends, and what it answers to calls.

use std::fmt::Write;

use url::form_urlencoded;

use crate::executor::Micros;
use crate::pkb::data::{self, Data};

/// What an answer says, and what it has done.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub body: String,
    /// The access token that was issued with it.
    pub issued: Option<String>,
}

impl Reply {
    /// An answer that issues nothing.
    pub fn saying(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            body: body.into(),
            issued: None,
        }
    }
}

/// What a patient has granted.
struct Session {
    user: usize,
    /// When each of its access tokens was issued, the first first.
    issued: Vec<Micros>,
    /// Access tokens before this one have expired, whenever they were issued.
    expired: usize,
    over: Option<&'static str>,
}

/// The platform.
pub struct Platform {
    sessions: Vec<Session>,
    /// Whose each code is, and whether it is spent.
    codes: Vec<(usize, bool)>,
    /// How long an access token lives.
    life: Micros,
    /// Whether an access token serves no more when it has been replaced.
    revokes: bool,
    /// Whether it says no more of such a token than that it is forbidden.
    forbids: bool,
    pub data: Data,
}

/// What a token is called: its kind, whose session it is of, and its place there.
fn name(kind: &str, session: usize, place: usize) -> String {
    format!("{kind}.{session:04}.{place:04}")
}

/// What a token of this kind stands for.
fn parse(kind: &str, token: &str) -> Option<(usize, usize)> {
    let mut parts = token.strip_prefix(kind)?.strip_prefix('.')?.split('.');
    let mut number = || parts.next()?.parse().ok();
    Some((number()?, number()?))
}

/// The session and place of an access token.
#[must_use]
pub fn place_of(access_token: &str) -> Option<(usize, usize)> {
    parse("access", access_token)
}

/// The access token that was issued with a refresh token.
#[must_use]
pub fn beside(refresh_token: &str) -> Option<String> {
    let (session, place) = parse("refresh", refresh_token)?;
    Some(name("access", session, place))
}

/// The public id of a user's record.
#[must_use]
pub fn public_id(user: usize) -> String {
    format!("00000000-0000-4000-8000-{user:012}")
}

impl Platform {
    #[must_use]
    pub fn new(life: Micros, revokes: bool, forbids: bool, data: Data) -> Self {
        Self {
            sessions: Vec::new(),
            codes: Vec::new(),
            life,
            revokes,
            forbids,
            data,
        }
    }

    /// Lets the user approve at an address that `getLinkUrl` gave: the address that they come back to.
    pub fn approve(&mut self, address: &str, user: usize) -> String {
        self.codes.push((user, false));
        let query = address.split_once('?').map_or("", |(_, query)| query);
        let mut back = "https://app.example/return?".to_owned();
        let mut answer = form_urlencoded::Serializer::new(String::new());
        answer.append_pair("code", &name("code", self.codes.len() - 1, 0));
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            if key == "state" {
                answer.append_pair("state", &value);
            }
        }
        // Writing to a text does not fail.
        let _ = write!(back, "{}", answer.finish());
        back
    }

    /// Whether any session of a user is over.
    pub fn is_any_over(&self, user: usize) -> bool {
        let mut own = self.sessions.iter().filter(|session| session.user == user);
        own.any(|session| session.over.is_some())
    }

    /// Whether the session of an access token is over.
    pub fn is_over(&self, access_token: &str) -> bool {
        let session = place_of(access_token).and_then(|(number, _)| self.sessions.get(number));
        session.is_some_and(|session| session.over.is_some())
    }

    /// Ends the session of an access token.
    pub fn end(&mut self, access_token: &str) {
        if let Some((session, _)) = place_of(access_token) {
            self.sessions[session]
                .over
                .get_or_insert("API_SESSION_EXPIRED");
        }
    }

    /// Lets all access tokens expire.
    pub fn expire_all(&mut self) {
        for session in &mut self.sessions {
            session.expired = session.issued.len();
        }
    }

    /// Whose record an access token opens.
    pub fn user_of(&self, access_token: &str) -> Option<usize> {
        let (session, _) = place_of(access_token)?;
        Some(self.sessions.get(session)?.user)
    }

    fn issue(&mut self, session: usize, now: Micros) -> Reply {
        let issued = &mut self.sessions[session].issued;
        issued.push(now);
        let place = issued.len() - 1;
        let access = name("access", session, place);
        let body = format!(
            r#"{{"access_token":"{access}","refresh_token":"{}","token_type":"Bearer","expires_in":{}}}"#,
            name("refresh", session, place),
            self.life / 1_000_000
        );
        Reply {
            issued: Some(access),
            ..Reply::saying(200, body)
        }
    }

    /// The token endpoint.
    pub fn exchange(&mut self, spent: &str, now: Micros) -> Reply {
        let invalid = || Reply::saying(400, r#"{"error":"invalid_grant"}"#);
        if let Some((code, _)) = parse("code", spent) {
            let Some((user, is_spent)) = self.codes.get_mut(code) else {
                return invalid();
            };
            if std::mem::replace(is_spent, true) {
                return invalid();
            }
            self.sessions.push(Session {
                user: *user,
                issued: Vec::new(),
                expired: 0,
                over: None,
            });
            return self.issue(self.sessions.len() - 1, now);
        }
        let Some((number, place)) = parse("refresh", spent) else {
            return invalid();
        };
        let session = &mut self.sessions[number];
        if place + 1 != session.issued.len() {
            session.over.get_or_insert("API_SESSION_INVALID");
        }
        match session.over {
            Some(_) => invalid(),
            None => self.issue(number, now),
        }
    }

    /// A call with an access token.
    pub fn call(&self, path: &str, access_token: &str, now: Micros) -> Reply {
        let Some((number, place)) = place_of(access_token) else {
            return Reply::saying(401, "");
        };
        let session = &self.sessions[number];
        if let Some(code) = session.over {
            return Reply::saying(401, format!(r#"{{"error":"{code}"}}"#));
        }
        let is_replaced = self.revokes && place + 1 != session.issued.len();
        let has_expired = place < session.expired || session.issued[place] + self.life <= now;
        if is_replaced && !has_expired && self.forbids {
            return Reply::saying(403, "");
        }
        if is_replaced || has_expired {
            return Reply::saying(401, r#"{"error":"ACC_TOKEN_EXPIRED"}"#);
        }
        if path.ends_with(data::OPERATION) {
            let last_change = self.data.last_change(session.user);
            return Reply::saying(200, data::answer(last_change.as_deref()));
        }
        let id = public_id(session.user);
        Reply::saying(
            200,
            if path.ends_with("$purview") {
                format!(
                    r#"{{"resourceType":"Parameters","parameter":[{{"valueReference":{{"reference":"Patient/{id}"}}}}]}}"#
                )
            } else {
                format!(r#"{{"id":"{id}","patient":true}}"#)
            },
        )
    }
}
