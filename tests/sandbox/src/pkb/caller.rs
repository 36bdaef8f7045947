//! Who is calling the FHIR or REST API: the bearer token that every call carries.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use crate::clock;
use crate::pkb::people::Person;
use crate::pkb::response_code::ResponseCode;
use crate::pkb::state::{Memory, Pkb};

#[derive(Clone, Copy)]
pub enum Caller {
    Person(&'static Person),
    /// The system client, for its organisation.
    System,
}

impl Caller {
    /// Who is calling, and counts the call.
    pub fn of(pkb: &Pkb, headers: &HeaderMap) -> Result<Self, ResponseCode> {
        let mut memory = pkb.memory();
        memory.tally.calls += 1;
        let token = bearer(headers).ok_or(ResponseCode::BadAuthentication)?;
        let caller = holder(&memory, token)?;
        match caller {
            Self::Person(person) if memory.frozen.contains(person.public_id) => {
                Err(ResponseCode::AccessFrozenOutward)
            }
            caller => Ok(caller),
        }
    }

    /// That the customer system client calls, and counts the call.
    pub fn is_customer(pkb: &Pkb, headers: &HeaderMap) -> Result<(), ResponseCode> {
        let mut memory = pkb.memory();
        memory.tally.calls += 1;
        let token = bearer(headers).ok_or(ResponseCode::BadAuthentication)?;
        match memory.customer_tokens.get(token) {
            Some(ends_at) if clock::now_ms() < *ends_at => Ok(()),
            Some(_) => Err(ResponseCode::AccTokenExpired),
            None => Err(ResponseCode::BadAuthentication),
        }
    }

    /// The person who calls, which the system client is not.
    pub fn person(self) -> Result<&'static Person, ResponseCode> {
        match self {
            Self::Person(person) => Ok(person),
            Self::System => Err(ResponseCode::UserTypeNotPerm),
        }
    }

    /// The patient who calls about themselves.
    pub fn patient(self) -> Result<&'static Person, ResponseCode> {
        let person = self.person()?;
        match person.patient() {
            Some(_) => Ok(person),
            None => Err(ResponseCode::UserTypeNotPerm),
        }
    }

    /// Whether the record of this patient is one that the caller may see.
    pub fn sees(self, patient: &Person) -> bool {
        match self {
            Self::Person(person) if person.patient().is_some() => {
                person.public_id == patient.public_id
            }
            Self::Person(_) | Self::System => {
                patient.patient().is_some_and(|patient| patient.consented)
            }
        }
    }
}

/// The scheme is written in any case (RFC 9110 section 11.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// Whose access token this is.
fn holder(memory: &Memory, token: &str) -> Result<Caller, ResponseCode> {
    let now = clock::now_ms();
    match memory.system_tokens.get(token) {
        Some(ends_at) if now < *ends_at => Ok(Caller::System),
        Some(_) => Err(ResponseCode::AccTokenExpired),
        None => memory.sessions.holder(token, now).map(Caller::Person),
    }
}
