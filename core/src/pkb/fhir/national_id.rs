//! National identifiers of patients, and the FHIR identifier system of each.

use serde::{Deserialize, Serialize};

/// A national identifier, as PKB's REST API gives it, with the system by which FHIR knows it.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct NationalId {
    /// The identifier.
    pub value: String,
    /// What it is called: `NHS number`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is used, as ISO 3166-2 has it: `GB-ENG`.
    #[serde(default)]
    pub country_codes: Vec<String>,
    /// The FHIR identifier system; none for one that this version of the SDK does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
}

/// It identifies a person: only its kind is shown.
impl std::fmt::Debug for NationalId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NationalId")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The systems that PKB documents, by the countries in which their identifiers are used.
const SYSTEMS: [(&[&str], &str); 10] = [
    (&["GB-ENG", "GB-WLS"], "https://fhir.nhs.uk/Id/nhs-number"),
    (&["GB-SCT"], "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53"),
    (&["GB-NIR"], "urn:uuid:1479257a-ce8f-482a-89fa-429ac066c158"),
    (&["IE"], "http://ns.electronichealth.net.au/id/hi/ihi/1.0"),
    (&["US"], "http://hl7.org/fhir/sid/us-ssn"),
    (
        &["CA"],
        "https://fhir.infoway-inforoute.ca/NamingSystem/ca-social-insurance-number",
    ),
    (
        &["HK"],
        "http://fhir.patientsknowbest.com/id/hong-kong-identity-card-number",
    ),
    (&["NL"], "http://fhir.nl/fhir/NamingSystem/bsn"),
    (&["DE"], "http://fhir.de/NamingSystem/gkv/kvnr-30"),
    (
        &["KW"],
        "http://fhir.patientsknowbest.com/id/kuwait-civil-id",
    ),
];

impl NationalId {
    /// The identifier with its system. Three of them share one scheme of numbers in the United Kingdom, so the country tells, not
    /// the number; where countries of several systems are given, none is certain.
    #[must_use]
    pub(in crate::pkb) fn with_system(mut self) -> Self {
        let mut systems: Vec<&str> = self
            .country_codes
            .iter()
            .filter_map(|country| system(country))
            .collect();
        systems.dedup();
        if let [system] = systems[..] {
            self.system = Some(system.to_owned());
        }
        self
    }
}

fn system(country: &str) -> Option<&'static str> {
    SYSTEMS
        .iter()
        .find(|(countries, _)| countries.contains(&country))
        .map(|(_, system)| *system)
}
