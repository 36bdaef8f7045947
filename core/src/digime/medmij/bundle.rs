//! What is asked of a Bundle: its type, that there is something in it, and what belongs together in data of its kind.

use super::entry::{self, Entry};
use super::finding::{FindingSeverity, Look, Rule};
use super::kind::Kind;
use super::{measurements, questionnaires};
use crate::document::tree::At;

const TYPE: Rule = Rule {
    name: "bundle-type",
    asks: "self-measurements are a batch or a transaction, questionnaires, documents and images a transaction",
};
const TYPE_DIFFERS: Rule = Rule {
    name: "batch-or-transaction",
    asks: "self-measurements are a batch by MedMij's standard, and some receivers take a transaction alone: ask the provider",
};
const NO_ENTRY: Rule = Rule {
    name: "bundle-entry",
    asks: "a Bundle has an entry",
};
const RESOURCES: Rule = Rule {
    name: "kind-resources",
    asks: "self-measurements are one Patient and Observations; questionnaires a Task, alone or with a QuestionnaireResponse; documents a Patient, a DocumentManifest, a DocumentReference and a Binary; images a Patient, a List, Media, a Binary and whom they are for",
};
const OTHER: Rule = Rule {
    name: "kind-unknown",
    asks: "MedMij's test scripts send self-measurements, questionnaires, documents and images: what a provider makes of other data is not known",
};
const RELEASE: Rule = Rule {
    name: "release",
    asks: "a request to correct a record is FHIR R4, and what is pushed is STU3",
};

const BUNDLE: At = 0;

/// Looks at a Bundle, and says of what kind its data is.
pub(super) fn check(look: &mut Look<'_>) -> Kind {
    let entries = look.tree.member(BUNDLE, "entry");
    let entries: Vec<At> = entries
        .into_iter()
        .flat_map(|entries| look.tree.items(entries))
        .collect();
    let known: Vec<Entry> = entries
        .iter()
        .filter_map(|at| entry::read(&look.tree, *at))
        .collect();
    let types: Vec<&str> = known.iter().map(|entry| &*entry.kind).collect();
    let kind = Kind::of(&types);
    check_type(look, kind);
    if entries.is_empty() {
        look.lacks(&NO_ENTRY, FindingSeverity::Error, BUNDLE, "entry");
        return kind;
    }
    check_resources(look, kind, &types);
    for at in entries {
        entry::check(look, at, kind);
    }
    let is_answered = types.contains(&"QuestionnaireResponse");
    for Entry {
        resource,
        kind: name,
    } in &known
    {
        match (kind, &**name) {
            (Kind::SelfMeasurements, "Observation") => {
                measurements::check_observation(look, *resource);
            }
            (Kind::Questionnaires, "Task") => {
                questionnaires::check_task(look, *resource, is_answered);
            }
            (_, "Communication") => check_communication(look, *resource),
            _ => {}
        }
    }
    kind
}

fn check_type(look: &mut Look<'_>, kind: Kind) {
    let named = look.tree.text(BUNDLE, "type");
    match (named.as_deref(), kind) {
        (Some("transaction"), Kind::SelfMeasurements) => {
            look.lacks(&TYPE_DIFFERS, FindingSeverity::Warning, BUNDLE, "type");
        }
        (Some("batch"), Kind::SelfMeasurements | Kind::Other) | (Some("transaction"), _) => {}
        _ => look.lacks(&TYPE, FindingSeverity::Error, BUNDLE, "type"),
    }
}

/// Whether the platform adds a Patient is not documented, and a receiver may bear more than it is sent in tests: so nothing of this is certain.
fn check_resources(look: &mut Look<'_>, kind: Kind, types: &[&str]) {
    if kind == Kind::Other {
        look.lacks(&OTHER, FindingSeverity::Warning, BUNDLE, "entry");
        return;
    }
    let all_there = kind.sent().iter().all(|name| types.contains(name));
    let nothing_else = types
        .iter()
        .all(|name| kind.sent().contains(name) || kind.may_hold().contains(name));
    let patients = types.iter().filter(|name| **name == "Patient").count();
    if !all_there || !nothing_else || patients > 1 {
        look.lacks(&RESOURCES, FindingSeverity::Warning, BUNDLE, "entry");
    }
}

/// A request to correct a record is told by its category.
fn check_communication(look: &mut Look<'_>, communication: At) {
    let tree = &look.tree;
    let categories = tree.member(communication, "category");
    let is_request = categories.into_iter().any(|categories| {
        let codings = tree
            .items(categories)
            .chain([categories])
            .filter_map(|category| tree.member(category, "coding"));
        codings
            .flat_map(|codings| tree.items(codings))
            .any(|coding| tree.text(coding, "code").as_deref() == Some("medRecCxReq"))
    });
    if is_request {
        look.lacks(&RELEASE, FindingSeverity::Error, communication, "category");
    }
}
