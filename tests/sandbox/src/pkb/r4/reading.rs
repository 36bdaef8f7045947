//! How a body that is to be a resource is read, strict on syntax alone; and how a resource is sent.

use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::pkb::fhir::Outcome;
use crate::pkb::r4::{Document, Resource, is_resource_type};

/// FHIR as it is sent.
pub struct Shown<T>(pub T);

impl<T: Serialize> IntoResponse for Shown<T> {
    fn into_response(self) -> Response {
        match serde_json::to_string(&self.0) {
            Ok(text) => {
                let fhir = HeaderValue::from_static("application/fhir+json");
                ([(CONTENT_TYPE, fhir)], text).into_response()
            }
            Err(_) => Outcome::internal("The answer cannot be written").into_response(),
        }
    }
}

pub fn parse_resource(body: &[u8]) -> Result<Resource, Outcome> {
    let document: Document = serde_json::from_slice(body).map_err(|_| {
        Outcome::invalid("The resource must be an object of JSON, with no member twice")
    })?;
    let value = document.value();
    if !is_well_formed(&value) {
        return Err(Outcome::invalid(
            "A resource has no null but in a list, and no empty text, list or object",
        ));
    }
    if !has_each_member_once(&document) {
        return Err(Outcome::invalid("A member of the resource is there twice"));
    }
    let named = value["resourceType"].as_str();
    let kind = named
        .filter(|named| is_resource_type(named))
        .map(str::to_owned)
        .ok_or_else(|| Outcome::invalid("resourceType must be a type of R4's"))?;
    Ok(Resource {
        kind,
        document,
        value,
    })
}

/// What is within it too.
fn has_each_member_once(document: &Document) -> bool {
    fn within(json: &RawValue) -> bool {
        let json = json.get();
        match json.as_bytes().first() {
            Some(b'{') => Document::parse(json).is_ok_and(|document| document.values().all(within)),
            Some(b'[') => {
                let items = serde_json::from_str::<Vec<&RawValue>>(json);
                items.is_ok_and(|items| items.into_iter().all(within))
            }
            _ => true,
        }
    }
    document.values().all(within)
}

/// Lists of primitive values have a null where only extensions of the value are.
fn is_well_formed(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => {
            let mut items_here = items.iter().filter(|item| !item.is_null()).peekable();
            items_here.peek().is_some() && items_here.all(is_well_formed)
        }
        Value::Object(members) => !members.is_empty() && members.values().all(is_well_formed),
        Value::Bool(_) | Value::Number(_) => true,
    }
}
