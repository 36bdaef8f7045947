//! The people whose connections fill a store: their ids, which come in no order as real ones do, and tokens as long as real ones.

use std::sync::atomic::{AtomicU64, Ordering};

use digime_bench::BenchError;
use digime_sdk::Secret;
use digime_sdk::digime::{Beside, NonEmptyString, Token, User, UserAccessToken};
use digime_sdk::pkb::LinkTokens;

/// Multiplied by an odd number, numbers of 64 bits become others, no two the same.
const USERS: u64 = 0x9e37_79b9_7f4a_7c15;
const PUBLIC_IDS: u64 = 0xc2b2_ae3d_27d4_eb4f;
/// The end of 2099: no token of the bench expires.
const EXPIRY: i64 = 4_102_444_800;

/// Picks people in no order, the same in every run.
#[derive(Default)]
pub struct Anybody(AtomicU64);

impl Anybody {
    /// The number of one of so many.
    pub fn of(&self, people: u64) -> u64 {
        let turn = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        (turn.wrapping_mul(PUBLIC_IDS) >> 16) % people
    }
}

/// The application's id of somebody.
pub fn user(number: u64) -> Result<NonEmptyString, BenchError> {
    Ok(format!("user-{:016x}", number.wrapping_mul(USERS)).parse()?)
}

/// The platform's id of somebody.
pub fn public_id(number: u64) -> Result<NonEmptyString, BenchError> {
    let (first, last) = (number.wrapping_mul(PUBLIC_IDS), number.wrapping_mul(USERS));
    Ok(format!("{first:016x}{last:016x}").parse()?)
}

/// What digi.me gave for somebody.
pub fn user_access_token(number: u64) -> Result<UserAccessToken, BenchError> {
    let token = |kind: &str| Token {
        value: text(kind, number).into(),
        expiry: EXPIRY,
    };
    Ok(UserAccessToken {
        access_token: token("access"),
        refresh_token: token("refresh"),
        user: Some(User {
            id: Some(public_id(number)?.to_string()),
        }),
        consentid: Some(text("consent", number)),
        beside: Beside::default(),
    })
}

/// What PKB gave for somebody.
pub fn link_tokens(number: u64) -> Result<LinkTokens, BenchError> {
    let token = |kind: &str| {
        Ok::<_, BenchError>(Secret::from(text(kind, number).parse::<NonEmptyString>()?))
    };
    Ok(LinkTokens {
        access_token: token("access")?,
        refresh_token: Some(token("refresh")?),
        expires_at: EXPIRY * 1000,
        scope: Some("PATIENT".to_owned()),
    })
}

fn text(kind: &str, number: u64) -> String {
    format!("{kind}{number:064}")
}
