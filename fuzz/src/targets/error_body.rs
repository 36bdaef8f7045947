//! What digi.me says of a failure, in a body or in headers, and what is made of it: an error of its class, which shows nothing that was sent.

use digime_sdk::ErrorKind;
use digime_sdk::digime::{Failure, ReadAccountsOptions};

use crate::digime::{SECRETS, contract, token, with_client};
use crate::discretion;
use crate::script::Answer;

/// The input: answers.
pub fn run(input: &[u8]) {
    let answers = Answer::all(input);
    let options = ReadAccountsOptions::builder()
        .contract_details(contract())
        .user_access_token(token())
        .build();
    let (outcome, sent) = with_client(answers, |stage, client| {
        (stage.run(client.read_accounts(options)), stage.sent())
    });
    // What is signed stands in the header alone.
    let mut secrets = discretion::echoed(&SECRETS, input, &sent);
    secrets.extend(sent.iter().map(|sending| {
        let signed = sending.headers.get("authorization");
        let signed = signed
            .and_then(|header| header.to_str().ok())
            .unwrap_or_default();
        let (_, signature) = signed.rsplit_once('.').unwrap_or_default();
        signature
    }));
    let refreshes = sent
        .iter()
        .filter(|sending| sending.address.ends_with("/oauth/token"));
    assert!(refreshes.count() <= 1, "the refresh token was sent twice");
    let Err(error) = outcome else {
        return;
    };
    let kind = error.kind();
    assert!(
        matches!(
            kind,
            ErrorKind::Sdk(_)
                | ErrorKind::Http(_)
                | ErrorKind::Platform(_)
                | ErrorKind::UnexpectedResponse(_)
                | ErrorKind::TokenVerification(_)
                | ErrorKind::Transport { .. }
                | ErrorKind::Timeout { .. }
        ),
        "{error}"
    );
    discretion::check(&error, &secrets);
    if let Some(Failure::Server(said) | Failure::SdkInvalid(said)) = Failure::of(&error) {
        assert!(said.status_code.is_some());
    }
}
