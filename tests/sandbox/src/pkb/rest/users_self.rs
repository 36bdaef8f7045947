//! `GET users/self`: who the caller is, in the shape that the documentation shows, where numbers are texts.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::pkb::caller::Caller;
use crate::pkb::people::{Patient, Person};
use crate::pkb::rest::RestError;
use crate::pkb::state::Pkb;

const POUNDS_IN_KILOGRAM: f64 = 2.204_62;

pub async fn users_self(
    State(pkb): State<Arc<Pkb>>,
    headers: HeaderMap,
) -> Result<Json<Value>, RestError> {
    let person = Caller::of(&pkb, &headers)?.person()?;
    Ok(Json(user(person)))
}

fn user(person: &Person) -> Value {
    let Person { address, .. } = person;
    let patient = person.patient();
    let clinician = person.clinician();
    let body = patient.map(Body::of);
    json!({
        "id": person.rest_id.to_string(),
        "userType": null,
        "patient": patient.is_some(),
        "title": person.title,
        "firstName": person.given[0],
        "lastName": person.family,
        "dob": person.birth_date,
        "dateDeceased": null,
        "gender": person.gender.rest(),
        "genderMF": person.gender.rest_of_two(),
        "email": person.login,
        "phone": "",
        "address1": address.lines[0],
        "address2": address.lines[1],
        "city": address.city,
        "state": "",
        "postalCode": address.postal_code,
        "country": address.country,
        "heightCm": body.as_ref().map(|body| &body.cm),
        "heightFeet": body.as_ref().map(|body| &body.feet),
        "heightInches": body.as_ref().map(|body| &body.inches),
        "heightInchesTotal": body.as_ref().map(|body| &body.inches_total),
        "weightKg": body.as_ref().map(|body| &body.kg),
        "weightLbs": body.as_ref().map(|body| &body.pounds),
        "jobTitle": clinician.map(|clinician| clinician.job_title),
        "organizationName": clinician.map(|clinician| clinician.organisation),
        "teamName": clinician.map(|clinician| clinician.team),
        "nationalIds": patient.map(|patient| json!([{
            "value": patient.national_number,
            "name": patient.national_id.name,
            "countryCodes": patient.national_id.countries,
        }])),
        "orgLevelIds": null,
        "teamLevelIds": null,
        "contacts": [{
            "id": (person.rest_id + 3_000_000).to_string(),
            "contactType": "EMAIL",
            "contactValue": person.login,
            "phoneUseType": null,
            "primary": true,
            "confirmed": true,
        }],
    })
}

/// Height and weight in every unit.
struct Body {
    cm: String,
    feet: String,
    inches: String,
    inches_total: String,
    kg: String,
    pounds: String,
}

impl Body {
    fn of(patient: &Patient) -> Self {
        // An inch has 2.54 cm.
        let inches = (patient.height_cm * 100 + 127) / 254;
        Self {
            cm: patient.height_cm.to_string(),
            feet: (inches / 12).to_string(),
            inches: (inches % 12).to_string(),
            inches_total: inches.to_string(),
            kg: patient.weight_kg.to_string(),
            pounds: format!("{:.1}", f64::from(patient.weight_kg) * POUNDS_IN_KILOGRAM),
        }
    }
}
