//! The address that a patient comes back to: its code and its state are taken from the query as a form has them, whatever else it holds, and
//! nothing of it is in an error.

use digime_sdk::pkb::{CompleteLinkOptions, Failure};
use digime_sdk::{ErrorKind, NonEmptyString};
use url::form_urlencoded;

use crate::discretion;
use crate::pkb::{self, CAROL, REDIRECT_URI, SECRETS, linked, records};
use crate::script::cut;
use crate::stage::Stage;

/// The input: how the address is made, and the address, or a code and what stands around it.
pub fn run(input: &[u8]) {
    let Some((form, rest)) = input.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(rest);
    if form % 2 == 0 {
        let address = text.replace("{{state}}", &records().state);
        follow(&address, None);
        return;
    }
    let (code, around) = cut(rest, b"\n");
    let (code, around) = (
        String::from_utf8_lossy(code),
        String::from_utf8_lossy(around.unwrap_or_default()),
    );
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("x-first", &around);
    if form & 2 == 0 {
        query.append_pair("code", &code);
        query.append_pair("state", &records().state);
    } else {
        query.append_pair("state", &records().state);
        query.append_pair("code", &code);
    }
    query.append_pair("last", &around);
    let query = query.finish();
    // Whole, from its path on, and from its query on.
    for begin in [&format!("{REDIRECT_URI}&"), "/linked?", "?"] {
        follow(
            &format!("{begin}{query}#{}", around.replace(['\n', '\r', '\t'], "")),
            Some(&code),
        );
    }
}

/// Comes back to an address; `code` is what it must be understood to hold, if it is not known otherwise.
fn follow(address: &str, code: Option<&str>) {
    let exchanged = exchanged(address);
    if let Some(code) = code {
        let expected = Some(code.to_owned()).filter(|code| !code.is_empty());
        assert_eq!(exchanged, expected, "another code");
    }
}

/// The code that a client exchanges for which a patient has come back to this address.
#[must_use]
pub fn exchanged(address: &str) -> Option<String> {
    let callback = NonEmptyString::try_from(address).ok()?;
    let stage = Stage::new([pkb::tokens(CAROL, 3600), pkb::purview(3)]);
    let client = linked(&stage);
    let options = CompleteLinkOptions::builder()
        .callback_url(callback)
        .app_user_id(CAROL.parse::<NonEmptyString>().unwrap())
        .build();
    let outcome = stage.run(client.complete_link(options));
    let sent = stage.sent();
    let exchanged = sent.first().map(|sending| {
        let grant = form_urlencoded::parse(&sending.body);
        let code = grant.into_owned().find(|(name, _)| name == "code");
        code.unwrap().1
    });
    match outcome {
        Ok(link) => {
            assert_eq!(link.app_user_id, CAROL);
            assert!(exchanged.is_some() && address.contains('?'));
        }
        Err(error) => {
            let known = matches!(
                Failure::of(&error),
                Some(Failure::LinkState { .. } | Failure::LinkDenied { .. })
            );
            let invalid = matches!(error.kind(), ErrorKind::TypeValidation { .. });
            assert!(known || invalid, "{error}");
            assert_eq!(exchanged, None);
            discretion::check(&error, &SECRETS);
            discretion::check(&error, &[&records().state, "SECRET"]);
        }
    }
    exchanged
}

/// The state that is exchanged for.
#[must_use]
pub fn state() -> &'static str {
    &records().state
}
