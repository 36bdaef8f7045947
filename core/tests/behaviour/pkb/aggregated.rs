//! Searches of Aggregated: the patient is named as PKB demands it, and pages are found with links and without.

use digime_sdk::Error;
use digime_sdk::pkb::{Client, FhirSearchOptions, SearchMode, SearchPages};
use serde_json::{Value, json};

use super::answering::{Answering, path_of};

fn search(client: &Client, more: &Value) -> Result<SearchPages, Error> {
    client.search(options(more))
}

fn options(more: &Value) -> FhirSearchOptions {
    let mut options =
        json!({ "surface": "aggregated", "resourceType": "Condition", "appUserId": "user-1" });
    for (name, value) in more.as_object().unwrap() {
        options[name] = value.clone();
    }
    serde_json::from_value(options).unwrap()
}

/// A bundle with so many entries, of which none is in two bundles.
fn bundle(first: u32, count: u32, more: &Value) -> Value {
    let entry: Vec<_> = (first..first + count)
        .map(|id| json!({ "resource": { "resourceType": "Condition", "id": id.to_string() } }))
        .collect();
    let mut bundle = json!({ "resourceType": "Bundle", "type": "searchset", "entry": entry });
    for (name, value) in more.as_object().unwrap() {
        bundle[name] = value.clone();
    }
    bundle
}

async fn answering(answers: impl IntoIterator<Item = Value>) -> Answering {
    Answering::with(answers.into_iter().map(|answer| (200, answer.to_string()))).await
}

/// How many entries each page has, and what ended the search.
async fn counted(mut pages: SearchPages) -> (Vec<usize>, Option<String>) {
    let mut counts = Vec::new();
    loop {
        match pages.next().await {
            Ok(Some(page)) => {
                let entries = page.member("entry").and_then(|entries| entries.items());
                counts.push(entries.map_or(0, |entries| entries.len()));
            }
            Ok(None) => return (counts, None),
            Err(error) => return (counts, Some(error.to_string())),
        }
    }
}

fn asked(pkb: &Answering) -> Vec<String> {
    pkb.heard().into_iter().map(|heard| heard.on).collect()
}

#[tokio::test]
async fn the_patient_is_named_by_the_parameter_that_pkb_demands_for_the_type() {
    let pkb = Answering::always(bundle(0, 0, &json!({ "total": 0 }))).await;
    let client = pkb.linked().await;
    let patient = "http%3A%2F%2Ffhir.patientsknowbest.com%2Fid%2Fpublic-id%7Cpatient-1";
    for (kind, parameter) in [
        ("Observation", "subject%3APatient.identifier"),
        ("MedicationStatement", "subject%3APatient.identifier"),
        ("AllergyIntolerance", "patient%3APatient.identifier"),
        ("Appointment", "actor%3APatient.identifier"),
        ("Patient", "identifier"),
    ] {
        let mut pages = search(&client, &json!({ "resourceType": kind })).unwrap();
        pages.next().await.unwrap().unwrap();
        let last = asked(&pkb).pop().unwrap();
        assert_eq!(
            last,
            format!("GET /aggregated/fhir/{kind}?{parameter}={patient}")
        );
    }
    let own = json!({ "resourceType": "Task", "patientParameter": "for:Patient.identifier" });
    search(&client, &own)
        .unwrap()
        .next()
        .await
        .unwrap()
        .unwrap();
    let last = asked(&pkb).pop().unwrap();
    assert_eq!(
        last,
        format!("GET /aggregated/fhir/Task?for%3APatient.identifier={patient}")
    );
}

#[tokio::test]
async fn a_search_that_pkb_would_not_take_is_refused_before_anything_is_sent() {
    let pkb = Answering::always(json!({})).await;
    let client = pkb.linked().await;
    for (more, path) in [
        (
            json!({ "resourceType": "Task" }),
            "options.patientParameter",
        ),
        (
            json!({ "resourceType": "HealthcareService" }),
            "options.appUserId",
        ),
        (
            json!({ "appUserId": null }),
            "options.parameters.subject:Patient.identifier",
        ),
        (
            json!({ "appUserId": null, "resourceType": "HealthcareService" }),
            "options.parameters.identifier",
        ),
        (
            json!({ "parameters": { "subject:Patient.identifier": "a|b" } }),
            "options.appUserId",
        ),
        (
            json!({ "appUserId": null, "patientParameter": "subject" }),
            "options.patientParameter",
        ),
        (
            json!({ "surface": "facade", "resourceType": "Observation", "parameters": { "patient": "1" } }),
            "options.parameters.category",
        ),
        (
            json!({ "surface": "facade", "resourceType": "Encounter" }),
            "options.parameters.patient",
        ),
        (
            json!({ "surface": "facade", "patientParameter": "patient" }),
            "options.patientParameter",
        ),
        (
            json!({ "orgPublicId": "organisation", "appUserId": null }),
            "options.orgPublicId",
        ),
    ] {
        let error = search(&client, &more).err().unwrap();
        assert_eq!(path_of(&error), path, "{more}");
    }
    assert!(pkb.heard().is_empty());
}

