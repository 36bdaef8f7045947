//! To which organisation and patient a resource that Customer was given comes: what Aggregated shows depends on both, and Customer says
//! nothing of it.

use std::sync::Arc;

use serde::Serialize;

use crate::pkb::aggregated::is_aggregated;
use crate::pkb::r4::Resource;
use crate::pkb::state::Memory;
use crate::pkb::subject::Subject;
use crate::pkb::upstream::Stored;

const ORGANISATION_CODES: [&str; 2] = [
    "http://fhir.patientsknowbest.com/id/org-code",
    "https://fhir.nhs.uk/Id/ods-organization-code",
];
/// The code of the organisation that Customer may be set up with.
const DEFAULT: &str = "default";
/// The members that may say whose a resource is.
const PATIENTS: [&str; 3] = ["subject", "patient", "participant"];

/// What became of a resource.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// Aggregated shows it, to whoever may see the patient.
    Aggregated,
    /// Aggregated has no resources of this type.
    OtherType,
    NoSourceOrganisation,
    UnknownPatient,
}

/// Where a resource comes to.
pub struct Origin {
    pub fate: Fate,
    /// The code of its source organisation.
    pub organisation: Option<String>,
    pub subject: Option<Subject>,
    /// Customer's own Patient, and how the resource refers to it.
    pub patient: Option<(Arc<Stored>, String)>,
}

pub fn origin_of(memory: &Memory, resource: &Resource) -> Origin {
    let patient = patient_of(memory, resource);
    let is_patient = resource.kind == "Patient";
    let of_patient = patient.as_ref().map(|(patient, _)| &patient.resource);
    let whose = if is_patient {
        Some(resource)
    } else {
        of_patient
    };
    let subject = whose.and_then(|patient| {
        let mut identifiers = patient.identifiers();
        identifiers.find_map(|(system, value)| Subject::identified(memory, system, value))
    });
    let organisation = organisation_of(memory, whose, resource);
    let names_nobody = ["ChargeItemDefinition", "HealthcareService"];
    let fate = if !is_aggregated(&resource.kind) {
        Fate::OtherType
    } else if organisation.is_none() {
        Fate::NoSourceOrganisation
    } else if subject.is_none() && !names_nobody.contains(&resource.kind.as_str()) {
        Fate::UnknownPatient
    } else {
        Fate::Aggregated
    };
    Origin {
        fate,
        organisation,
        subject,
        patient,
    }
}

fn patient_of(memory: &Memory, resource: &Resource) -> Option<(Arc<Stored>, String)> {
    let references = PATIENTS
        .iter()
        .flat_map(|member| resource.references(member));
    references
        .filter_map(|reference| Some((memory.upstream.referred(reference)?, reference)))
        .find(|(stored, _)| stored.resource.kind == "Patient")
        .map(|(stored, reference)| (Arc::clone(stored), reference.to_owned()))
}

/// By the patient's organisation, or that which provides a service; else by the default.
fn organisation_of(
    memory: &Memory,
    patient: Option<&Resource>,
    resource: &Resource,
) -> Option<String> {
    let of_patient = patient
        .into_iter()
        .flat_map(|patient| patient.references("managingOrganization"));
    let named = of_patient
        .chain(resource.references("providedBy"))
        .filter_map(|reference| memory.upstream.referred(reference))
        .find_map(|stored| {
            let mut identifiers = stored.resource.identifiers();
            identifiers
                .find(|(system, _)| ORGANISATION_CODES.contains(system))
                .map(|(_, code)| code.to_owned())
        });
    let default = memory.modes.customer_default_organisation;
    named.or_else(|| default.then(|| DEFAULT.to_owned()))
}
