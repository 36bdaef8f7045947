//! Calls on behalf of a patient or an organisation.

use axum::http::StatusCode;
use digime_sdk::pkb::{
    ApiResponse, Client, Failure, FhirReadOptions, FhirSearchOptions, GetCurrentUserOptions,
    GetSystemTokenOptions, HttpMethod, QueryParameters, RequestOptions, ResponseContent,
};
use digime_sdk::{Error, ErrorKind};
use serde_json::{Value, json};

use super::sandbox::{BOBBY, MORAG, Pkb};

async fn linked(pkb: &Pkb) -> Client {
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    client
}

fn search(patient: &str) -> FhirSearchOptions {
    let parameters: QueryParameters = [("patient", patient), ("category", "vital-signs")]
        .into_iter()
        .collect();
    FhirSearchOptions::builder()
        .app_user_id("user-1".parse().unwrap())
        .resource_type("Observation".parse().unwrap())
        .parameters(parameters)
        .build()
}

fn request(path: &str) -> RequestOptions {
    RequestOptions::builder()
        .app_user_id("user-1".parse().unwrap())
        .path(path.parse().unwrap())
        .build()
}

fn write() -> RequestOptions {
    let value = json!({ "apiRef": "weight", "value": "86.5" });
    RequestOptions {
        method: Some(HttpMethod::Post),
        body: Some(json!({ "apiRef": "weight", "values": [value] }).into()),
        ..request("/json/v1/measurements")
    }
}

fn json_of(response: ApiResponse) -> Value {
    match response.body {
        ResponseContent::Json(body) => body.to_value().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_patients_own_record_is_read() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb).await;
    let options = FhirReadOptions::builder()
        .app_user_id("user-1".parse().unwrap())
        .resource_type("Patient".parse().unwrap())
        .id(pkb.public_id(BOBBY).parse().unwrap());
    let patient = client.fhir_read(options.build()).await.unwrap();
    let patient = patient.to_value().unwrap();
    assert_eq!(patient["resourceType"], "Patient");
    assert_eq!(patient["id"], pkb.public_id(BOBBY));
}

#[tokio::test]
async fn a_search_gives_one_page_after_the_other_to_the_last() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb).await;
    let mut pages = client.search(search(pkb.public_id(BOBBY))).unwrap();
    let (mut seen, mut count) = (std::collections::HashSet::new(), 0);
    while let Some(page) = pages.next().await.unwrap() {
        count += 1;
        for entry in page.to_value().unwrap()["entry"].as_array().unwrap() {
            assert!(seen.insert(entry["resource"]["id"].as_str().unwrap().to_owned()));
        }
    }
    assert_eq!(seen.len(), 120);
    assert!(count > 1);
    assert_eq!(pages.next().await.unwrap(), None);
}

#[tokio::test]
async fn a_search_asks_for_no_page_that_is_not_wanted() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb).await;
    let before = pkb.tally("calls").await;
    let mut pages = client.search(search(pkb.public_id(BOBBY))).unwrap();
    pages.next().await.unwrap();
    drop(pages);
    assert_eq!(pkb.tally("calls").await, before + 1);
}

#[tokio::test]
async fn the_current_user_is_typed_and_national_ids_have_their_systems() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb).await;
    pkb.link(&client, "user-2", MORAG).await;
    let of = |user: &str| {
        GetCurrentUserOptions::builder()
            .app_user_id(user.parse().unwrap())
            .build()
    };
    let bobby = client.get_current_user(of("user-1")).await.unwrap();
    assert_eq!(bobby.first_name.as_deref(), Some("Bobby"));
    assert_eq!(bobby.patient, Some(true));
    assert_eq!(bobby.gender.as_deref(), Some("M"));
    assert_eq!(
        bobby.national_ids[0].system.as_deref(),
        Some("https://fhir.nhs.uk/Id/nhs-number")
    );
    assert_eq!(format!("{bobby:?}"), "CurrentUser");
    let morag = client.get_current_user(of("user-2")).await.unwrap();
    assert_eq!(
        morag.national_ids[0].system.as_deref(),
        Some("urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53")
    );
}

#[tokio::test]
async fn any_call_of_the_api_can_be_made() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb).await;
    let user = client.request(request("/json/users/self")).await.unwrap();
    assert_eq!(
        (user.status_code, json_of(user)["firstName"].as_str()),
        (200, Some("Bobby"))
    );
    client.request(write()).await.unwrap();
    assert_eq!(pkb.tally("writes").await, 1);
}

#[tokio::test]
async fn a_read_that_failed_is_made_again_and_a_write_is_not() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb).await;
    pkb.fault(
        "GET /json/users/self",
        json!({ "status": 503, "headers": { "retry-after": "0" } }),
        1,
    )
    .await;
    client.request(request("/json/users/self")).await.unwrap();
    for fault in [
        json!({ "status": 503, "headers": { "retry-after": "0" } }),
        json!("lose-answer"),
    ] {
        let before = pkb.tally("writes").await;
        let lost = fault == "lose-answer";
        pkb.fault("POST /json/v1/measurements", fault, 1).await;
        client.request(write()).await.unwrap_err();
        assert_eq!(pkb.tally("writes").await - before, u64::from(lost));
    }
}

