//! Records of a store, changed anywhere: what is sealed in one is refused or is what was sealed, for the user whose it is, and no token of
//! another's ever comes of it.

use std::sync::Arc;

use arbitrary::{Arbitrary, Unstructured};
use digime_sdk::connections::{AttemptRecord, LinkRecord, LinkStatus, LinkStore, MemoryStore};
use digime_sdk::pkb::{CompleteLinkOptions, Failure};
use digime_sdk::{ErrorKind, NonEmptyString, Secret};
use serde_json::{Map, Value};

use crate::discretion;
use crate::pkb::{self, ACCESS, ALICE, CAROL, SECRETS, access_token, records};
use crate::stage::Stage;

/// A change of a text.
#[derive(Debug, Arbitrary)]
enum Edit {
    Flip(u16, u8),
    Put(u16, char),
    Cut(u16, u8),
    Text(String),
    Append(String),
    /// What stands in the same place of another's record.
    Others,
}

/// A change of a record.
#[derive(Debug, Arbitrary)]
enum Change {
    PublicId(Edit),
    Lease(Option<String>),
    LeaseUntil(Option<i64>),
    KeyId(Edit),
    Sealed(Edit),
    Status(u8),
    Times(i64, i64),
    Version(i64),
    Other(String, String),
}

/// The input: which record, and changes of it.
pub fn run(input: &[u8]) {
    let mut input = Unstructured::new(input);
    let (Ok(attempt), Ok(changes)) = (input.arbitrary::<bool>(), input.arbitrary::<Vec<Change>>())
    else {
        return;
    };
    if attempt {
        change_attempt(&changes);
    } else {
        change_link(&changes);
    }
}

fn change_link(changes: &[Change]) {
    let (mut link, bob) = (records().alice.clone(), &records().bob);
    for change in changes {
        match change {
            Change::PublicId(edit) => apply(&mut link.public_id, edit, &bob.public_id),
            Change::Lease(lease) => link.lease.clone_from(lease),
            Change::LeaseUntil(until) => link.lease_until = *until,
            Change::KeyId(edit) => apply(&mut link.key_id, edit, &bob.key_id),
            Change::Sealed(edit) => apply(&mut link.sealed, edit, &bob.sealed),
            Change::Status(status) => link.status = status_of(*status),
            Change::Times(linked, refreshed) => {
                (link.linked_at, link.refreshed_at) = (*linked, *refreshed);
            }
            Change::Version(version) => link.version = *version,
            Change::Other(name, value) => other(&mut link.other, name, value),
        }
    }
    let unchanged = link.sealed == records().alice.sealed;
    let stage = Stage::default();
    let client = pkb::client(&stage, stored(&stage, Some(&link), None));
    match stage.run(client.get_access_token(access_token(ALICE))) {
        Ok(issued) => {
            assert_eq!(issued.access_token.expose(), ACCESS, "another's token");
            assert!(unchanged, "changed, and it opens");
        }
        Err(error) => {
            assert!(!unchanged || link != records().alice);
            judge(&error);
        }
    }
}

fn change_attempt(changes: &[Change]) {
    let original = &records().attempt;
    let (mut attempt, bob) = (original.clone(), &records().bob);
    for change in changes {
        match change {
            Change::PublicId(edit) => apply(&mut attempt.app_user_id, edit, &bob.app_user_id),
            Change::KeyId(edit) => apply(&mut attempt.key_id, edit, &bob.key_id),
            Change::Sealed(edit) => apply(&mut attempt.sealed, edit, &bob.sealed),
            Change::Times(expires, _) => attempt.expires_at = *expires,
            Change::Version(version) => attempt.version = *version,
            Change::Other(name, value) => other(&mut attempt.other, name, value),
            Change::Lease(_) | Change::LeaseUntil(_) | Change::Status(_) => {}
        }
    }
    let stage = Stage::new([pkb::tokens(CAROL, 3600), pkb::purview(3)]);
    let client = pkb::client(&stage, stored(&stage, None, Some(&attempt)));
    let options = CompleteLinkOptions::builder()
        .code("SECRET-code".parse::<Secret<_>>().unwrap())
        .state(records().state.parse::<NonEmptyString>().unwrap())
        .any_user(true)
        .build();
    match stage.run(client.complete_link(options)) {
        Ok(link) => {
            assert_eq!(link.app_user_id, CAROL, "another's link");
            assert_eq!(attempt.sealed, original.sealed, "changed, and it opens");
            assert_eq!(attempt.app_user_id, original.app_user_id);
        }
        Err(error) => {
            assert_ne!(attempt, *original, "{error}");
            judge(&error);
        }
    }
}

fn judge(error: &digime_sdk::Error) {
    let known = matches!(
        error.kind(),
        ErrorKind::Store { .. }
            | ErrorKind::Timeout { .. }
            | ErrorKind::Transport { .. }
            | ErrorKind::Sdk(_)
    ) || matches!(
        Failure::of(error),
        Some(Failure::LinkExpired { .. } | Failure::LinkState { .. } | Failure::NotLinked)
    );
    assert!(known, "{error}");
    discretion::check(error, &SECRETS);
    discretion::check(error, &[&records().state, "SECRET"]);
}

fn stored(
    stage: &Stage,
    link: Option<&LinkRecord>,
    attempt: Option<&AttemptRecord>,
) -> Arc<dyn LinkStore> {
    let store = MemoryStore::default();
    if let Some(link) = link {
        assert!(stage.run(store.put_link(link, None)).unwrap());
    }
    if let Some(attempt) = attempt {
        assert!(stage.run(store.put_attempt(attempt, None)).unwrap());
    }
    Arc::new(store)
}

fn status_of(number: u8) -> LinkStatus {
    match number % 3 {
        0 => LinkStatus::Active,
        1 => LinkStatus::Uncertain,
        _ => LinkStatus::Expired,
    }
}

fn other(members: &mut Map<String, Value>, name: &str, value: &str) {
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
    members.insert(name.to_owned(), value);
}

fn apply(text: &mut String, edit: &Edit, others: &str) {
    let mut letters: Vec<char> = text.chars().collect();
    let place = |at: u16, length: usize| usize::from(at) % length.max(1);
    match edit {
        Edit::Flip(at, with) => {
            let at = place(*at, letters.len());
            if let Some(letter) = letters.get_mut(at) {
                *letter = char::from((u32::from(*letter) & 0xff) as u8 ^ with);
            }
        }
        Edit::Put(at, letter) => letters.insert(place(*at, letters.len()), *letter),
        Edit::Cut(at, many) => {
            let at = place(*at, letters.len());
            let end = letters.len().min(at + usize::from(*many));
            letters.drain(at.min(end)..end);
        }
        Edit::Text(new) => letters = new.chars().collect(),
        Edit::Append(more) => letters.extend(more.chars()),
        Edit::Others => letters = others.chars().collect(),
    }
    *text = letters.into_iter().collect();
}
