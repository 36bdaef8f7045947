//! Redirect URIs, the registered one and one with parameters added: what is sent is letter by letter what was given, and differs from what is
//! registered in its query alone.

use std::sync::Arc;

use digime_sdk::connections::MemoryStore;
use digime_sdk::pkb::{Client, GetLinkUrlOptions};
use digime_sdk::{ErrorKind, NonEmptyString};
use url::Url;

use crate::discretion;
use crate::pkb::{self, SECRETS};
use crate::script::cut;
use crate::stage::Stage;

/// The input: the registered one, and in the lines after it the one wanted.
pub fn run(input: &[u8]) {
    let (registered, wanted) = cut(input, b"\n");
    let text = |bytes: &[u8]| NonEmptyString::try_from(String::from_utf8_lossy(bytes).into_owned());
    let Ok(registered) = text(registered) else {
        return;
    };
    let wanted = wanted.and_then(|wanted| text(wanted).ok());
    let mut config = pkb::config(Arc::new(MemoryStore::default()));
    config.redirect_uri = registered.clone();
    let stage = Stage::default();
    let client = match Client::in_world(config, stage.world()) {
        Ok(client) => client,
        Err(error) => {
            assert!(
                Url::parse(&registered).is_err() || registered.contains('#'),
                "{error}"
            );
            return refused(&error);
        }
    };
    let options = GetLinkUrlOptions::builder()
        .app_user_id("user".parse::<NonEmptyString>().unwrap())
        .maybe_redirect_uri(wanted.clone())
        .build();
    match stage.run(client.get_link_url(options)) {
        Ok(begun) => {
            let address = Url::parse(begun.url.expose()).unwrap();
            let of_query = |name: &str| {
                let mut pairs = address.query_pairs().filter(|(key, _)| key == name);
                let value = pairs.next().unwrap().1.into_owned();
                assert!(pairs.next().is_none(), "{name} twice");
                value
            };
            let sent = wanted.as_ref().unwrap_or(&registered);
            assert_eq!(of_query("redirect_uri"), **sent);
            assert_eq!(of_query("state"), *begun.state.expose());
            alike(&registered, sent);
        }
        Err(error) => {
            assert_ne!(wanted.as_ref(), Some(&registered), "{error}");
            assert!(wanted.is_some());
            refused(&error);
        }
    }
}

fn refused(error: &digime_sdk::Error) {
    assert!(
        matches!(error.kind(), ErrorKind::TypeValidation { .. }),
        "{error}"
    );
    discretion::check(error, &SECRETS);
}

/// The same but for the query, to which parameters may be added.
fn alike(registered: &str, sent: &str) {
    let (registered, sent) = (Url::parse(registered).unwrap(), Url::parse(sent).unwrap());
    assert_eq!(
        registered.origin().ascii_serialization(),
        sent.origin().ascii_serialization()
    );
    assert_eq!(registered.scheme(), sent.scheme());
    assert_eq!(registered.authority(), sent.authority());
    assert_eq!(registered.path(), sent.path());
    assert_eq!(sent.fragment(), None);
    let mut pairs: Vec<_> = sent.query_pairs().collect();
    for pair in registered.query_pairs() {
        let at = pairs.iter().position(|other| *other == pair);
        pairs.swap_remove(at.expect("a registered parameter is missing"));
    }
}
