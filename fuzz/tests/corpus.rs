//! Each target, over its corpus and over what a seeded generator makes of it: the ordinary test that the fuzzers leave behind.

#![expect(clippy::unwrap_used, reason = "a test fails where its assumptions do")]

mod mutation;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

use digime_fuzz::TARGETS;

use mutation::Mutator;

/// Where an input of `make fuzz` is written that fails here, to be looked at.
fn written(name: &str, input: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(name);
    fs::write(&file, input).unwrap();
    file
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(name);
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

fn holds(name: &str) {
    let (_, target, made) = TARGETS.iter().find(|(known, ..)| *known == name).unwrap();
    let corpus = corpus(name);
    assert!(!corpus.is_empty(), "{name} has no corpus");
    let given = |input: &[u8]| {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(input))) {
            let file = written(name, input);
            eprintln!(
                "{name} fails for what is in {}:\n{}",
                file.display(),
                input.escape_ascii()
            );
            resume_unwind(panic);
        }
    };
    for input in &corpus {
        given(input);
    }
    let mut mutator = Mutator::new(name, corpus);
    for _ in 0..*made {
        given(&mutator.next());
    }
}

macro_rules! targets {
    ($($promise:ident: $name:literal;)*) => {
        $(#[test] fn $promise() { holds($name); })*

        #[test]
        fn every_target_is_tested() {
            let tested = [$($name),*];
            let targets: Vec<&str> = TARGETS.iter().map(|(name, ..)| *name).collect();
            assert_eq!(tested[..], targets);
        }
    };
}

targets! {
    a_callback_is_taken_for_what_its_query_says: "callback";
    a_file_is_inflated_to_what_another_library_makes_of_it_or_refused: "compression";
    an_envelope_opens_to_what_another_library_makes_of_it_or_is_refused: "envelope";
    whatever_digi_me_says_of_a_failure_is_an_error_without_secrets: "error_body";
    a_search_goes_from_page_to_page_of_its_own_host_and_ends: "fhir_pages";
    a_token_is_believed_only_if_the_platform_signed_it: "jwt";
    a_key_is_understood_or_refused_without_a_letter_of_it: "keys";
    what_is_known_of_a_file_is_understood_or_refused: "metadata";
    whatever_pkb_says_of_a_failure_is_an_error_without_secrets: "outcome";
    tokens_that_have_come_are_kept_and_a_refresh_token_is_sent_once: "pkb_tokens";
    a_record_that_was_changed_is_refused_or_the_same: "records";
    a_redirect_uri_leaves_as_it_was_given_and_only_to_where_is_registered: "redirect";
    a_time_to_wait_is_what_the_header_says_or_none: "retry_after";
    a_path_stays_in_its_folder_and_arrives_as_it_was_given: "storage_path";
    a_value_of_any_kind_ends_in_a_result_or_an_error: "values";
}
