//! Privacy labels: what the teams of the sandbox's organisation may see of a patient.

use crate::pkb::state::Memory;
use crate::pkb::subject::Subject;
use crate::pkb::teams::{Team, default_team};

/// The system of the labels.
pub const LABELS: &str = "http://fhir.patientsknowbest.com/codesystem/privacy-label";

/// The labels that a team sees of this patient. Whoever has no account has not been asked.
pub fn seen_by(team: &'static Team, subject: &Subject) -> &'static [&'static str] {
    let patient = subject.person().and_then(|person| person.patient());
    if patient.is_none_or(|patient| patient.consented) {
        team.labels
    } else {
        &[]
    }
}

/// Those that all of the patient's teams see.
pub fn seen_by_organisation(memory: &Memory, subject: &Subject) -> Vec<&'static str> {
    let teams = subject.teams(memory);
    let teams = teams.into_iter().chain([default_team()]);
    let labels = teams.flat_map(|team| seen_by(team, subject));
    labels.copied().collect()
}
