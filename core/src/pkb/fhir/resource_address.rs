//! The addresses of FHIR's resources: those of a type, and one of them.

use url::Url;

use crate::error::Invalid;
use crate::http::{can_be_segment, segment};
use crate::pkb::surfaces::Api;
use crate::{Error, JsonObject};

/// A resource type: letters alone, as all of FHIR's are.
pub(in crate::pkb) fn resource_type(given: &str) -> Result<&str, Error> {
    if !given.is_empty() && given.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(given);
    }
    Err(Invalid::new(
        "options.resourceType",
        "must be the name of a FHIR resource type, such as Observation",
    )
    .into())
}

/// The type of a resource that the application gave.
pub(in crate::pkb) fn type_of(resource: &JsonObject) -> Result<String, Error> {
    let kind = resource
        .member("resourceType")
        .and_then(|kind| kind.string());
    let kind = kind.filter(|kind| resource_type(kind).is_ok());
    kind.ok_or_else(|| {
        Invalid::new(
            "options.resource.resourceType",
            "must be the name of a FHIR resource type, such as Observation",
        )
        .into()
    })
}

/// The address of one resource, whose id the application gave at `path` of its options.
pub(in crate::pkb) fn resource_address(
    api: &Api,
    kind: &str,
    id: &str,
    path: &'static str,
) -> Result<Url, Error> {
    // No id of FHIR's has a slash, and one that a gateway decodes leads elsewhere.
    if !can_be_segment(id) || id.contains(['/', '\\']) {
        return Err(Invalid::new(
            path,
            "must not be empty, \".\" or \"..\", or have a slash, since it is part of a path",
        )
        .into());
    }
    api.at(&format!("{kind}/{}", segment(id)))
}
