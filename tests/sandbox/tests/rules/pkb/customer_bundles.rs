//! Bundles that are sent to Customer: batches, and transactions.

use serde_json::{Value, json};

use crate::support::{Answer, Customer, Pkb, organization, patient};

fn posted(full_url: &str, resource: &Value) -> Value {
    let request = json!({ "method": "POST", "url": resource["resourceType"] });
    json!({ "fullUrl": full_url, "resource": resource, "request": request })
}

fn statuses(answer: &Answer) -> Vec<&str> {
    let entries = answer.json["entry"].as_array().unwrap().iter();
    entries
        .map(|entry| entry["response"]["status"].as_str().unwrap())
        .collect()
}

async fn total(customer: &Customer<'_>, kind: &str) -> Value {
    let call = customer.call(&format!("/{kind}"));
    call.get().await.assert_ok(200).json["total"].clone()
}

#[tokio::test]
async fn entries_of_a_batch_fail_by_themselves() {
    let pkb = Pkb::start().await;
    let customer = Customer::of(&pkb).await;
    let entries = json!([
        posted("urn:uuid:1", &organization()),
        { "request": { "method": "GET", "url": "Patient/none" } },
        { "resource": organization(), "request": { "method": "PUT", "url": "Patient/1" } },
        { "resource": { "resourceType": "Patient", "id": "1" }, "request": { "method": "PUT", "url": "Patient/1" } },
        { "request": { "method": "GET", "url": "Patient?_id=1" } },
        { "resource": organization() },
    ]);
    let answer = customer.bundle("batch", &entries).await.assert_ok(200);
    assert_eq!(answer.json["type"], "batch-response");
    assert_eq!(
        statuses(&answer),
        ["201", "404", "400", "201", "200", "400"]
    );
    let first = &answer.json["entry"][0];
    for member in ["location", "etag", "lastModified"] {
        assert!(first["response"][member].is_string(), "{member}");
    }
    assert_eq!(first["resource"]["name"], "Clinic");
    let outcome = &answer.json["entry"][1]["response"]["outcome"];
    assert_eq!(outcome["resourceType"], "OperationOutcome");
    assert_eq!(answer.json["entry"][4]["resource"]["total"], 1);
    assert_eq!(pkb.tally().await["stored"], 2);
}

#[tokio::test]
async fn references_between_the_entries_of_a_transaction_are_resolved() {
    let pkb = Pkb::start().await;
    let customer = Customer::of(&pkb).await;
    let document = "urn:uuid:0b4c5e3e-33f0-4e1c-8a52-3a6d0c9a3f01";
    let mut bobby = patient("9991566171", "urn:uuid:org");
    // An identifier that is the same text is no reference.
    let own = json!({ "system": "urn:ietf:rfc:3986", "value": "urn:uuid:org" });
    bobby["identifier"]
        .as_array_mut()
        .unwrap()
        .push(own.clone());
    let observation = json!({
        "resourceType": "Observation",
        "id": "kept",
        "subject": { "reference": document },
    });
    let entries = json!([
        { "fullUrl": "urn:uuid:obs", "resource": observation, "request": { "method": "PUT", "url": "Observation/kept" } },
        posted(document, &bobby),
        posted("urn:uuid:org", &organization()),
    ]);
    let answer = customer
        .bundle("transaction", &entries)
        .await
        .assert_ok(200);
    assert_eq!(answer.json["type"], "transaction-response");
    assert_eq!(statuses(&answer), ["201", "201", "201"]);
    let entry = |index: usize| &answer.json["entry"][index]["resource"];
    let reference = |index: usize| {
        let kind = entry(index)["resourceType"].as_str().unwrap();
        format!("{kind}/{}", entry(index)["id"].as_str().unwrap())
    };
    assert_eq!(entry(0)["subject"]["reference"], reference(1));
    let stored = customer.call(&format!("/{}", reference(1))).get().await;
    assert_eq!(
        stored.json["managingOrganization"]["reference"],
        reference(2)
    );
    assert_eq!(stored.json["identifier"][1], own);
}

#[tokio::test]
async fn a_transaction_is_done_as_a_whole_or_not_at_all() {
    let pkb = Pkb::start().await;
    let customer = Customer::of(&pkb).await;
    let unresolved = patient("9991566171", "urn:uuid:nowhere");
    let put = |id: &str| json!({ "resource": { "resourceType": "Patient", "id": id }, "request": { "method": "PUT", "url": "Patient/1" } });
    for (status, wrong) in [
        (422, posted("urn:uuid:2", &unresolved)),
        (400, put("2")),
        (400, posted("urn:uuid:1", &organization())),
        (
            404,
            json!({ "request": { "method": "GET", "url": "Patient/none" } }),
        ),
        (400, json!({ "resource": organization() })),
    ] {
        let entries = json!([posted("urn:uuid:1", &organization()), wrong]);
        let answer = customer.bundle("transaction", &entries).await;
        answer.assert_outcome(status, None);
    }
    let twice = json!([put("1"), put("1")]);
    let answer = customer.bundle("transaction", &twice).await;
    answer.assert_outcome(400, None);
    assert_eq!(total(&customer, "Organization").await, 0);
    assert_eq!(pkb.tally().await["stored"], 0);
    let empty = customer.bundle("document", &json!([put("1")])).await;
    empty.assert_outcome(400, None);
}

#[tokio::test]
async fn what_a_transaction_finds_is_referred_to_and_not_made_again() {
    let pkb = Pkb::start().await;
    let customer = Customer::of(&pkb).await;
    let known = customer.store(&organization()).await;
    let mut conditional = posted("urn:uuid:org", &organization());
    conditional["request"]["ifNoneExist"] =
        json!("identifier=http://fhir.patientsknowbest.com/id/org-code|CLINIC");
    let entries = json!([
        conditional,
        posted("urn:uuid:bobby", &patient("9991566171", "urn:uuid:org")),
    ]);
    let answer = customer
        .bundle("transaction", &entries)
        .await
        .assert_ok(200);
    assert_eq!(statuses(&answer), ["200", "201"]);
    let bobby = &answer.json["entry"][1]["resource"];
    assert_eq!(bobby["managingOrganization"]["reference"], known);
    assert_eq!(total(&customer, "Organization").await, 1);
}
