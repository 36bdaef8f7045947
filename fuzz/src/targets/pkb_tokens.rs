//! Answers of PKB's token endpoint to a refresh: tokens that are there are kept and handed out, a refresh token is never sent twice, and
//! neither is in an error.

use digime_sdk::ErrorKind;
use digime_sdk::pkb::Failure;
use serde_json::Value;
use url::form_urlencoded;

use crate::discretion;
use crate::pkb::{ALICE, LIFE, REFRESH, SECRETS, access_token, linked};
use crate::script::{Answer, replaced};
use crate::stage::{BEGIN, Stage};

/// The input: answers, in which the refresh token may be echoed.
pub fn run(input: &[u8]) {
    let answers = Answer::all(&replaced(input, "{{refresh_token}}", REFRESH.as_bytes()));
    let stage = Stage::new(answers.clone());
    stage.pass(LIFE);
    let client = linked(&stage);
    let first = stage.run(client.get_access_token(access_token(ALICE)));
    let sent = stage.sent();
    let refreshes = sent.iter().filter(|sending| {
        let mut grant = form_urlencoded::parse(&sending.body);
        grant.any(|(name, value)| name == "refresh_token" && value == REFRESH)
    });
    assert_eq!(
        (sent.len(), refreshes.count()),
        (1, 1),
        "the refresh token was sent again"
    );
    match first {
        Ok(issued) => {
            // The client is authorised by the form, so that there is nothing to echo.
            let answer = answers[0].clone().echoing(None);
            assert!(answer.status.is_success() && !answer.lost);
            let token = issued.access_token.expose();
            assert!(!token.is_empty());
            if let Ok(body) = serde_json::from_slice::<Value>(&answer.body) {
                assert_eq!(body["access_token"].as_str(), Some(&**token));
                let begun = i64::try_from(BEGIN + LIFE.as_secs()).unwrap() * 1000;
                if let Some(seconds) = body["expires_in"]
                    .as_u64()
                    .filter(|seconds| *seconds < 1 << 40)
                {
                    let life = issued.expires_at - begun;
                    assert_eq!(life, i64::try_from(seconds).unwrap() * 1000);
                }
            }
            // What was stored is what was handed out.
            stage.will_answer([]);
            if issued.expires_at > i64::try_from(BEGIN + 2 * LIFE.as_secs()).unwrap() * 1000 {
                let again = stage
                    .run(client.get_access_token(access_token(ALICE)))
                    .unwrap();
                assert_eq!(again.access_token.expose(), token);
            }
        }
        Err(error) => {
            let expected = matches!(
                Failure::of(&error),
                Some(Failure::Refused(_) | Failure::LinkExpired { .. })
            ) || matches!(
                error.kind(),
                ErrorKind::Transport { .. } | ErrorKind::Timeout { .. }
            );
            assert!(expected, "{error:?}");
            discretion::check(&error, &discretion::echoed(&SECRETS, input, &sent));
        }
    }
}
