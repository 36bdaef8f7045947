//! Refusals of Patients Know Best, as an OperationOutcome, a code or a page: an error of its class with what it says as data, and nothing of what
//! was sent in what a log would have.

use digime_sdk::pkb::{Failure, FhirReadOptions};
use digime_sdk::{ErrorKind, NonEmptyString};

use crate::discretion;
use crate::pkb::{ALICE, SECRETS, linked};
use crate::script::Answer;
use crate::stage::Stage;

/// The input: answers.
pub fn run(input: &[u8]) {
    let stage = Stage::new(Answer::all(input));
    let client = linked(&stage);
    let options = FhirReadOptions::builder()
        .app_user_id(ALICE.parse::<NonEmptyString>().unwrap())
        .resource_type("Patient".parse::<NonEmptyString>().unwrap())
        .id("00000000-0000-4000-8000-000000000001"
            .parse::<NonEmptyString>()
            .unwrap())
        .build();
    let outcome = stage.run(client.fhir_read(options));
    let sent = stage.sent();
    let refreshes = sent.iter().filter(|sending| sending.method == "POST");
    assert!(refreshes.count() <= 1, "more than one refresh in a call");
    let Err(error) = outcome else {
        return;
    };
    discretion::check(&error, &discretion::echoed(&SECRETS, input, &sent));
    match error.kind() {
        ErrorKind::Platform(_) => match Failure::of(&error).unwrap() {
            Failure::Fhir(failure) => assert!(failure.status_code >= 100),
            Failure::Refused(_) | Failure::LinkExpired { .. } => {}
            other => panic!("{other:?}"),
        },
        ErrorKind::Http(response) => assert!(response.status_code >= 100),
        ErrorKind::UnexpectedResponse(_)
        | ErrorKind::Transport { .. }
        | ErrorKind::Timeout { .. } => {}
        other => panic!("{other:?}"),
    }
}
