//! Which parameters PKB demands of a search: in Aggregated each type has one by which the patient is named.

use url::Url;

use crate::Error;
use crate::error::{Invalid, Words};
use crate::pkb::FhirSurface;

/// The system of PKB's public ids.
const PUBLIC_ID: &str = "http://fhir.patientsknowbest.com/id/public-id";

/// What a type's resources are about in Aggregated, and the parameter that says of whom.
enum About {
    /// A patient, who is named by this parameter.
    Patient(&'static str),
    /// Nobody; they are found by one of these.
    Nobody(&'static [&'static str]),
    /// Of these PKB's documents do not tell it.
    Unknown,
}

fn about(resource_type: &str) -> About {
    match resource_type {
        "CarePlan"
        | "CareTeam"
        | "ChargeItem"
        | "Communication"
        | "Composition"
        | "Condition"
        | "DeviceRequest"
        | "DeviceUseStatement"
        | "DiagnosticReport"
        | "DocumentReference"
        | "Encounter"
        | "Flag"
        | "Observation"
        | "MedicationStatement" => About::Patient("subject:Patient.identifier"),
        "AllergyIntolerance"
        | "Consent"
        | "Device"
        | "EpisodeOfCare"
        | "Immunization"
        | "ImmunizationRecommendation" => About::Patient("patient:Patient.identifier"),
        "Appointment" => About::Patient("actor:Patient.identifier"),
        "Patient" => About::Patient("identifier"),
        "ChargeItemDefinition" => About::Nobody(&["identifier"]),
        "HealthcareService" => {
            About::Nobody(&["identifier", "organization:Organization.identifier"])
        }
        _ => About::Unknown,
    }
}

/// What the Facade demands, by its capability statement.
fn of_facade(resource_type: &str) -> &'static [&'static str] {
    match resource_type {
        "Observation" | "DiagnosticReport" => &["patient", "category"],
        "Appointment" | "Communication" | "Consent" | "Encounter" => &["patient"],
        _ => &[],
    }
}

/// The parameter by which the patient is named in a search of Aggregated for this type: by PKB's documents, or by the application's word.
pub(super) fn naming_patient<'a>(
    resource_type: &str,
    given: Option<&'a str>,
) -> Result<&'a str, Error> {
    match (about(resource_type), given) {
        (About::Nobody(_), _) => {
            let reason = "cannot be given here: what is searched for is about no patient";
            Err(Invalid::new("options.appUserId", reason).into())
        }
        (_, Some(given)) => Ok(given),
        (About::Patient(parameter), None) => Ok(parameter),
        (About::Unknown, None) => Err(Invalid::new(
            "options.patientParameter",
            "is missing: PKB's documents do not tell by which parameter a patient is named in a search for this type; ask PKB for it",
        )
        .into()),
    }
}

/// How a patient is named by their public id.
pub(super) fn patient(public_id: &str) -> String {
    format!("{PUBLIC_ID}|{public_id}")
}

/// Refuses a search that has not what PKB demands of it. A parameter is there in each of its forms: with a modifier, or chained.
pub(super) fn check(surface: FhirSurface, resource_type: &str, search: &Url) -> Result<(), Error> {
    let has = |parameter: &str| {
        let wanted = parameter.split([':', '.']).next();
        search
            .query_pairs()
            .any(|(name, _)| name.split([':', '.']).next() == wanted)
    };
    let missing = match surface {
        FhirSurface::Facade => of_facade(resource_type)
            .iter()
            .copied()
            .find(|name| !has(name)),
        FhirSurface::Customer => None,
        FhirSurface::Aggregated => match about(resource_type) {
            About::Patient(parameter) => Some(parameter).filter(|name| !has(name)),
            About::Nobody(parameters) if parameters.iter().any(|name| has(name)) => None,
            About::Nobody(parameters) => parameters.first().copied(),
            About::Unknown => None,
        },
    };
    match missing {
        None => Ok(()),
        Some(name) => {
            let path = Words::from("options.parameters.").given(name);
            let reason = "is missing: PKB demands it of a search for this type";
            Err(Invalid::new(path, reason).into())
        }
    }
}
