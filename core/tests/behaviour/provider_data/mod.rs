//! What a care provider may refuse is found before it is sent: each rule, where it is broken, and how certain that is.

mod kinds;
mod pushing;

use digime_sdk::JsonObject;
use digime_sdk::digime::{
    CheckProviderDataOptions, FhirVersion, FindingSeverity, ProviderDataFinding,
};
use serde_json::{Value, json};

use crate::wire::Server;

const BSN: &str = "http://fhir.nl/fhir/NamingSystem/bsn";

fn entry(name: &str, resource: Value) -> Value {
    let mut resource = resource;
    resource["resourceType"] = json!(name);
    resource["meta"] = json!({ "profile": [format!("http://example.org/{name}")] });
    json!({
        "fullUrl": "urn:uuid:6f1a5c1e-0000-4000-8000-000000000001",
        "resource": resource,
        "request": { "method": "POST", "url": name },
    })
}

fn patient() -> Value {
    let resource = json!({ "identifier": [{ "system": BSN, "_value": { "extension": [] } }] });
    entry("Patient", resource)
}

fn observation() -> Value {
    let coding =
        json!({ "system": "http://loinc.org", "code": "29463-7", "display": "Body weight" });
    let resource = json!({
        "status": "final",
        "code": { "coding": [coding] },
        "subject": { "reference": "urn:uuid:1", "display": "Johanna" },
        "valueQuantity": { "value": 86.5, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg" },
    });
    entry("Observation", resource)
}

fn bundle(kind: &str, entries: &[Value]) -> Value {
    json!({ "resourceType": "Bundle", "type": kind, "entry": entries })
}

fn measurement() -> Value {
    bundle("batch", &[patient(), observation()])
}

async fn check(data: &str) -> Vec<ProviderDataFinding> {
    let server = Server::keeping().await;
    let client = digime_sdk::digime::Client::new(server.config()).unwrap();
    let data: JsonObject = data.parse().unwrap();
    let options = CheckProviderDataOptions::builder()
        .data(data)
        .version(FhirVersion::Stu3)
        .build();
    let found = client.check_provider_data(options).await.unwrap();
    assert_eq!(server.connections(), 0);
    found
}

/// What is found: how certain, the rule, and where.
async fn found(data: &Value) -> Vec<String> {
    let findings = check(&data.to_string()).await.into_iter();
    let findings = findings.map(|finding| {
        let mark = match finding.severity {
            FindingSeverity::Error => "error",
            FindingSeverity::Warning => "warning",
        };
        format!("{mark} {} {}", finding.rule, finding.path)
    });
    findings.collect()
}

/// What is found in a measurement when something of it is changed.
async fn changed(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut data = measurement();
    change(&mut data);
    found(&data).await
}

#[tokio::test]
async fn nothing_is_found_against_measurements_as_the_scripts_send_them() {
    assert_eq!(found(&measurement()).await, [""; 0]);
}

#[tokio::test]
async fn a_bundle_of_another_type_is_refused_and_where_receivers_differ_it_is_said() {
    for (kind, expected) in [
        (json!("transaction"), "warning batch-or-transaction type"),
        (json!("collection"), "error bundle-type type"),
        (Value::Null, "error bundle-type type"),
    ] {
        assert_eq!(changed(|data| data["type"] = kind).await, [expected]);
    }
    let empty = changed(|data| data["entry"] = json!([])).await;
    assert!(
        empty.contains(&"error bundle-entry entry".to_owned()),
        "{empty:?}"
    );
}

fn put(entry: &mut Value, id: &str) {
    entry["request"] = json!({ "method": "PUT", "url": "Observation/1" });
    entry["resource"]["id"] = json!(id);
}

#[tokio::test]
async fn an_entry_has_a_resource_and_a_request_for_its_type() {
    let of = async |change: fn(&mut Value)| changed(|data| change(&mut data["entry"][1])).await;
    assert_eq!(
        of(|entry| entry["request"] = Value::Null).await,
        ["error entry-request entry[1].request"]
    );
    let nameless = of(|entry| entry["resource"]["resourceType"] = json!("")).await;
    assert!(nameless.contains(&"error entry-resource entry[1].resource".to_owned()));
    assert_eq!(
        of(|entry| entry["request"]["url"] = json!("Patient")).await,
        ["error request-url entry[1].request.url"]
    );
    assert_eq!(
        of(|entry| put(entry, "1")).await,
        ["warning request-method entry[1].request.method"]
    );
    assert_eq!(
        of(|entry| put(entry, "2")).await,
        [
            "warning request-method entry[1].request.method",
            "error request-url entry[1].request.url",
        ]
    );
}

#[tokio::test]
async fn what_is_new_has_no_id_no_address_and_a_profile() {
    let of = async |change: fn(&mut Value)| changed(|data| change(&mut data["entry"][1])).await;
    assert_eq!(
        of(|entry| entry["resource"]["id"] = json!("1")).await,
        ["error posted-id entry[1].resource.id"]
    );
    assert_eq!(
        of(|entry| entry["fullUrl"] = json!("http://example.org/Observation/1")).await,
        ["error full-url entry[1].fullUrl"]
    );
    assert_eq!(
        of(|entry| entry["fullUrl"] = json!("urn:oid:1.2")).await,
        [""; 0]
    );
    for meta in [
        json!({}),
        json!({ "profile": [] }),
        json!({ "profile": [5] }),
    ] {
        let without = changed(|data| data["entry"][1]["resource"]["meta"] = meta).await;
        assert_eq!(
            without,
            ["error meta-profile entry[1].resource.meta.profile"]
        );
    }
}

#[tokio::test]
async fn codes_references_and_identifiers_say_what_receivers_need() {
    let of = async |name: &str, value: Value| {
        changed(|data| data["entry"][1]["resource"][name] = value).await
    };
    assert_eq!(
        of(
            "category",
            json!([{ "coding": [{ "code": "a" }], "text": "a" }])
        )
        .await,
        ["error coding entry[1].resource.category[0].coding[0].system"]
    );
    assert_eq!(
        of(
            "method",
            json!({ "coding": [{ "system": "s", "code": "a" }] })
        )
        .await,
        ["error codeable-concept entry[1].resource.method.text"]
    );
    assert_eq!(
        of("subject", json!({ "reference": "urn:uuid:1" })).await,
        ["error reference-display entry[1].resource.subject.display"]
    );
    assert_eq!(
        of(
            "performer",
            json!([{ "reference": "urn:uuid:1", "display": "" }])
        )
        .await,
        ["error reference-display entry[1].resource.performer[0].display"]
    );
    assert_eq!(
        of("identifier", json!([{ "value": "1" }, { "type": {} }])).await,
        [
            "error identifier entry[1].resource.identifier[0].system",
            "error identifier entry[1].resource.identifier[1].value"
        ]
    );
}

#[tokio::test]
async fn no_bsn_leaves_however_it_is_written() {
    for identifier in [
        json!({ "system": BSN, "value": "999911120" }),
        json!({ "system": format!("{BSN}/"), "value": 999_911_120 }),
        json!({ "system": "urn:oid:2.16.840.1.113883.2.4.6.3", "value": "999911120" }),
    ] {
        let found =
            changed(|data| data["entry"][0]["resource"]["identifier"] = json!([identifier]));
        let found = found.await;
        assert!(
            found.contains(&"error bsn entry[0].resource.identifier[0].value".to_owned()),
            "{found:?}"
        );
    }
    let masked = json!([{ "system": BSN, "value": null, "_value": { "extension": [] } }]);
    assert_eq!(
        changed(|data| data["entry"][0]["resource"]["identifier"] = masked).await,
        [""; 0]
    );
    let lookup = format!("Patient?identifier={BSN}|999911120");
    let reference = json!({ "reference": lookup, "display": "Johanna" });
    assert_eq!(
        changed(|data| data["entry"][1]["resource"]["subject"] = reference).await,
        ["error bsn entry[1].resource.subject.reference"]
    );
    let escaped = measurement().to_string().replace(
        &format!(r#""system":"{BSN}""#),
        r#""s\u0079stem":"http:\/\/fhir.nl\/fhir\/NamingSystem\/bsn","value":"999911120","system":"other""#,
    );
    let rules: Vec<_> = check(&escaped)
        .await
        .iter()
        .map(|found| found.rule)
        .collect();
    assert_eq!(rules, ["bsn"]);
}

#[tokio::test]
async fn a_measurement_that_not_all_receivers_know_is_a_warning_and_so_is_one_without_units() {
    let of = async |name: &str, value: Value| {
        changed(|data| data["entry"][1]["resource"][name] = value).await
    };
    let coded = |code: &str| json!({ "coding": [{ "system": "http://loinc.org", "code": code }], "text": "t" });
    assert_eq!(
        of("code", coded("8302-2")).await,
        ["warning observation-code entry[1].resource.code.coding[0].code"]
    );
    assert_eq!(
        of("code", json!({ "text": "weight" })).await,
        ["warning observation-loinc entry[1].resource.code"]
    );
    assert_eq!(
        of("component", json!([{ "code": coded("8480-6") }])).await,
        [""; 0]
    );
    assert_eq!(
        of("component", json!([{ "code": coded("29463-7") }])).await,
        ["warning observation-code entry[1].resource.component[0].code.coding[0].code"]
    );
    assert_eq!(
        of("valueQuantity", json!({ "value": "86.5", "unit": "kg" })).await,
        [
            "warning quantity-ucum entry[1].resource.valueQuantity.value",
            "warning quantity-ucum entry[1].resource.valueQuantity.system",
            "warning quantity-ucum entry[1].resource.valueQuantity.code"
        ]
    );
}

#[tokio::test]
async fn what_belongs_together_in_no_script_is_a_warning() {
    for entries in [
        vec![observation()],
        vec![patient(), patient(), observation()],
        vec![patient(), observation(), entry("Device", json!({}))],
    ] {
        assert_eq!(
            found(&bundle("batch", &entries)).await,
            ["warning kind-resources entry"]
        );
    }
    let other = bundle("batch", &[entry("Device", json!({}))]);
    assert_eq!(found(&other).await, ["warning kind-unknown entry"]);
    let alone =
        json!({ "resourceType": "Observation", "meta": { "profile": ["http://example.org"] } });
    assert_eq!(found(&alone).await, ["warning no-bundle "]);
    assert_eq!(
        found(&json!({})).await,
        ["error resource-type resourceType"]
    );
}

#[tokio::test]
async fn no_finding_holds_a_value_of_the_data_or_a_name_that_is_no_element_s() {
    let mut data = measurement();
    data["entry"][1]["resource"]["secret-7 name"] = json!({ "coding": [{ "system": "secret-7" }] });
    data["entry"][0]["resource"]["identifier"] = json!([{ "system": BSN, "value": "secret-7" }]);
    let findings = check(&data.to_string()).await;
    assert!(
        findings
            .iter()
            .any(|found| found.path == "entry[1].resource.?.coding[0].code")
    );
    assert!(!format!("{findings:?}").contains("secret-7"));
}

#[tokio::test]
async fn a_document_as_deep_and_as_broken_as_can_be_is_looked_at_in_bounds() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let references = vec![r#"{"reference":"a"}"#; 5000].join(",");
    let data = format!(
        r#"{{"resourceType":"Bundle","type":"batch","deep":{deep},"many":[{references}],"x":{}{{"reference":"b"}}{}}}"#,
        r#"{"a":"#.repeat(5000),
        "}".repeat(5000),
    );
    let findings = check(&data).await;
    assert!(findings.len() <= 2000, "{}", findings.len());
    assert!(findings.iter().any(|found| found.path == "many[7].display"));
    assert!(findings.iter().all(|found| found.path.len() < 300));
}
