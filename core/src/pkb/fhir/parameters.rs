//! FHIR's `Parameters`: how an operation is asked about patients, and how its answer is read.

use std::collections::HashMap;

use http::Method;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::{MEDIA_TYPE, PatientIdentifier};
use crate::http::{Request, Response};
use crate::pkb::meaning::makes_no_sense;
use crate::{Document, Error};

/// The name of a patient's identifier, in what is asked and in what is answered.
const IDENTIFIER: &str = "patientIdentifier";

/// What an operation is asked about these patients.
pub(in crate::pkb) fn about(
    address: Url,
    label: &str,
    identifiers: &[PatientIdentifier],
) -> Result<Request, Error> {
    let parameters: Vec<_> = identifiers
        .iter()
        .map(|identifier| json!({ "name": IDENTIFIER, "valueIdentifier": identifier }))
        .collect();
    let mut body = json!({ "resourceType": "Parameters" });
    if !parameters.is_empty() {
        body["parameter"] = parameters.into();
    }
    let values = identifiers.iter().map(|identifier| &*identifier.value);
    Ok(Request::to_address(Method::POST, address, label)
        .accept(MEDIA_TYPE)
        .json(&body)?
        .content_type(MEDIA_TYPE)
        .hiding(values))
}

/// The parameters of an answer.
pub(in crate::pkb) fn answered(response: &Response) -> Result<Vec<Parameter>, Error> {
    #[derive(Deserialize)]
    struct Parameters {
        #[serde(default)]
        parameter: Vec<Parameter>,
    }
    let parameters = response.json::<Parameters>();
    let parameters =
        parameters.map_err(|_| makes_no_sense(response, "is not a FHIR Parameters resource"))?;
    Ok(parameters.parameter)
}

/// A parameter, or a part of one.
#[derive(Deserialize)]
#[serde(transparent)]
pub(in crate::pkb) struct Parameter(HashMap<String, Document>);

impl Parameter {
    pub(in crate::pkb) fn is(&self, name: &str) -> bool {
        let own = self.0.get("name").and_then(Document::string);
        own.as_deref() == Some(name)
    }

    /// A member beside its name and its value, where PKB writes one that FHIR does not have.
    pub(in crate::pkb) fn member(&self, name: &str) -> Option<&Document> {
        self.0.get(name)
    }

    /// Its value, whatever its type: PKB does not document the types of all, and spells one as FHIR does not.
    pub(in crate::pkb) fn value(&self) -> Option<&Document> {
        let mut members = self.0.iter();
        members
            .find(|(name, _)| name.starts_with("value"))
            .map(|(_, value)| value)
    }

    /// Its value in words.
    pub(in crate::pkb) fn text(&self) -> Option<String> {
        let value = self.value()?;
        let of = |value: &Document, name: &str| value.member(name)?.string();
        value.string().or_else(|| {
            let coding = value.member("coding").and_then(|codings| codings.items());
            let coding = coding.and_then(|codings| codings.into_iter().next());
            let coding = coding.as_ref().unwrap_or(value);
            of(value, "text")
                .or_else(|| of(coding, "display"))
                .or_else(|| of(coding, "code"))
        })
    }

    pub(in crate::pkb) fn parts(&self) -> Vec<Self> {
        let parts = self.0.get("part").and_then(Document::items);
        let parts = parts.unwrap_or_default().into_iter();
        parts.filter_map(|part| part.parse().ok()).collect()
    }

    /// The patient that it is about, if it is one of the parts that say so.
    pub(in crate::pkb) fn identifier(&self) -> Option<PatientIdentifier> {
        let identifier = self.value().filter(|_| self.is(IDENTIFIER))?;
        PatientIdentifier::read(identifier)
    }
}

/// The part of this name.
pub(in crate::pkb) fn part<'a>(parts: &'a [Parameter], name: &str) -> Option<&'a Parameter> {
    parts.iter().find(|part| part.is(name))
}
