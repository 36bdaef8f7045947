//! What an error must not say: a secret that went in, in its text, in its debug output, or in the message that a language shows.

use digime_sdk::Error;
use digime_sdk::binding::{Dialect, Value};

use crate::stage::{Sending, has};

/// Checks that an error is one: it has a class and a message, in one line, and none of the secrets is in what a log would have of it.
pub fn check(error: &Error, secrets: &[&str]) {
    let mut texts = vec![
        ("text", error.to_string()),
        ("debug output", format!("{error:?}")),
        ("debug output", format!("{error:#?}")),
    ];
    for dialect in [Dialect::JavaScript, Dialect::Python] {
        texts.push(("message", message(&error.to_value(dialect))));
    }
    for (what, text) in &texts {
        check_text(what, text, secrets);
    }
    assert!(!texts[0].1.is_empty());
}

/// Those of the secrets of which an error must say nothing after these requests, whose answers the input has written down. An input may come to have one in it
/// that a request did not have: a platform that knows it from elsewhere echoes nothing.
pub fn echoed<'a>(secrets: &[&'a str], input: &[u8], sent: &[Sending]) -> Vec<&'a str> {
    let echoed =
        |secret: &&str| !has(input, secret) || sent.iter().all(|sending| sending.carries(secret));
    secrets.iter().copied().filter(echoed).collect()
}

/// Checks what a failed step of a conversation says.
pub fn check_failed(failed: &Value, secrets: &[&str]) {
    check_text("message", &message(failed), secrets);
}

fn message(error: &Value) -> String {
    for name in ["class", "name", "code"] {
        let Some(Value::String(text)) = error.get(name) else {
            panic!("an error without {name}");
        };
        assert!(!text.is_empty());
    }
    let Some(Value::String(message)) = error.get("message") else {
        panic!("an error without a message");
    };
    let hidden = |letter: char| letter.is_control() || ('\u{202a}'..='\u{202e}').contains(&letter);
    assert!(
        !message.contains(hidden),
        "a message that commands a terminal: {message:?}"
    );
    assert!(
        message.len() < 8 * 1024,
        "a message of {} bytes",
        message.len()
    );
    message.clone()
}

fn check_text(what: &str, text: &str, secrets: &[&str]) {
    for secret in secrets {
        assert!(
            secret.is_empty() || !text.contains(secret),
            "a secret is in the {what} of an error: {text}"
        );
    }
}