#[tokio::test]
async fn an_application_may_name_the_patient_itself_in_any_form_of_the_parameter() {
    let pkb = Answering::always(bundle(0, 0, &json!({ "total": 0 }))).await;
    let client = pkb.client();
    for name in [
        "subject:Patient.identifier",
        "subject.identifier",
        "subject",
    ] {
        let parameters = json!({ name: "https://fhir.nhs.uk/Id/nhs-number|9991566171" });
        let mut pages = search(
            &client,
            &json!({ "appUserId": null, "parameters": parameters }),
        )
        .unwrap();
        pages.next().await.unwrap().unwrap();
    }
    assert_eq!(asked(&pkb).len(), 3);
}

#[tokio::test]
async fn a_user_who_is_not_linked_has_nothing_searched_for() {
    let pkb = Answering::always(json!({})).await;
    let mut pages = search(&pkb.client(), &json!({})).unwrap();
    let error = pages.next().await.unwrap_err();
    assert_eq!(error.code(), "ERR_NOT_LINKED");
    assert!(pkb.heard().is_empty());
}

#[tokio::test]
async fn pages_are_counted_until_as_many_have_come_as_there_are() {
    let total = json!({ "total": 5 });
    let pkb = answering([
        bundle(0, 2, &total),
        bundle(2, 2, &total),
        bundle(4, 1, &total),
    ])
    .await;
    let client = pkb.linked().await;
    let found = counted(search(&client, &json!({})).unwrap()).await;
    assert_eq!(found, (vec![2, 2, 1], None));
    let pages: Vec<_> = asked(&pkb)
        .iter()
        .map(|on| on.split_once("patient-1").unwrap().1.to_owned())
        .collect();
    assert_eq!(pages, ["", "&page=2", "&page=3"]);
}

#[tokio::test]
async fn pages_are_counted_until_one_is_empty_where_nobody_says_how_many_there_are() {
    let pkb = answering([
        bundle(0, 2, &json!({})),
        bundle(2, 2, &json!({})),
        bundle(0, 0, &json!({})),
    ])
    .await;
    let client = pkb.linked().await;
    let found = counted(search(&client, &json!({})).unwrap()).await;
    assert_eq!(found, (vec![2, 2, 0], None));
}

#[tokio::test]
async fn what_was_included_does_not_count_as_found() {
    let mut first = bundle(0, 2, &json!({ "total": 3 }));
    first["entry"][1]["search"] = json!({ "mode": "include" });
    let pkb = answering([first, bundle(2, 2, &json!({ "total": 3 }))]).await;
    let client = pkb.linked().await;
    let found = counted(search(&client, &json!({})).unwrap()).await;
    assert_eq!(found, (vec![2, 2], None));
}

#[tokio::test]
async fn a_server_that_gives_the_first_page_again_is_not_taken_for_one_that_has_more() {
    let pkb = answering([bundle(0, 2, &json!({}))]).await;
    let client = pkb.linked().await;
    let found = counted(search(&client, &json!({})).unwrap()).await;
    assert_eq!(found, (vec![2], None));
    // Where it says that there is more, what is missing is not kept silent.
    let pkb = answering([bundle(0, 2, &json!({ "total": 4 }))]).await;
    let client = pkb.linked().await;
    let (counts, error) = counted(search(&client, &json!({})).unwrap()).await;
    assert_eq!(counts, [2]);
    assert!(error.unwrap().contains("came again"));
}

#[tokio::test]
async fn an_application_that_counts_pages_itself_gets_the_one_that_it_asks_for() {
    let pkb = answering([bundle(0, 2, &json!({ "total": 9 }))]).await;
    let client = pkb.linked().await;
    let pages = search(
        &client,
        &json!({ "parameters": { "page": 3, "_count": 2 } }),
    )
    .unwrap();
    assert_eq!(counted(pages).await, (vec![2], None));
    assert_eq!(asked(&pkb).len(), 1);
}

