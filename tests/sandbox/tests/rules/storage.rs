//! Storages: whose they are, who may call the cloud, and what it keeps.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Call, Cloud, Contract, Sandbox, now_ms};

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(
        (answer.status, &answer.json["error"]),
        (status, &json!(code)),
        "{}",
        answer.text
    );
    assert!(answer.json["message"].is_string());
}

fn user_storage<'a>(sandbox: &'a Sandbox, access_token: &str) -> Call<'a> {
    sandbox
        .call(Method::GET, "storage")
        .claims(json!({ "access_token": access_token }))
}

async fn refer(sandbox: &Sandbox, storage: &str) -> String {
    let body = json!({ "type": "cloudId", "value": storage });
    let answer = sandbox.post("reference").json(&body).send().await;
    answer.json["id"].as_str().unwrap().to_owned()
}

/// Agrees to a link that refers to a storage.
async fn agree(sandbox: &Sandbox, reference: &str) -> Answer {
    let code = sandbox.preauthorize(Contract::Push).await;
    let page = sandbox.ask(&code, &format!("storageRef={reference}")).await;
    assert!(
        page.text
            .contains(&format!(r#"name="storageRef" value="{reference}""#))
    );
    let form = [
        ("code", code.as_str()),
        ("sourceType", "push"),
        ("source", "19"),
        ("storageRef", reference),
        ("decision", "accept"),
    ];
    sandbox.decide(&form).await
}

#[tokio::test]
async fn a_provisional_storage_has_an_id_and_the_contracts_kid() {
    let sandbox = Sandbox::start().await;
    let answer = sandbox.post("storage").send().await.assert_ok(201);
    assert!(answer.json["id"].is_string());
    assert_eq!(answer.json["kid"], "push-contract_app_0");
}

#[tokio::test]
async fn a_storage_becomes_the_users_who_consents_to_it() {
    let sandbox = Sandbox::start().await;
    let cloud = Cloud::made(&sandbox).await;
    let reference = refer(&sandbox, cloud.storage()).await;
    let code = agree(&sandbox, &reference).await.returned("code").unwrap();
    let tokens = sandbox.exchange(&code).send().await.tokens();
    let answer = user_storage(&sandbox, &tokens.access).send().await;
    let storage = json!({ "id": cloud.storage(), "kid": "push-contract_app_0" });
    assert_eq!(answer.assert_ok(200).json, storage);

    let again = agree(&sandbox, &reference).await.assert_ok(400);
    assert!(again.text.contains("cannot become this person"));
}

#[tokio::test]
async fn a_user_who_has_no_storage_is_told_so() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    let answer = user_storage(&sandbox, &tokens.access).send().await;
    answer.assert_refused(404, "NotFound", "no storage");
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_uploaded() {
    let sandbox = Sandbox::start().await;
    let cloud = Cloud::made(&sandbox).await;
    let uploaded = cloud.upload("/Docs/A.txt").await.assert_ok(201);
    assert!(uploaded.json["id"].is_string());
    let content = cloud.get("/docs/a.TXT").await.assert_ok(200);
    assert_eq!(content.text, "/Docs/A.txt");
    assert_eq!(content.headers["content-type"], "application/octet-stream");
}

#[tokio::test]
async fn a_listed_file_has_its_path_in_lower_case_and_as_it_was() {
    let sandbox = Sandbox::start().await;
    let cloud = Cloud::made(&sandbox).await;
    let id = cloud.upload("/Docs/A.txt").await.json["id"].clone();
    let list = cloud.get("/docs/?recursive=false").await.json;
    let file = json!({
        "id": id,
        "name": "a.txt",
        "originalName": "A.txt",
        "path": "/apps/app/docs/",
        "originalPath": "/apps/app/Docs/",
    });
    assert_eq!(list, json!({ "total": 1, "files": [file] }));
}

#[tokio::test]
async fn a_list_goes_into_folders_only_when_asked_to() {
    let sandbox = Sandbox::start().await;
    let cloud = Cloud::made(&sandbox).await;
    for path in ["/a.txt", "/docs/b.txt", "/docs/2026/c.txt", "/docs.txt"] {
        cloud.upload(path).await.assert_ok(201);
    }
    assert_eq!(
        cloud.listed("/?recursive=false").await,
        ["/apps/app/a.txt", "/apps/app/docs.txt"]
    );
    assert_eq!(cloud.listed("/?recursive=true").await.len(), 4);
    assert_eq!(cloud.listed("/docs/").await, ["/apps/app/docs/b.txt"]);
    assert_eq!(cloud.listed("/docs/?recursive=true").await.len(), 2);
    assert_eq!(cloud.listed("/none/").await, [""; 0]);
}

#[tokio::test]
async fn an_upload_replaces_a_file_of_the_same_name() {
    let sandbox = Sandbox::start().await;
    let cloud = Cloud::made(&sandbox).await;
    for content in ["old", "new"] {
        let answer = cloud.send(Method::POST, "/a.txt", content).await;
        answer.assert_ok(201);
    }
    assert_eq!(cloud.get("/a.txt").await.text, "new");
    assert_eq!(cloud.listed("/").await.len(), 1);
}

#[tokio::test]
async fn a_file_a_folder_or_everything_can_be_deleted() {
    let sandbox = Sandbox::start().await;
    let cloud = Cloud::made(&sandbox).await;
    for path in ["/a.txt", "/docs/b.txt", "/docs/2026/c.txt", "/docs.txt"] {
        cloud.upload(path).await.assert_ok(201);
    }
    cloud.delete("/A.txt").await.assert_ok(204);
    assert_refused(&cloud.delete("/a.txt").await, 404, "NotFound");
    assert_refused(&cloud.get("/a.txt").await, 404, "NotFound");
    cloud.delete("/docs/").await.assert_ok(204);
    assert_refused(&cloud.delete("/docs/").await, 404, "NotFound");
    assert_eq!(
        cloud.listed("/?recursive=true").await,
        ["/apps/app/docs.txt"]
    );
    for _ in 0..2 {
        cloud.delete("/").await.assert_ok(204);
    }
    assert_eq!(cloud.listed("/?recursive=true").await, [""; 0]);
}

#[tokio::test]
async fn the_cloud_takes_only_a_token_of_its_own_kind() {
    let sandbox = Sandbox::start().await;
    let now = now_ms() / 1000;
    let cloud = || Cloud::new(&sandbox, "any");
    for (broken, reason) in [
        (cloud().header("typ", "JWT"), "at+jwt"),
        (cloud().header("alg", "RS512"), "PS512"),
        (cloud().header("kid", "push-contract_app_1"), "kid"),
        (cloud().header("kid", "read-contract_app_0"), "iss"),
        (cloud().claim("sub", "other"), "sub"),
        (cloud().claim("iss", "app"), "iss"),
        (cloud().claim("aud", "api"), "aud"),
        (cloud().claim("iat", now - 301).claim("exp", now + 1), "iat"),
        (cloud().claim("exp", now - 1), "exp"),
        (cloud().claim("exp", now + 61), "exp"),
        (cloud().claim("exp", Value::Null), "exp"),
        (cloud().claim("nonce", "a"), "nonce"),
    ] {
        let answer = broken.get("/").await;
        assert_refused(&answer, 401, "Unauthorized");
        assert!(answer.text.contains(reason), "{reason}: {}", answer.text);
    }
}

#[tokio::test]
async fn the_cloud_knows_no_bearer_of_the_api() {
    let sandbox = Sandbox::start().await;
    let bearer = sandbox.post("storage").bearer();
    let url = sandbox.at("/cloud/v1/clouds/any/files/apps/app/");
    let answer = Answer::of(sandbox.http.get(url).bearer_auth(bearer)).await;
    assert_refused(&answer, 401, "Unauthorized");
}

#[tokio::test]
async fn a_storage_that_does_not_exist_is_not_found() {
    let sandbox = Sandbox::start().await;
    let cloud = Cloud::new(&sandbox, "unknown");
    for method in [Method::GET, Method::POST, Method::DELETE] {
        assert_refused(&cloud.send(method, "/a.txt", "a").await, 404, "NotFound");
    }
}

#[tokio::test]
async fn the_folder_of_another_application_is_forbidden() {
    let sandbox = Sandbox::start().await;
    let cloud = Cloud::made(&sandbox).await;
    let answer = cloud.send_to(Method::GET, "apps/apple/a.txt", "").await;
    assert_refused(&answer, 403, "Forbidden");
}

#[tokio::test]
async fn a_path_has_no_empty_part_and_no_blank() {
    let sandbox = Sandbox::start().await;
    let cloud = Cloud::made(&sandbox).await;
    for path in [
        "//a.txt",
        "/docs//a.txt",
        "/a%20b.txt",
        "/docs%2F..%2Fa.txt",
    ] {
        assert_refused(&cloud.upload(path).await, 400, "BadRequest");
    }
    assert_refused(&cloud.upload("/docs/").await, 400, "BadRequest");
}

#[tokio::test]
async fn an_unknown_call_to_the_cloud_is_refused_in_the_clouds_shape() {
    let sandbox = Sandbox::start().await;
    let cloud = Cloud::made(&sandbox).await;
    let answer = cloud.send_to(Method::GET, "apps/app", "").await;
    assert_refused(&answer, 404, "NotFound");
    assert_refused(&cloud.send(Method::PUT, "/a", "a").await, 404, "NotFound");
}
