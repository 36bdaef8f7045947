//! `$purview`: whose consent records an access token sees, which for a patient is themself.

use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use crate::http::{Request, Response, exchange};
use crate::pkb::meaning::{Meaning, meaning};
use crate::pkb::{Client, Failure, HttpMethod, Refusal};
use crate::{Error, Secret};

const LABEL: &str = "$purview";

/// What the operation answers with: FHIR's `Parameters`, as far as it matters.
#[derive(Deserialize)]
struct Parameters {
    #[serde(default)]
    parameter: Vec<Parameter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameter {
    value_reference: Option<Reference>,
}

#[derive(Deserialize)]
struct Reference {
    reference: Option<String>,
}

/// The public id of the patient whose access token this is; an error if it is not a patient's.
pub(in crate::pkb) async fn public_id(
    client: &Client,
    access_token: &Secret<String>,
) -> Result<String, Error> {
    let response = match client.settings().endpoints.purview_method {
        Some(HttpMethod::Post) => ask(client, Method::POST, access_token).await?,
        Some(_) => ask(client, Method::GET, access_token).await?,
        None => {
            let response = ask(client, Method::GET, access_token).await?;
            if response.status == StatusCode::METHOD_NOT_ALLOWED {
                ask(client, Method::POST, access_token).await?
            } else {
                response
            }
        }
    };
    match meaning(client, response, LABEL) {
        Meaning::Success(response) => patient(&response),
        Meaning::TokenExpired(error) | Meaning::Refused(error) => Err(error),
        Meaning::SessionOver(code) => Err(Failure::LinkExpired { reason: code }.into()),
    }
}

async fn ask(
    client: &Client,
    method: Method,
    access_token: &Secret<String>,
) -> Result<Response, Error> {
    let address = client.settings().endpoints.purview.clone();
    let posts = method == Method::POST;
    let mut request = Request::to_address(method, address, LABEL)
        .accept("application/fhir+json")
        .bearer(access_token);
    if posts {
        // It changes nothing, whatever its method.
        request = request
            .repeatable()
            .json(&json!({ "resourceType": "Parameters" }))?
            .content_type("application/fhir+json");
    }
    exchange(client, &request).await
}

fn patient(response: &Response) -> Result<String, Error> {
    let parameters: Parameters = response.json().map_err(|_| {
        let (request, status) = (&response.asked, response.status.as_u16());
        Failure::Refused(Refusal {
            status_code: Some(status),
            ..Refusal::new(format!(
                "{request}: PKB's answer (status {status}) is not a FHIR Parameters resource"
            ))
        })
    })?;
    let references = parameters.parameter.into_iter();
    let mut references = references.filter_map(|parameter| parameter.value_reference?.reference);
    let reference = references.next();
    match (reference.as_deref().and_then(patient_id), references.next()) {
        (Some(id), None) => Ok(id.to_owned()),
        _ => Err(Failure::LinkDenied {
            message: "the person who logged in to PKB is not a patient: only a patient's own record can be linked".to_owned(),
            error: "not_a_patient".to_owned(),
            error_description: None,
        }
        .into()),
    }
}

/// The id of `Patient/<uuid>`, or of the address of such a resource.
fn patient_id(reference: &str) -> Option<&str> {
    let mut segments = reference.rsplit('/');
    let id = segments.next()?;
    (segments.next()? == "Patient" && is_uuid(id)).then_some(id)
}

/// RFC 9562 section 4.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups
            .iter()
            .all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