#[tokio::test]
async fn a_page_that_is_asked_for_by_its_number_comes_alone_whatever_it_links_to() {
    let link = [json!({ "relation": "next", "url": "/aggregated/fhir/Condition?page=3" })];
    let pkb = answering([bundle(0, 2, &json!({ "total": 9, "link": link }))]).await;
    let client = pkb.linked().await;
    let pages = search(&client, &json!({ "parameters": { "page": 2 } })).unwrap();
    assert_eq!(counted(pages).await, (vec![2], None));
    assert_eq!(asked(&pkb).len(), 1);
}

#[tokio::test]
async fn an_answer_that_is_no_bundle_is_an_error_and_not_a_search_that_found_nothing() {
    let outcome = json!({ "resourceType": "OperationOutcome", "issue": [] });
    for answer in [
        outcome,
        json!({}),
        json!({ "resourceType": "Bundle", "entry": {} }),
    ] {
        let pkb = answering([answer]).await;
        let client = pkb.linked().await;
        let (counts, error) = counted(search(&client, &json!({})).unwrap()).await;
        assert!(counts.is_empty());
        assert!(error.unwrap().contains("is not a FHIR Bundle"));
        let mut found = client.search_resources(options(&json!({}))).unwrap();
        found.next().await.unwrap_err();
    }
}

#[tokio::test]
async fn links_are_followed_to_the_last_page_where_there_are_any() {
    let next = json!({ "total": 4, "link": [{ "relation": "next", "url": "/aggregated/fhir/Condition?after=2" }] });
    let pkb = answering([bundle(0, 2, &next), bundle(2, 1, &json!({ "total": 4 }))]).await;
    let client = pkb.linked().await;
    let found = counted(search(&client, &json!({})).unwrap()).await;
    assert_eq!(found, (vec![2, 1], None));
    assert_eq!(asked(&pkb)[1], "GET /aggregated/fhir/Condition?after=2");
}

#[tokio::test]
async fn an_inner_host_is_never_followed_and_pages_are_counted_instead() {
    let inner = "http://aggregated.fhir-api.internal/fhir/Condition?page=2";
    let link = json!({ "total": 3, "link": [{ "relation": "next", "url": inner }] });
    let pkb = answering([bundle(0, 2, &link), bundle(2, 1, &link)]).await;
    let client = pkb.linked().await;
    let found = counted(search(&client, &json!({})).unwrap()).await;
    assert_eq!(found, (vec![2, 1], None));
    assert!(asked(&pkb)[1].ends_with("&page=2"));
}

#[tokio::test]
async fn the_resources_of_all_pages_come_one_by_one_and_those_apart_that_were_included() {
    let first = json!({
        "resourceType": "Bundle",
        "total": 2,
        "entry": [
            { "fullUrl": "http://inner/1", "resource": { "resourceType": "Condition", "id": "1" }, "search": { "mode": "match" } },
            { "resource": { "resourceType": "Patient", "id": "p" }, "search": { "mode": "include" } },
            { "resource": { "resourceType": "OperationOutcome" } },
            { "fullUrl": "http://inner/nothing" },
        ],
    });
    let second = json!({
        "resourceType": "Bundle",
        "total": 2,
        "entry": [
            { "resource": { "resourceType": "Condition", "id": "2" } },
            { "resource": { "resourceType": "Practitioner", "id": "q" } },
        ],
    });
    let pkb = answering([first, second]).await;
    let client = pkb.linked().await;
    let mut found = client.search_resources(options(&json!({}))).unwrap();
    let mut seen = Vec::new();
    while let Some(found) = found.next().await.unwrap() {
        let kind = found
            .resource
            .member("resourceType")
            .unwrap()
            .string()
            .unwrap();
        seen.push((kind, found.search_mode, found.full_url));
    }
    let expected = [
        ("Condition", SearchMode::Match, Some("http://inner/1")),
        ("Patient", SearchMode::Include, None),
        ("OperationOutcome", SearchMode::Outcome, None),
        ("Condition", SearchMode::Match, None),
        ("Practitioner", SearchMode::Include, None),
    ];
    let expected =
        expected.map(|(kind, mode, url)| (kind.to_owned(), mode, url.map(str::to_owned)));
    assert_eq!(seen, expected);
}
