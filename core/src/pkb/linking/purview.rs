//! `$purview`: whose consent records an access token sees, which for a patient is themself.

use http::{Method, StatusCode};

use crate::http::{Request, Response, exchange};
use crate::pkb::fhir::{MEDIA_TYPE, parameters};
use crate::pkb::meaning::{Meaning, meaning};
use crate::pkb::{Client, Failure, HttpMethod};
use crate::{Error, Secret};

const LABEL: &str = "$purview";

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
    let request = if method == Method::POST {
        // It changes nothing, whatever its method.
        parameters::about(address, LABEL, &[])?.repeatable()
    } else {
        Request::to_address(method, address, LABEL).accept(MEDIA_TYPE)
    };
    let facade = &client.settings().endpoints.apis.facade;
    let request = facade.request(request).bearer(access_token);
    exchange(client, &request).await
}

fn patient(response: &Response) -> Result<String, Error> {
    let parameters = parameters::answered(response)?;
    let mut references = parameters.iter().filter_map(|parameter| {
        let reference = parameter.member("valueReference")?;
        reference.member("reference")?.string()
    });
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
