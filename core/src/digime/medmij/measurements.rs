//! What is asked of self-measurements: by which codes of LOINC receivers know what was measured.

use super::finding::{FindingSeverity, Look, Rule};
use crate::document::tree::At;

const LOINC: &str = "http://loinc.org";

/// What all receivers that are known take: body weight, blood pressure, heart rate, and glucose in three ways.
const MEASURED: [&str; 6] = [
    "29463-7", "85354-9", "8867-4", "14743-9", "14760-3", "14770-2",
];
/// The parts of a blood pressure: systolic, diastolic, size of the cuff, position of the body.
const PARTS: [&str; 4] = ["8480-6", "8462-4", "8358-4", "8361-8"];

const NO_LOINC: Rule = Rule {
    name: "observation-loinc",
    asks: "what was measured is told by a code of LOINC (http://loinc.org)",
};
const UNKNOWN_CODE: Rule = Rule {
    name: "observation-code",
    asks: "not all receivers are known to take this code of LOINC: ask the provider",
};

pub(super) fn check_observation(look: &mut Look<'_>, observation: At) {
    check_code(look, observation, &MEASURED);
    let components = look.tree.member(observation, "component");
    let components: Vec<_> = components
        .into_iter()
        .flat_map(|components| look.tree.items(components))
        .collect();
    for component in components {
        check_code(look, component, &PARTS);
    }
}

fn check_code(look: &mut Look<'_>, measured: At, known: &[&str]) {
    let tree = &look.tree;
    let codings = tree.along(measured, &["code", "coding"]);
    let codings = codings
        .into_iter()
        .flat_map(|codings| tree.items(codings))
        .filter(|coding| tree.text(*coding, "system").as_deref() == Some(LOINC));
    let codings: Vec<_> = codings.collect();
    let is_known = |coding: &At| {
        let code = tree.text(*coding, "code");
        code.is_some_and(|code| known.contains(&&*code))
    };
    match codings.first() {
        None => look.lacks(&NO_LOINC, FindingSeverity::Warning, measured, "code"),
        Some(_) if codings.iter().any(is_known) => {}
        Some(first) => look.lacks(&UNKNOWN_CODE, FindingSeverity::Warning, *first, "code"),
    }
}
