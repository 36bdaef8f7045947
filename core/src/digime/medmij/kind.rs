//! What kinds of data the test scripts of `MedMij` send to care providers, and what tells one from the other.

use super::finding::FindingSeverity;

/// A kind of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// *Zelfmetingen*.
    SelfMeasurements,
    /// *Vragenlijsten*.
    Questionnaires,
    /// *PDF/A*.
    Documents,
    /// *Afbeeldingen*.
    Images,
    /// None of these.
    Other,
}

impl Kind {
    /// By what the resources are.
    pub(super) fn of(types: &[&str]) -> Self {
        let has = |any_of: &[&str]| types.iter().any(|name| any_of.contains(name));
        if has(&["DocumentManifest", "DocumentReference"]) {
            Self::Documents
        } else if has(&["Media", "List"]) {
            Self::Images
        } else if has(&["Task", "QuestionnaireResponse"]) {
            Self::Questionnaires
        } else if has(&["Observation"]) {
            Self::SelfMeasurements
        } else {
            Self::Other
        }
    }

    /// How certain it is that a rule for the parts of resources holds: Nictiz's checks are known of self-measurements, and inferred of the rest.
    pub(super) fn severity(self) -> FindingSeverity {
        match self {
            Self::SelfMeasurements => FindingSeverity::Error,
            _ => FindingSeverity::Warning,
        }
    }

    /// The resources that the scripts send, each of which there is one of at least.
    pub(super) fn sent(self) -> &'static [&'static str] {
        match self {
            Self::SelfMeasurements => &["Patient", "Observation"],
            // With or without what it answers.
            Self::Questionnaires => &["Task"],
            Self::Documents => &["Patient", "DocumentManifest", "DocumentReference", "Binary"],
            Self::Images => &["Patient", "List", "Media", "Binary"],
            Self::Other => &[],
        }
    }

    /// What else they may send.
    pub(super) fn may_hold(self) -> &'static [&'static str] {
        match self {
            Self::Questionnaires => &["QuestionnaireResponse"],
            Self::Images => &["Practitioner", "PractitionerRole"],
            _ => &[],
        }
    }
}
