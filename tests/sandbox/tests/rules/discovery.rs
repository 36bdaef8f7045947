//! How the platform's directories are searched.

use serde_json::{Value, json};

use crate::support::{Answer, Sandbox};

async fn query(sandbox: &Sandbox, directory: &str, body: &Value) -> Answer {
    let call = sandbox.post(&format!("discovery/{directory}"));
    call.json(body).send().await
}

async fn sources(sandbox: &Sandbox, body: &Value) -> Value {
    query(sandbox, "sources", body).await.assert_ok(200).json
}

fn members<'a>(answer: &'a Value, name: &str) -> Vec<&'a Value> {
    let entries = answer["data"].as_array().unwrap();
    entries.iter().map(|entry| &entry[name]).collect()
}

#[tokio::test]
async fn sources_are_told_by_page() {
    let sandbox = Sandbox::start().await;
    let all = sources(&sandbox, &json!({})).await;
    assert_eq!((&all["limit"], &all["offset"]), (&json!(50), &json!(0)));
    assert_eq!(all["total"], members(&all, "id").len());
    let page = sources(&sandbox, &json!({ "limit": 2, "offset": 1 })).await;
    assert_eq!((&page["limit"], &page["offset"]), (&json!(2), &json!(1)));
    assert_eq!(page["total"], all["total"]);
    assert_eq!(members(&page, "id"), members(&all, "id")[1..3]);
}

#[tokio::test]
async fn sources_are_filtered_by_type_status_country_and_service() {
    let sandbox = Sandbox::start().await;
    for (filter, ids) in [
        (
            json!({ "type": { "id": [2] }, "publishedStatus": ["approved"] }),
            vec![19, 20, 21],
        ),
        (json!({ "publishedStatus": ["pending"] }), vec![22]),
        (json!({ "country": { "id": [2, 3] } }), vec![40]),
        (json!({ "service": { "id": [40, 50] } }), vec![40, 50]),
        (json!({ "id": [16] }), vec![16]),
    ] {
        let body = json!({ "query": { "filter": filter } });
        let found = sources(&sandbox, &body).await;
        assert_eq!(found["total"], ids.len(), "{filter}");
        for id in ids {
            assert!(members(&found, "id").contains(&&json!(id)), "{filter}");
        }
    }
}

#[tokio::test]
async fn sources_are_found_by_a_text_in_whatever_case() {
    let sandbox = Sandbox::start().await;
    for query in [
        json!({ "queryString": "FITNESS" }),
        json!({ "search": { "name": ["nothing", "stappen"] } }),
    ] {
        let found = sources(&sandbox, &json!({ "query": query })).await;
        assert_eq!(members(&found, "id"), [40]);
    }
}

#[tokio::test]
async fn sources_are_sorted_by_name() {
    let sandbox = Sandbox::start().await;
    let sorted = async |order: &str| {
        let found = sources(&sandbox, &json!({ "sort": { "name": order } })).await;
        let names = members(&found, "name").into_iter().cloned();
        names.collect::<Vec<Value>>()
    };
    let (mut ascending, descending) = (sorted("asc").await, sorted("desc").await);
    assert_eq!(ascending[0], "Apotheek Zuid");
    ascending.reverse();
    assert_eq!(ascending, descending);
}

#[tokio::test]
async fn an_answer_has_the_members_that_are_asked_for() {
    let sandbox = Sandbox::start().await;
    let query = json!({ "include": ["id", "service.name"], "filter": { "id": [16] } });
    let found = sources(&sandbox, &json!({ "query": query })).await;
    assert_eq!(
        found["data"],
        json!([{ "id": 16, "service": { "name": "MedMij" } }])
    );
}

#[tokio::test]
async fn a_source_is_told_with_all_that_belongs_to_it() {
    let sandbox = Sandbox::start().await;
    let found = sources(&sandbox, &json!({ "query": { "filter": { "id": [20] } } })).await;
    let source = &found["data"][0];
    assert_eq!(source["publishedStatus"], "approved");
    assert_eq!(source["json"]["authorisation"]["type"], "saas");
    assert_eq!(source["type"][0]["id"], 1);
    assert_eq!(source["country"][0]["code"], "NL");
    let logo = source["resource"]["url"].as_str().unwrap();
    let logo = sandbox.http.get(logo).send().await.unwrap();
    assert_eq!(
        logo.headers()["content-type"],
        source["resource"]["mimetype"].as_str().unwrap()
    );
}

#[tokio::test]
async fn a_query_that_is_not_understood_is_refused() {
    let sandbox = Sandbox::start().await;
    for (body, member) in [
        (json!({ "limit": "5" }), "limit"),
        (json!({ "offset": -1 }), "offset"),
        (json!({ "sort": { "name": "up" } }), "sort.name"),
        (json!({ "query": { "include": "id" } }), "query.include"),
        (
            json!({ "query": { "filter": { "id": 16 } } }),
            "query.filter.id",
        ),
        (
            json!({ "query": { "filter": { "colour": ["red"] } } }),
            "query.filter.colour",
        ),
        (
            json!({ "query": { "search": { "name": "x" } } }),
            "query.search.name",
        ),
    ] {
        let answer = query(&sandbox, "sources", &body).await;
        answer.assert_refused(400, "ValidationErrors", member);
    }
}

#[tokio::test]
async fn the_smaller_directories_are_told_whole_or_filtered() {
    let sandbox = Sandbox::start().await;
    for (directory, member, value) in [
        ("countries", "code", "GB"),
        ("platforms", "reference", "ios"),
        ("categories", "title", "Medical"),
    ] {
        let whole = sandbox.post(&format!("discovery/{directory}"));
        let whole = whole.send().await.assert_ok(200).json;
        assert_eq!(members(&whole, member).len(), 3, "{directory}");
        let body = json!({ "query": { "include": [member], "filter": { "id": [2] } } });
        let found = query(&sandbox, directory, &body).await.assert_ok(200).json;
        assert_eq!(found, json!({ "data": [{ member: value }] }));
    }
}

#[tokio::test]
async fn a_source_that_is_not_approved_is_not_offered_to_people() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.preauthorize(crate::support::Contract::Push).await;
    let page = sandbox.ask(&code, "sourceType=push").await;
    assert!(!page.text.contains("Tandarts De Kroon"));
}

#[tokio::test]
async fn sources_that_are_disturbed_say_so_themselves_or_by_what_stands_before_them() {
    let sandbox = Sandbox::start().await;
    let include = ["id", "status", "sourceProxy.status"];
    let body = json!({ "query": { "include": include, "filter": { "id": [16, 31, 40] } } });
    let found = sources(&sandbox, &body).await;
    let of = |id: u64| {
        let mut entries = found["data"].as_array().unwrap().iter();
        entries.find(|entry| entry["id"] == id).unwrap()
    };
    assert_eq!(of(16)["sourceProxy"]["status"]["severity"], "full");
    assert_eq!(of(16)["sourceProxy"].get("name"), None);
    assert_eq!(of(31)["status"]["scopes"], json!(["data"]));
    assert_eq!(of(40), &json!({ "id": 40 }));
}
