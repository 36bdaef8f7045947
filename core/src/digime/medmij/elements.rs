//! What is asked of the parts of resources, wherever they stand: codes, references, identifiers, quantities, and that no BSN is sent.

use super::finding::{FindingSeverity, Look, Rule};
use crate::document::tree::{At, Tree};

const CODING: Rule = Rule {
    name: "coding",
    asks: "a Coding has a system and a code",
};
const CODEABLE_CONCEPT: Rule = Rule {
    name: "codeable-concept",
    asks: "a CodeableConcept has a text, or a Coding with a display",
};
const REFERENCE: Rule = Rule {
    name: "reference-display",
    asks: "a Reference has a display",
};
const IDENTIFIER: Rule = Rule {
    name: "identifier",
    asks: "an Identifier has a value, and a system or a type",
};
const QUANTITY: Rule = Rule {
    name: "quantity-ucum",
    asks: "a Quantity has a value, and a code of UCUM (http://unitsofmeasure.org)",
};
const BSN: Rule = Rule {
    name: "bsn",
    asks: "no BSN is sent: digi.me and the provider know by other means who the person is",
};

/// How the system of BSNs is named, as an address and as an OID.
const BSN_SYSTEMS: [&str; 2] = [
    "http://fhir.nl/fhir/NamingSystem/bsn",
    "urn:oid:2.16.840.1.113883.2.4.6.3",
];
const UCUM: &str = "http://unitsofmeasure.org";

/// The elements that are a Coding by themselves.
const CODINGS: [&str; 5] = ["coding", "valueCoding", "tag", "security", "format"];

/// Looks at every value; `severity` is that of rules that are certain for some data alone.
pub(super) fn check(look: &mut Look<'_>, severity: FindingSeverity) {
    for at in look.tree.all() {
        if look.tree.is_object(at) {
            check_object(look, severity, at);
        } else if look.tree.string(at).is_some_and(|text| names_a_bsn(&text)) {
            look.breaks(&BSN, FindingSeverity::Error, at);
        }
    }
}

fn check_object(look: &mut Look<'_>, severity: FindingSeverity, at: At) {
    let Look { tree, .. } = &*look;
    let element = tree.element(at).unwrap_or_default();
    let has = |name| tree.text(at, name).is_some();
    let has_member = |name| tree.member(at, name).is_some();
    let mut broken: Vec<(&'static Rule, FindingSeverity, &'static str)> = Vec::new();

    if CODINGS.contains(&&*element) {
        let missing = ["system", "code"].into_iter().filter(|name| !has(name));
        broken.extend(missing.map(|name| (&CODING, severity, name)));
    }
    if has_member("coding") && !has("text") && !is_displayed(tree, at) {
        broken.push((&CODEABLE_CONCEPT, severity, "text"));
    }
    if has("reference") && !has("display") {
        broken.push((&REFERENCE, severity, "display"));
    }
    if element == "identifier" || element.ends_with("Identifier") {
        // One that must not be told is masked, by an extension of its value.
        if !has("value") && !has_member("_value") {
            broken.push((&IDENTIFIER, severity, "value"));
        }
        if !has("system") && !has_member("type") {
            broken.push((&IDENTIFIER, severity, "system"));
        }
    }
    if element == "valueQuantity" {
        let value = tree.member(at, "value");
        if !value.is_some_and(|value| tree.is_number(value)) {
            broken.push((&QUANTITY, FindingSeverity::Warning, "value"));
        }
        if tree.text(at, "system").as_deref() != Some(UCUM) {
            broken.push((&QUANTITY, FindingSeverity::Warning, "system"));
        }
        if !has("code") {
            broken.push((&QUANTITY, FindingSeverity::Warning, "code"));
        }
    }
    // Of several systems or values of the same name, the receiver may take any.
    let all = |name: &'static str| {
        let members = tree.inside(at);
        members.filter(move |member| tree.element(*member).as_deref() == Some(name))
    };
    let is_of_bsns = all("system")
        .filter_map(|system| tree.string(system))
        .any(|system| is_bsn(&system));
    let is_told = |value: At| tree.string(value).is_some() || tree.is_number(value);
    if is_of_bsns && all("value").any(is_told) {
        broken.push((&BSN, FindingSeverity::Error, "value"));
    }

    for (rule, severity, member) in broken {
        look.lacks(rule, severity, at, member);
    }
}

fn is_displayed(tree: &Tree<'_>, concept: At) -> bool {
    let coding = tree.member(concept, "coding");
    coding.is_some_and(|coding| {
        tree.items(coding)
            .any(|coding| tree.text(coding, "display").is_some())
    })
}

fn is_bsn(system: &str) -> bool {
    BSN_SYSTEMS.contains(&system.trim().trim_end_matches('/'))
}

/// Whether a text looks somebody up by their BSN, as a conditional reference or the address of a request can.
fn names_a_bsn(text: &str) -> bool {
    let looked_up = |system: &&str| {
        let mut rest = text;
        while let Some(found) = rest.find(*system) {
            rest = &rest[found + system.len()..];
            let bar = ["|", "%7C", "%7c"];
            let value = bar.iter().find_map(|bar| rest.strip_prefix(bar));
            if value.is_some_and(|value| value.starts_with(|first: char| first.is_ascii_digit())) {
                return true;
            }
        }
        false
    };
    // What follows the scheme, which an address may have encoded.
    [
        "fhir.nl/fhir/NamingSystem/bsn",
        "fhir.nl%2Ffhir%2FNamingSystem%2Fbsn",
        "2.16.840.1.113883.2.4.6.3",
    ]
    .iter()
    .any(looked_up)
}
