//! What an application understands: in which data models it wants what its sessions deliver.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Document;

/// What an application understands. The platform does not say what it makes of it: evidently it chooses the data model of a session's files.
/// The SDK looks at none of it, and sends what it is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true)))]
pub struct Consumer {
    /// The application's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The data models that it understands.
    pub object_versions: ObjectVersions,
}

/// The data models that an application understands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true)))]
pub struct ObjectVersions {
    /// By service: evidently by its id.
    pub service: BTreeMap<String, Vec<OntologyWrapper>>,
    /// By type of object: evidently by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_type: Option<BTreeMap<String, Vec<OntologyWrapper>>>,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true)))]
pub struct OntologyWrapper {
    /// The data model.
    pub ontology: Ontology,
}

/// A data model: `me.digi` in `v1`, `fhir` in `stu3` or `r4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true)))]
pub struct Ontology {
    /// Its name.
    pub name: Schemas,
    /// Its version, in small letters or capitals.
    #[cfg_attr(feature = "__binding", schemars(with = "String", extend("enum" = ["v1", "V1", "stu3", "STU3", "r4", "R4"])))]
    pub version: OntologyVersion,
}

/// Who defines a data model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum Schemas {
    /// HL7 FHIR.
    #[serde(rename = "fhir")]
    Fhir,
    /// digi.me.
    #[serde(rename = "me.digi")]
    MeDigi,
}

/// A version of a data model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OntologyVersion {
    /// Of digi.me's.
    V1,
    /// Of FHIR.
    Stu3,
    /// Of FHIR.
    R4,
}

impl From<Consumer> for Document {
    fn from(consumer: Consumer) -> Self {
        // Its keys are texts, and it has no number: it is always written as JSON.
        serde_json::to_value(consumer).unwrap_or_default().into()
    }
}
