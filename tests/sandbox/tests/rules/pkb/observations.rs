//! How Observations are searched and paged through.

use serde_json::{Value, json};
use url::Url;

use crate::support::{Pkb, PkbTokens};

fn resources(bundle: &Value) -> Vec<Value> {
    let entries = bundle["entry"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    entries
        .iter()
        .map(|entry| entry["resource"].clone())
        .collect()
}

fn next(bundle: &Value) -> Option<Url> {
    let links = bundle["link"].as_array().unwrap();
    let next = links.iter().find(|link| link["relation"] == "next")?;
    Some(Url::parse(next["url"].as_str().unwrap()).unwrap())
}

/// What one page finds.
async fn found(pkb: &Pkb, tokens: &PkbTokens, parameters: &[(&str, &str)]) -> Vec<Value> {
    let mut call = pkb
        .call(&tokens.access, "/fhir/Observation")
        .with("patient", pkb.person("Bobby").public_id)
        .with("_count", "100");
    for (name, value) in parameters {
        call = call.and(name, value);
    }
    resources(&call.get().await.assert_ok(200).json)
}

#[tokio::test]
async fn a_patient_pages_through_all_observations_of_a_category() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    let public_id = pkb.person("Bobby").public_id;
    let mut path = format!("/fhir/Observation?patient={public_id}&category=vital-signs");
    let mut ids = Vec::new();
    let mut pages = 0;
    loop {
        let bundle = pkb
            .call(&tokens.access, &path)
            .get()
            .await
            .assert_ok(200)
            .json;
        ids.extend(
            resources(&bundle)
                .iter()
                .map(|found| found["id"].to_string()),
        );
        pages += 1;
        let Some(next) = next(&bundle) else { break };
        assert_eq!(
            next.origin(),
            Url::parse(&pkb.sandbox.at("/")).unwrap().origin()
        );
        path = format!("{}?{}", next.path(), next.query().unwrap());
    }
    assert_eq!((ids.len(), pages), (120, 6));
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 120);
}

#[tokio::test]
async fn behind_a_gateway_the_next_page_is_where_the_caller_reached_the_first() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    let public_id = pkb.person("Bobby").public_id;
    let path = format!("/fhir/Observation?patient={public_id}&category=vital-signs");
    let call = pkb.call(&tokens.access, &path);
    let call = call.header("host", "gateway.example:8443");
    let bundle = call.header("x-forwarded-proto", "https").get().await;
    let next = next(&bundle.assert_ok(200).json).unwrap();
    assert!(
        next.as_str()
            .starts_with("https://gateway.example:8443/fhir/Observation?")
    );
}

#[tokio::test]
async fn an_observation_says_what_was_measured_of_whom_and_when() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    let found = found(&pkb, &tokens, &[("category", "vital-signs")]).await;
    let of = |loinc: &str| {
        let mut found = found.iter();
        found
            .find(|found| found["code"]["coding"][0]["code"] == loinc)
            .unwrap()
    };
    let weight = of("29463-7");
    assert_eq!(
        weight["subject"]["reference"],
        format!("Patient/{}", pkb.person("Bobby").public_id)
    );
    assert_eq!(weight["effectiveDateTime"], "2025-09-30T07:30:00+00:00");
    assert_eq!(weight["valueQuantity"]["unit"], "kg");
    assert!(weight["valueQuantity"]["value"].is_number());
    let blood_pressure = of("85354-9");
    assert_eq!(blood_pressure.get("valueQuantity"), None);
    assert_eq!(blood_pressure["component"].as_array().unwrap().len(), 2);
    assert_eq!(
        blood_pressure["component"][0]["valueQuantity"]["code"],
        "mm[Hg]"
    );
    assert_eq!(of("8867-4")["valueQuantity"]["code"], "/min");
}

#[tokio::test]
async fn categories_are_told_apart() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    for (category, count) in [
        ("laboratory", 4),
        ("http://hl7.org/fhir/observation-category|laboratory", 4),
        ("laboratory,vital-signs", 100),
        ("social-history", 0),
    ] {
        let found = found(&pkb, &tokens, &[("category", category)]).await;
        assert_eq!(found.len(), count, "{category}");
    }
}

#[tokio::test]
async fn dates_bound_what_is_found() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    for (dates, count) in [
        (&["ge2026-06-23"][..], 6),
        (&["gt2026-06-23"], 3),
        (&["2026-06-23"], 3),
        (&["eq2026-06"], 15),
        (&["ge2026-06-16", "lt2026-06-30"], 6),
        (&["le2025-10-07T07:35:00Z"], 4),
        (&["ge2026-07"], 0),
    ] {
        let mut parameters = vec![("category", "vital-signs")];
        parameters.extend(dates.iter().map(|date| ("date", *date)));
        assert_eq!(
            found(&pkb, &tokens, &parameters).await.len(),
            count,
            "{dates:?}"
        );
    }
}

#[tokio::test]
async fn a_page_keeps_what_was_searched_for() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    let call = pkb
        .call(&tokens.access, "/fhir/Observation")
        .with(
            "patient",
            &format!("Patient/{}", pkb.person("Bobby").public_id),
        )
        .with("category", "laboratory")
        .with("date", "ge2026-01-01")
        .with("_count", "1");
    let first = call.get().await.assert_ok(200).json;
    assert_eq!(resources(&first).len(), 1);
    let next_page = next(&first).unwrap();
    let path = format!("{}?{}", next_page.path(), next_page.query().unwrap());
    let second = pkb
        .call(&tokens.access, &path)
        .get()
        .await
        .assert_ok(200)
        .json;
    assert_eq!(
        resources(&second)[0]["effectiveDateTime"],
        "2026-06-30T09:00:00+00:00"
    );
    assert_eq!(next(&second), None);

    let stranger = pkb.tokens("Morag").await;
    let answer = pkb.call(&stranger.access, &path).get().await;
    answer.assert_outcome(403, Some("NO_CONSENT"));
}

#[tokio::test]
async fn a_search_that_is_not_understood_is_refused() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    let search = || {
        pkb.call(&tokens.access, "/fhir/Observation")
            .with("patient", pkb.person("Bobby").public_id)
            .with("category", "vital-signs")
    };
    for request in [
        search().without("patient"),
        search().without("category"),
        search().with("category", "http://other|vital-signs"),
        search().with("date", "yesterday"),
        search().with("date", "ge2026-13-01"),
        search().with("date", "ge2026-06-01T10:00:00"),
        search().with("date", "ge2026-06-01T10:00:00+02:00"),
        search().with("_count", "0"),
        search().with("_sort", "date"),
        search().with("_page", "forged"),
    ] {
        request.get().await.assert_outcome(400, None);
    }
    search().with("_format", "json").get().await.assert_ok(200);
    let unknown = search().with("patient", "unknown").get().await;
    unknown.assert_outcome(404, None);
}

#[tokio::test]
async fn what_a_patient_writes_is_found_too() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    let written = json!({
        "apiRef": "weight", "takenDate": "2026-07-02", "values": [{ "apiRef": "weight", "value": "85.5" }],
    });
    let call = pkb.call(&tokens.access, "/json/v1/measurements");
    let id = call.post_json(&written).await.assert_ok(200).json["id"].clone();
    let found = found(
        &pkb,
        &tokens,
        &[("category", "vital-signs"), ("date", "ge2026-07-01")],
    )
    .await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["id"], id);
    assert_eq!(found[0]["valueQuantity"]["value"], 85.5);
}
