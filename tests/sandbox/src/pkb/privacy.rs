//! Privacy labels: which there are, and which of a patient's the organisation of the sandbox may see.

use crate::pkb::subject::Subject;

/// The system of the labels.
pub const LABELS: &str = "http://fhir.patientsknowbest.com/codesystem/privacy-label";

/// The labels that are seen of this patient. Whoever has no account has not been asked.
pub fn seen_by_organisation(subject: &Subject) -> &'static [&'static str] {
    let patient = subject.person().and_then(|person| person.patient());
    if patient.is_none_or(|patient| patient.consented) {
        &["GENERAL_HEALTH", "SOCIAL_CARE"]
    } else {
        &[]
    }
}
