//! A runner in another language reaches the replayer through the command alone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

struct Replayer {
    process: Child,
    control: String,
    http: reqwest::Client,
}

impl Replayer {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_digime-conformance"))
            .arg("serve")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = process.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let first: Value = serde_json::from_str(&line).unwrap();
        // Without any certificates, so that the tests need no store of the machine.
        let builder = reqwest::Client::builder().tls_certs_only([]);
        Self {
            process,
            control: first["control"].as_str().unwrap().to_owned(),
            http: builder.no_proxy().build().unwrap(),
        }
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.http.post(format!("{}{path}", self.control));
        let answer = request.json(body).send().await.unwrap();
        answer.json().await.unwrap()
    }
}

impl Drop for Replayer {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[tokio::test]
async fn scenarios_are_listed_by_their_place() {
    let replayer = Replayer::start();
    let address = format!("{}/scenarios", replayer.control);
    let answer = replayer.http.get(address).send().await.unwrap();
    let ids: Vec<String> = answer.json().await.unwrap();
    assert!(ids.contains(&"digime/init/plain".to_owned()));
}

#[tokio::test]
async fn runs_that_are_open_together_are_judged_each_by_itself() {
    let replayer = Replayer::start();
    let start = "/scenarios/digime%2Finit%2Finvalid-empty-id/start";
    let one = replayer.post(start, &json!({})).await;
    let other = replayer.post(start, &json!({})).await;
    assert_eq!(one["steps"][0]["args"], json!({"applicationId": ""}));
    let origin = one["origin"].as_str().unwrap();
    assert_eq!(one["init"]["baseUrl"], format!("{origin}/v1.7/"));

    let error = json!({
        "class": "TypeValidationError",
        "name": "TypeValidationError",
        "message": "Application Id cannot be an empty string",
    });
    let verdict = finish(&replayer, &other, json!({"error": error})).await;
    assert_eq!(verdict, json!({"passed": true, "failures": []}));
    let verdict = finish(&replayer, &one, json!({"result": null})).await;
    let failure = r#"steps[0]: expected an error, got {"result":null}"#;
    assert_eq!(verdict, json!({"passed": false, "failures": [failure]}));
    let verdict = finish(&replayer, &one, json!({"result": null})).await;
    assert_eq!(verdict, json!({"error": "there is no such open run"}));
}

async fn finish(replayer: &Replayer, run: &Value, outcome: Value) -> Value {
    let path = format!("/runs/{}/finish", run["run"]);
    replayer.post(&path, &json!({"steps": [outcome]})).await
}
