//! What is asked of questionnaires, documents and images, and what cannot be pushed at all.

use serde_json::{Value, json};

use super::{bundle, entry, found, patient};

fn task(status: &str, output: &Value) -> Value {
    let mut task = entry(
        "Task",
        json!({ "id": "7", "status": status, "output": output }),
    );
    task["fullUrl"] = json!("http://example.org/Task/7");
    task["request"] = json!({ "method": "PUT", "url": "Task/7" });
    task
}

#[tokio::test]
async fn a_task_is_put_with_what_has_become_of_it_and_an_answer_comes_with_it() {
    let response = || entry("QuestionnaireResponse", json!({}));
    let output = json!([{ "valueReference": { "reference": "urn:uuid:1", "display": "d" } }]);
    let answered = task("completed", &output);
    assert_eq!(
        found(&bundle("transaction", &[answered.clone(), response()])).await,
        [""; 0]
    );
    assert_eq!(
        found(&bundle("transaction", &[task("rejected", &Value::Null)])).await,
        [""; 0]
    );
    assert_eq!(
        found(&bundle("batch", &[answered.clone(), response()])).await,
        ["error bundle-type type"]
    );
    assert_eq!(
        found(&bundle("transaction", &[response()])).await,
        ["warning kind-resources entry"]
    );
    assert_eq!(
        found(&bundle(
            "transaction",
            &[task("accepted", &Value::Null), response()]
        ))
        .await,
        [
            "warning task-status entry[0].resource.status",
            "warning task-output entry[0].resource.output"
        ]
    );
    let mut posted = answered;
    posted["request"] = json!({ "method": "POST", "url": "Task" });
    let posted = found(&bundle("transaction", &[posted, response()])).await;
    assert!(
        posted.contains(&"error request-method entry[0].request.method".to_owned()),
        "{posted:?}"
    );
    // What is known of measurements is likely of the rest.
    assert!(
        posted.contains(&"warning posted-id entry[0].resource.id".to_owned()),
        "{posted:?}"
    );
}

#[tokio::test]
async fn documents_and_images_are_a_transaction_and_a_binary_needs_no_profile() {
    let mut binary = entry(
        "Binary",
        json!({ "contentType": "application/pdf", "content": "JVBERg==" }),
    );
    binary["resource"]["meta"] = Value::Null;
    for others in [["DocumentManifest", "DocumentReference"], ["List", "Media"]] {
        let others = others.map(|name| entry(name, json!({})));
        let mut entries = vec![patient(), binary.clone()];
        entries.extend(others);
        assert_eq!(found(&bundle("transaction", &entries)).await, [""; 0]);
        assert_eq!(
            found(&bundle("batch", &entries)).await,
            ["error bundle-type type"]
        );
        entries.pop();
        assert_eq!(
            found(&bundle("transaction", &entries)).await,
            ["warning kind-resources entry"]
        );
    }
}

#[tokio::test]
async fn a_request_to_correct_a_record_is_of_another_release() {
    let category =
        json!([{ "coding": [{ "system": "s", "code": "medRecCxReq", "display": "d" }] }]);
    let data = bundle(
        "transaction",
        &[entry("Communication", json!({ "category": category }))],
    );
    let found = found(&data).await;
    assert!(
        found.contains(&"error release entry[0].resource.category".to_owned()),
        "{found:?}"
    );
}
