//! The pages of a FHIR search: each as it came, none twice, and no page at another host is asked for with a patient's token.

use std::collections::HashSet;

use digime_sdk::NonEmptyString;
use digime_sdk::pkb::FhirSearchOptions;

use crate::discretion;
use crate::pkb::{ALICE, SECRETS, linked};
use crate::script::Answer;
use crate::stage::Stage;

const FHIR: &str = "https://pkb.invalid/";

/// The input: answers.
pub fn run(input: &[u8]) {
    let answers = Answer::all(input);
    let most = answers.len();
    let stage = Stage::new(answers);
    let client = linked(&stage);
    let options = FhirSearchOptions::builder()
        .app_user_id(ALICE.parse::<NonEmptyString>().unwrap())
        .resource_type("Questionnaire".parse::<NonEmptyString>().unwrap())
        .build();
    let mut pages = client.search(options).unwrap();
    let mut asked = HashSet::new();
    for _ in 0..=most {
        let outcome = stage.run(pages.next());
        let sent = stage.sent();
        for sending in &sent {
            assert!(sending.address.starts_with(FHIR), "{}", sending.address);
        }
        match outcome {
            Ok(Some(page)) => {
                let last = &sent.last().unwrap().address;
                assert!(asked.insert(last.clone()), "a page twice");
                let text = page.text();
                assert!(text.starts_with('{') && text.ends_with('}'));
                assert!(
                    input
                        .windows(text.len())
                        .any(|window| window == text.as_bytes())
                        || text.contains("Bearer")
                );
            }
            Ok(None) => return,
            Err(error) => {
                let secrets = discretion::echoed(&SECRETS, input, &sent);
                return discretion::check(&error, &secrets);
            }
        }
    }
    panic!("more pages than answers");
}
