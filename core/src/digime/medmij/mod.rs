//! What care providers in `MedMij` refuse of what is pushed to them, as far as that is known. It looks, and changes nothing.

mod bundle;
mod elements;
mod entry;
mod finding;
mod kind;
mod measurements;
mod questionnaires;

use finding::{Look, Rule};

use crate::digime::Failure;
use crate::document::tree::Tree;
use crate::{Error, JsonObject};

pub use finding::{FindingSeverity, ProviderDataFinding};

const TYPE: Rule = Rule {
    name: "resource-type",
    asks: "a resource says its resourceType",
};
const NO_BUNDLE: Rule = Rule {
    name: "no-bundle",
    asks: "it is not documented whether a resource is taken that is in no Bundle",
};

/// Refuses data of which an error is found.
pub(in crate::digime) fn check(data: &JsonObject) -> Result<(), Error> {
    let findings = findings(data);
    let is_error = |found: &ProviderDataFinding| found.severity == FindingSeverity::Error;
    if findings.iter().any(is_error) {
        return Err(Failure::ProviderData { findings }.into());
    }
    Ok(())
}

/// What is refused, or may be, of FHIR data of STU3.
pub(in crate::digime) fn findings(data: &JsonObject) -> Vec<ProviderDataFinding> {
    let mut look = Look::at(Tree::of(data));
    let named = look.tree.text(0, "resourceType");
    let severity = match named.as_deref() {
        Some("Bundle") => bundle::check(&mut look).severity(),
        Some(name) => {
            look.breaks(&NO_BUNDLE, FindingSeverity::Warning, 0);
            entry::check_profile(&mut look, 0, name, FindingSeverity::Warning);
            FindingSeverity::Warning
        }
        None => {
            look.lacks(&TYPE, FindingSeverity::Error, 0, "resourceType");
            FindingSeverity::Warning
        }
    };
    elements::check(&mut look, severity);
    look.findings()
}
