//! The command itself: its one line, its flags, and a configuration file.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A running sandbox that ends with the test.
struct Process {
    child: Child,
    line: Value,
}

impl Process {
    fn start(arguments: &[&str]) -> Self {
        Self::start_with(Stdio::null(), arguments)
    }

    fn start_with(stdin: Stdio, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_digime-sandbox"))
            .args(arguments)
            .stdin(stdin)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self {
            child,
            line: serde_json::from_str(&line).unwrap(),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[tokio::test]
async fn one_line_tells_everything_that_a_client_needs() {
    let process = Process::start(&[
        "--port",
        "0",
        "--redirect-uri",
        "https://app.example/return",
    ]);
    let line = &process.line;
    let origin = line["origin"].as_str().unwrap();
    assert_eq!(line["baseUrl"], format!("{origin}/v1.7/"));
    assert_eq!(line["onboardUrl"], format!("{origin}/apps/saas/"));
    assert_eq!(line["cloudBaseUrl"], format!("{origin}/cloud/v1/"));
    for contract in ["push", "read"] {
        let contract = &line["contracts"][contract];
        assert!(
            contract["privateKey"]
                .as_str()
                .unwrap()
                .starts_with("-----BEGIN RSA PRIVATE KEY-----")
        );
        assert_eq!(
            contract["redirectUris"],
            json!([
                "http://127.0.0.1/return",
                "http://localhost/return",
                "https://app.example/return"
            ])
        );
    }
    assert_eq!(reqwest::get(origin).await.unwrap().status(), 200);
}

#[test]
fn the_line_tells_what_a_client_of_patients_know_best_needs() {
    let process = Process::start(&["--pkb-redirect-uri", "myapp://cb"]);
    let origin = process.line["origin"].as_str().unwrap();
    let pkb = &process.line["pkb"];
    for (member, path) in [
        ("baseUrl", ""),
        ("authorizeUrl", "/apiAuthorize.action"),
        ("tokenUrl", "/apiToken.action"),
        ("systemTokenUrl", "/api/oauth/token"),
        ("fhirUrl", "/fhir"),
    ] {
        assert_eq!(pkb[member], format!("{origin}{path}"));
    }
    for secret in [
        &pkb["clientId"],
        &pkb["clientSecret"],
        &pkb["system"]["clientId"],
        &pkb["system"]["clientSecret"],
    ] {
        assert_eq!(secret.as_str().unwrap().len(), 32);
    }
    assert_eq!(
        pkb["system"]["teams"],
        json!(["sandbox-surgery", "diabetes", "mind"])
    );
    let customer = &pkb["customer"];
    let mut origins = vec![origin];
    for (member, path) in [
        ("tokenUrl", "/auth/realms/pkb/protocol/openid-connect/token"),
        ("aggregatedUrl", "/fhir"),
        ("customerUrl", "/fhir"),
    ] {
        let address = customer[member].as_str().unwrap();
        let apart = address.strip_suffix(path).unwrap();
        assert!(!origins.contains(&apart));
        origins.push(apart);
    }
    for secret in [&customer["clientId"], &customer["clientSecret"]] {
        assert_eq!(secret.as_str().unwrap().len(), 32);
    }
    let redirect_uris = [
        "http://127.0.0.1/return",
        "http://localhost/return",
        "myapp://cb",
    ];
    assert_eq!(pkb["redirectUris"], json!(redirect_uris));
    let bobby = json!({
        "login": "bobby.barton@example.com",
        "password": "bobby-sandbox",
        "publicId": "1d4a8b2d-f885-499f-ba51-50600312f316",
        "kind": "patient",
        "name": "Bobby Barton",
    });
    assert_eq!(pkb["people"][0], bobby);
    assert_eq!(pkb["people"][3]["kind"], "clinician");
}

#[tokio::test]
async fn the_line_serves_as_a_configuration_file() {
    let first = Process::start(&[]).line.clone();
    let file = std::env::temp_dir().join(format!("digime-sandbox-{}.json", std::process::id()));
    std::fs::write(&file, first.to_string()).unwrap();
    let second = Process::start(&["--config", file.to_str().unwrap()])
        .line
        .clone();
    std::fs::remove_file(file).unwrap();
    assert_eq!(second["applicationId"], first["applicationId"]);
    assert_eq!(second["contracts"], first["contracts"]);
    for member in ["clientId", "clientSecret", "redirectUris", "system"] {
        assert_eq!(second["pkb"][member], first["pkb"][member]);
    }
    for member in ["clientId", "clientSecret"] {
        assert_eq!(
            second["pkb"]["customer"][member],
            first["pkb"]["customer"][member]
        );
    }
    assert_ne!(second["origin"], first["origin"]);
}

#[test]
fn a_configuration_file_that_is_wrong_is_refused_without_repeating_it() {
    let error = |json: &str| {
        let parsed = digime_sandbox::ConfigFile::parse(json);
        let config = parsed.and_then(|file| {
            digime_sandbox::Config::new(file, &[], digime_sandbox::Lifetimes::default())
        });
        config.err().unwrap().to_string()
    };
    let secret = r#"{ "platformKey": "-----BEGIN SECRET" }"#;
    assert!(error(secret).contains("PKCS#1"));
    assert!(!error(secret).contains("SECRET"));
    let malformed = r#"{ "contracts": "SECRET" }"#;
    assert!(error(malformed).contains("line 1"));
    assert!(!error(malformed).contains("SECRET"));
}

#[test]
fn a_port_that_is_taken_is_named_whichever_it_is() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    for flag in ["--port", "--pkb-customer-port"] {
        let output = Command::new(env!("CARGO_BIN_EXE_digime-sandbox"))
            .args([flag, &port.to_string()])
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success());
        assert!(error.contains(&format!("port {port}: ")), "{error}");
    }
}

#[tokio::test]
async fn it_can_be_told_to_end_with_its_standard_input() {
    let mut process = Process::start_with(Stdio::piped(), &["--until-stdin-closes"]);
    let origin = process.line["origin"].as_str().unwrap().to_owned();
    let mut stdin = process.child.stdin.take().unwrap();
    stdin.write_all(b"what comes there is read past\n").unwrap();
    assert_eq!(reqwest::get(&origin).await.unwrap().status(), 200);
    drop(stdin);
    assert!(process.child.wait().unwrap().success());
    let process = Process::start(&[]);
    let origin = process.line["origin"].as_str().unwrap();
    assert_eq!(reqwest::get(origin).await.unwrap().status(), 200);
}
