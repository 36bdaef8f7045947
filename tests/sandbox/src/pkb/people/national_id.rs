//! The national numbers that Patients Know Best keeps, and what its two APIs call each.

/// A kind of number.
pub struct NationalId {
    /// What FHIR calls it.
    pub system: &'static str,
    /// What the REST API calls it.
    pub name: &'static str,
    pub countries: &'static [&'static str],
}

pub static NHS_NUMBER: NationalId = NationalId {
    system: "https://fhir.nhs.uk/Id/nhs-number",
    name: "NHS number",
    countries: &["GB-ENG", "GB-WLS"],
};

pub static CHI_NUMBER: NationalId = NationalId {
    system: "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53",
    name: "CHI number",
    countries: &["GB-SCT"],
};

pub static HEALTH_AND_CARE_NUMBER: NationalId = NationalId {
    system: "urn:uuid:1479257a-ce8f-482a-89fa-429ac066c158",
    name: "Health and Care number",
    countries: &["GB-NIR"],
};

pub static BSN: NationalId = NationalId {
    system: "http://fhir.nl/fhir/NamingSystem/bsn",
    name: "BSN",
    countries: &["NL"],
};
