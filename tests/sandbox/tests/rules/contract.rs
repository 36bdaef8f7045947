//! What the platform tells of contracts and of sample data.

use reqwest::Method;
use serde_json::json;

use crate::support::{Contract, Sandbox};

#[tokio::test]
async fn a_contract_is_told_what_it_may_do() {
    let sandbox = Sandbox::start().await;
    for (contract, id, access_type) in [
        (Contract::Push, "push-contract", "w"),
        (Contract::Read, "read-contract", "r"),
    ] {
        let call = sandbox.call(Method::GET, "permission-access/contract");
        let told = call.of(contract).send().await.assert_ok(200).json;
        assert_eq!(told["id"], id);
        assert_eq!(told["accessType"], access_type);
        assert_eq!(told["application"]["id"], "app");
        for member in [
            "certificate",
            "certificateContractSchemaVersion",
            "partnerId",
            "type",
        ] {
            assert!(told[member].is_string(), "{member}");
        }
        assert!(told["expirationDate"].is_u64());
    }
}

#[tokio::test]
async fn a_source_with_data_has_sample_data() {
    let sandbox = Sandbox::start().await;
    let sets = async |source: &str| {
        let path = format!("permission-access/sample/datasets/{source}");
        sandbox.call(Method::GET, &path).send().await
    };
    let of_practice = sets("16").await.assert_ok(200).json;
    assert_eq!(of_practice["default"]["name"], "default");
    assert!(of_practice["default"]["description"].is_string());
    assert_eq!(sets("19").await.assert_ok(200).json, json!({}));
    for unknown in ["999", "practice"] {
        sets(unknown)
            .await
            .assert_refused(404, "NotFound", "no source");
    }
}
