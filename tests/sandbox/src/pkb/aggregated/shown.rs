//! What Aggregated shows of a patient: what the sandbox has from the start, and what has come by Customer.

use std::sync::Arc;

use crate::pkb::aggregated::dress::{Provenance, dress, is_labelled};
use crate::pkb::aggregated::{patient, seeds};
use crate::pkb::privacy;
use crate::pkb::r4::{Named, Resource};
use crate::pkb::state::Memory;
use crate::pkb::subject::Subject;
use crate::pkb::upstream::{Fate, Origin, Stored, origin_of};

/// The types that resources refer to and that are nobody's.
const REFERRED: [&str; 6] = [
    "HealthcareService",
    "Location",
    "Medication",
    "Organization",
    "Practitioner",
    "PractitionerRole",
];

/// What a search for resources of a type by an identifier chooses from.
pub fn named(memory: &Memory, kind: &str, named: &Named) -> Vec<Resource> {
    let (system, value) = (named.system.as_str(), named.value.as_str());
    if REFERRED.contains(&kind) || kind == "ChargeItemDefinition" {
        let is_named = |stored: &Stored| {
            let provider = stored.resource.references("providedBy");
            let providers = provider
                .into_iter()
                .filter_map(|reference| memory.upstream.referred(reference));
            let by_provider: Vec<_> = providers.map(Arc::clone).collect();
            let whose = if named.parameter == "identifier" {
                vec![&stored.resource]
            } else {
                by_provider.iter().map(|stored| &stored.resource).collect()
            };
            whose
                .iter()
                .any(|resource| resource.identifiers().any(|known| known == (system, value)))
        };
        let all = memory.upstream.of_type(kind);
        return all
            .filter(|stored| is_named(stored))
            .filter_map(|stored| of_nobody(memory, stored))
            .collect();
    }
    Subject::identified(memory, system, value)
        .map(|subject| of(memory, &subject, kind))
        .unwrap_or_default()
}

/// The resource of an id, if there is one that may be seen.
pub fn read(memory: &Memory, kind: &str, id: &str) -> Option<Resource> {
    if REFERRED.contains(&kind) {
        let stored = memory.upstream.get(kind, id)?;
        return Some(stored.resource.clone());
    }
    let of_customer = memory.upstream.all().iter();
    let subjects = of_customer.filter_map(|stored| origin_of(memory, &stored.resource).subject);
    let mut found = Subject::people()
        .chain(subjects)
        .flat_map(|subject| of(memory, &subject, kind));
    found.find(|resource| resource.id() == id)
}

/// Resources of a type of one patient: none, if the organisation has not taken them in.
fn of(memory: &Memory, subject: &Subject, kind: &str) -> Vec<Resource> {
    if memory.modes.aggregated_needs_joining && subject.teams(memory).is_empty() {
        return Vec::new();
    }
    if kind == "Patient" {
        return patient::of(memory, subject).into_iter().collect();
    }
    let labels = privacy::seen_by_organisation(memory, subject);
    let from_start = subject
        .person()
        .map(|person| seeds::of(person, kind))
        .unwrap_or_default();
    let by_customer = memory
        .upstream
        .of_type(kind)
        .filter_map(|stored| by_customer(memory, subject, stored));
    let mut shown: Vec<_> = from_start.into_iter().chain(by_customer).collect();
    shown.retain(|resource| is_labelled(resource, &labels));
    shown
}

/// The same resource as Aggregated has it, if it is of this patient and has come through.
fn by_customer(memory: &Memory, subject: &Subject, stored: &Stored) -> Option<Resource> {
    let origin = origin_of(memory, &stored.resource);
    if origin.fate != Fate::Aggregated || origin.subject.as_ref() != Some(subject) {
        return None;
    }
    let mut shown = dressed(stored, &origin);
    if let Some((_, reference)) = &origin.patient {
        let patient = format!("Patient/{}", subject.aggregated_id());
        let document = shown.document.with_reference(reference, &patient);
        shown = Resource::of(&shown.kind, document);
    }
    Some(shown)
}

fn of_nobody(memory: &Memory, stored: &Stored) -> Option<Resource> {
    let origin = origin_of(memory, &stored.resource);
    (origin.fate == Fate::Aggregated).then(|| dressed(stored, &origin))
}

fn dressed(stored: &Stored, origin: &Origin) -> Resource {
    let mut document = stored.resource.document.clone();
    let from = Provenance {
        route: "FHIR_API",
        recorded_at: &stored.last_updated,
        organisation: origin.organisation.as_deref().unwrap_or_default(),
    };
    dress(&mut document, &from);
    Resource::of(&stored.resource.kind, document)
}
