//! How Aggregated leads from page to page.

use serde_json::{Value, json};

use crate::support::{Answer, Customer, Pkb};

const ACTOR: &str = "actor:Patient.identifier";
const BOBBY: &str = "https://fhir.nhs.uk/Id/nhs-number|9991566171";
const INNER: &str = "http://sandboxaggregated.fhir-api.internal";

async fn appointments(customer: &Customer<'_>, parameters: &[(&str, &str)]) -> Answer {
    let mut call = customer.extract("/Appointment").with(ACTOR, BOBBY);
    for (name, value) in parameters {
        call = call.and(name, value);
    }
    call.get().await.assert_ok(200)
}

fn link<'a>(answer: &'a Answer, relation: &str) -> Option<&'a str> {
    let mut links = answer.json["link"].as_array().unwrap().iter();
    links.find(|link| link["relation"] == relation)?["url"].as_str()
}

fn ids(answer: &Answer) -> Vec<Value> {
    let entries = answer.json["entry"].as_array().unwrap().iter();
    entries
        .map(|entry| entry["resource"]["id"].clone())
        .collect()
}

#[tokio::test]
async fn links_have_no_host_and_lead_through_all_that_there_is() {
    let pkb = Pkb::start().await;
    let customer = pkb.customer().await;
    let mut page = appointments(&customer, &[("_count", "15")]).await;
    let mut found = ids(&page);
    assert_eq!(page.json["total"], 40);
    while let Some(next) = link(&page, "next") {
        let path = next.strip_prefix("/fhir").unwrap();
        page = customer.extract(path).get().await.assert_ok(200);
        found.extend(ids(&page));
    }
    assert_eq!(found.len(), 40);
    let all = appointments(&customer, &[("_count", "100")]).await;
    assert_eq!(ids(&all), found);
    assert_eq!(link(&all, "next"), None);
    let entry = &all.json["entry"][0];
    let address = format!("{INNER}/fhir/Appointment/{}", found[0].as_str().unwrap());
    assert_eq!(entry["fullUrl"], address);
    assert_eq!(entry["link"][0]["url"], address);
    for relation in ["first", "self"] {
        assert!(
            link(&all, relation)
                .unwrap()
                .starts_with("/fhir/Appointment?")
        );
    }
}

#[tokio::test]
async fn a_page_has_twenty_unless_told_otherwise() {
    let pkb = Pkb::start().await;
    let customer = pkb.customer().await;
    assert_eq!(ids(&appointments(&customer, &[]).await).len(), 20);
    let second = appointments(&customer, &[("page", "2")]).await;
    assert_eq!(ids(&second).len(), 20);
    assert_eq!(link(&second, "next"), None);
    pkb.set_modes(&json!({ "aggregatedPageSize": 7 })).await;
    assert_eq!(ids(&appointments(&customer, &[]).await).len(), 7);
    let counted = appointments(&customer, &[("_count", "0")]).await;
    assert_eq!(counted.json["total"], 40);
    assert_eq!(counted.json.get("entry"), None);
    let uncounted = appointments(&customer, &[("_total", "none")]).await;
    assert_eq!(uncounted.json.get("total"), None);
}

#[tokio::test]
async fn the_next_page_can_go_unsaid_or_be_at_an_inner_host() {
    let pkb = Pkb::start().await;
    let customer = pkb.customer().await;
    pkb.set_modes(&json!({ "aggregatedPaging": "none" })).await;
    assert_eq!(link(&appointments(&customer, &[]).await, "next"), None);
    let beyond = appointments(&customer, &[("page", "3")]).await;
    assert_eq!(beyond.json.get("entry"), None);
    pkb.set_modes(&json!({ "aggregatedPaging": "inner" })).await;
    let page = appointments(&customer, &[]).await;
    let next = link(&page, "next").unwrap();
    assert!(next.starts_with(&format!("{INNER}/fhir/Appointment?")));
}