#[tokio::test]
async fn a_write_that_met_an_expired_token_is_made_once() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb).await;
    pkb.expire_access_tokens().await;
    client.request(write()).await.unwrap();
    assert_eq!(pkb.tally("writes").await, 1);
}

/// A request whose path is refused, and named.
async fn is_refused(client: &Client, path: &str) {
    let error = client.request(request(path)).await.unwrap_err();
    assert!(
        error.to_string().contains("options.path"),
        "{path}: {error}"
    );
}

#[tokio::test]
async fn a_path_with_a_segment_that_leads_elsewhere_is_not_asked_for() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb).await;
    for path in [
        "/fhir/Patient/../../json/users/self",
        "/fhir/Patient/%2e%2E/metadata",
        "/fhir/./metadata",
        "/fhir/Patient/..",
        "/fhir\\..\\json/users/self",
        "/fhir/Patient/.\t./metadata",
    ] {
        is_refused(&client, path).await;
    }
    client
        .request(request("/json/users/self?of=../b"))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_token_goes_to_no_host_that_the_configuration_does_not_name() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb).await;
    for path in [
        "https://elsewhere.example/json/users/self",
        "//elsewhere.example/",
        "http://127.0.0.1@elsewhere.example/",
    ] {
        is_refused(&client, path).await;
    }
    let mut forged = request("/json/users/self");
    forged.headers = Some(
        [("Authorization".to_owned(), json!("Bearer mine"))]
            .into_iter()
            .collect(),
    );
    let error = client.request(forged).await.unwrap_err();
    assert!(
        error.to_string().contains("options.headers.Authorization"),
        "{error}"
    );
    let mut twice = request("/json/users/self");
    let headers = [("X-Trace", "1"), ("x-trace", "2")].into_iter();
    twice.headers = Some(
        headers
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect(),
    );
    let error = client.request(twice).await.unwrap_err();
    let expected = "options.headers.x-trace: is given twice";
    assert!(error.to_string().contains(expected), "{error}");
}

#[tokio::test]
async fn a_refusal_by_fhir_has_its_issues_and_pkbs_code() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb).await;
    let mut pages = client.search(search(pkb.public_id(MORAG))).unwrap();
    let error = pages.next().await.unwrap_err();
    let Some(Failure::Fhir(failure)) = Failure::of(&error) else {
        panic!("{error}")
    };
    assert_eq!(
        (failure.status_code, failure.pkb_code.as_deref()),
        (403, Some("NO_CONSENT"))
    );
    assert_eq!(failure.issues[0].severity, "error");
    assert_eq!(
        failure.operation_outcome.to_value().unwrap()["resourceType"],
        "OperationOutcome"
    );
    assert!(!format!("{error} {error:?}").contains(pkb.public_id(MORAG)));
}

#[tokio::test]
async fn a_refusal_outside_fhir_has_pkbs_code_too() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb).await;
    pkb.turn("freeze", json!({ "publicId": pkb.public_id(BOBBY) }))
        .await;
    let error = client
        .request(request("/json/users/self"))
        .await
        .unwrap_err();
    let Some(Failure::Refused(failure)) = Failure::of(&error) else {
        panic!("{error}")
    };
    assert_eq!(
        (failure.status_code, failure.pkb_code.as_deref()),
        (Some(403), Some("ACCESS_FROZEN_OUTWARD"))
    );
}

#[tokio::test]
async fn it_must_be_said_on_whose_behalf_a_call_is_made() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let nobody = RequestOptions {
        app_user_id: None,
        ..request("/json/users/self")
    };
    let error = client.request(nobody).await.unwrap_err();
    assert!(error.to_string().contains("options.appUserId"), "{error}");
    let both = RequestOptions {
        org_public_id: Some("o".parse().unwrap()),
        ..request("/json/users/self")
    };
    let error = client.request(both).await.unwrap_err();
    assert!(error.to_string().contains("options.orgPublicId"), "{error}");
}

#[tokio::test]
async fn the_system_client_has_one_token_and_names_its_organisation() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let asked: Vec<_> = (0..10)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                client
                    .get_system_token(GetSystemTokenOptions::default())
                    .await
            })
        })
        .collect();
    for token in asked {
        token.await.unwrap().unwrap();
    }
    assert_eq!(pkb.tally("systemTokens").await, 1);
    let read = async || -> Result<(), Error> {
        let options = FhirReadOptions::builder()
            .org_public_id(pkb.announcement.pkb.system.org_public_id.parse().unwrap())
            .resource_type("Patient".parse().unwrap())
            .id(pkb.public_id(BOBBY).parse().unwrap());
        client.fhir_read(options.build()).await.map(drop)
    };
    read().await.unwrap();
    pkb.expire_access_tokens().await;
    read().await.unwrap();
    assert_eq!(pkb.tally("systemTokens").await, 2);
}

#[tokio::test]
async fn a_page_of_html_in_place_of_an_answer_is_an_http_error() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb).await;
    let page = json!({ "status": StatusCode::BAD_GATEWAY.as_u16(), "headers": { "content-type": "text/html", "retry-after": "0" }, "body": "<h1>Bad gateway</h1>" });
    pkb.fault("GET /json/users/self", page, 3).await;
    let error = client
        .request(request("/json/users/self"))
        .await
        .unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Http(response) if response.status_code == 502),
        "{error}"
    );
}
