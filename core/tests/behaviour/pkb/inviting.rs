//! Invitations for patients who cannot log in yet.

use digime_sdk::pkb::{Client, Failure, InviteToRecordOptions, InviteToRecordResponse};
use digime_sdk::{Error, ErrorKind};
use reqwest::Url;
use serde_json::{Value, json};

use super::answering::{Answering, ORGANISATION, about, nhs_number, parameters, path_of};
use super::sandbox::{Pkb, parameter};

fn inviting(numbers: &[&str], more: &Value) -> InviteToRecordOptions {
    let identifiers: Vec<_> = numbers.iter().map(|number| nhs_number(number)).collect();
    let mut options = json!({ "orgPublicId": ORGANISATION, "identifiers": identifiers });
    for (name, value) in more.as_object().unwrap() {
        options[name] = value.clone();
    }
    serde_json::from_value(options).unwrap()
}

async fn invite(client: &Client, numbers: &[&str]) -> Result<InviteToRecordResponse, Error> {
    client.invite_to_record(inviting(numbers, &json!({}))).await
}

/// An invitation as PKB answers with it.
fn invitation(number: &str) -> Value {
    json!({ "name": "patientTokens", "part": [
        about(number),
        { "name": "code", "valueString": format!("code-{number}") },
        { "name": "token", "valueString": format!("token-{number}") },
        { "name": "expiry", "valueDatetime": "2027-01-01T09:00:00.000+00:00" },
    ] })
}

#[tokio::test]
async fn who_can_be_invited_is_and_the_others_are_named() {
    let pkb = Pkb::start().await;
    // Registered, dead, a child, of no known age, unknown.
    let others = [
        "9991566171",
        "9991566228",
        "9991566236",
        "9991566244",
        "9990000000",
    ];
    let numbers = [&["9991566201"], &others[..]].concat();
    let expiries = [
        ("valueDatetime", json!({})),
        (
            "valueDateTime",
            json!({ "invitationExpiry": "valueDateTime" }),
        ),
    ];
    for (member, modes) in expiries {
        pkb.set_modes(modes).await;
        let came = invite(&pkb.client(), &numbers).await.unwrap();
        let [invitation] = &came.invitations[..] else {
            panic!("{} invitations", came.invitations.len())
        };
        assert_eq!(&*invitation.identifier.value, "9991566201");
        assert!(invitation.expires_at.is_some(), "{member}");
        let left_out: Vec<_> = came
            .left_out
            .iter()
            .map(|identifier| &*identifier.value)
            .collect();
        assert_eq!(left_out, others);
        assert!(came.failed.is_empty());
        let page = reqwest::get(invitation.join_url.expose()).await.unwrap();
        assert_eq!(page.status(), 200);
    }
}

#[tokio::test]
async fn the_join_page_has_both_codes_the_team_and_the_address_filled_in() {
    let pkb = Answering::always(parameters(&json!([invitation("1")]))).await;
    let more = json!({ "teamCode": "a team/1", "email": "a+b@example.com" });
    let came = pkb
        .client()
        .invite_to_record(inviting(&["1"], &more))
        .await
        .unwrap();
    let invitation = &came.invitations[0];
    assert_eq!(
        invitation.expires_at.as_deref(),
        Some("2027-01-01T09:00:00.000+00:00")
    );
    let url = Url::parse(invitation.join_url.expose()).unwrap();
    assert_eq!(url.path(), "/join/a%20team%2F1");
    for (name, value) in [
        ("t1", "code-1"),
        ("t2", "token-1"),
        ("e", "a+b@example.com"),
    ] {
        assert_eq!(parameter(url.as_str(), name).as_deref(), Some(value));
    }
    let plain = invite(&pkb.client(), &["1"]).await.unwrap();
    let plain = plain.invitations[0].join_url.expose();
    assert_eq!(plain, "https://join.example/join/?t1=code-1&t2=token-1");
    let shown = format!("{came:?}");
    assert!(
        !shown.contains("code-1") && !shown.contains("token-1"),
        "{shown}"
    );
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_by_name_before_anything_is_sent() {
    let pkb = Answering::always(parameters(&json!([]))).await;
    for (numbers, more, expected) in [
        (&[][..], json!({}), "options.identifiers"),
        (
            &["1", "2"],
            json!({ "email": "a@example.com" }),
            "options.email",
        ),
        (&["1"], json!({ "teamCode": ".." }), "options.teamCode"),
    ] {
        let error = pkb
            .client()
            .invite_to_record(inviting(numbers, &more))
            .await;
        assert_eq!(path_of(&error.unwrap_err()), expected);
    }
    // No page is known for a host that PKB does not document.
    let mut config = pkb.config(&json!({}));
    config.endpoints.as_mut().unwrap().join_url = None;
    let error = invite(&Client::new(config).unwrap(), &["1"]).await;
    assert_eq!(path_of(&error.unwrap_err()), "config.endpoints.joinUrl");
    assert!(pkb.heard().is_empty());
}

#[tokio::test]
async fn an_invitation_is_asked_for_once_whatever_becomes_of_the_answer() {
    let pkb = Answering::with([(503, String::new())]).await;
    let error = invite(&pkb.client(), &["1"]).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Http(_)), "{error}");
    assert_eq!(pkb.heard().len(), 1);
    assert_eq!(
        pkb.heard()[0].on,
        "POST /fhir/Organization/$generate-invitation-tokens"
    );
}

#[tokio::test]
async fn invitations_that_have_come_are_handed_over_where_a_later_batch_fails() {
    let numbers: Vec<_> = (0..1001).map(|number| number.to_string()).collect();
    let numbers: Vec<_> = numbers.iter().map(String::as_str).collect();
    let first = parameters(&json!([invitation("7")])).to_string();
    let pkb = Answering::with([(200, first), (500, String::new())]).await;
    let came = invite(&pkb.client(), &numbers).await.unwrap();
    assert_eq!((came.invitations.len(), came.left_out.len()), (1, 499));
    let failed: Vec<_> = came
        .failed
        .iter()
        .map(|failed| &*failed.identifier.value)
        .collect();
    assert_eq!(failed, numbers[500..]);
    assert!(
        came.failed[0].reason.contains("500"),
        "{}",
        came.failed[0].reason
    );
    // After one that failed no other is sent.
    assert_eq!(pkb.heard().len(), 2);
}

#[tokio::test]
async fn an_invitation_without_its_codes_makes_no_sense() {
    let mut broken = invitation("1");
    broken["part"].as_array_mut().unwrap().remove(2);
    let pkb = Answering::always(parameters(&json!([broken]))).await;
    let error = invite(&pkb.client(), &["1"]).await.unwrap_err();
    assert!(
        matches!(Failure::of(&error), Some(Failure::Refused(_))),
        "{error}"
    );
    assert!(
        !format!("{error} {error:?}").contains("code-1"),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_invitation_without_its_codes_costs_nobody_else_theirs() {
    let mut broken = invitation("2");
    broken["part"].as_array_mut().unwrap().remove(2);
    let pkb = Answering::always(parameters(&json!([invitation("1"), broken]))).await;
    let came = invite(&pkb.client(), &["1", "2"]).await.unwrap();
    assert_eq!(came.invitations.len(), 1);
    assert!(came.left_out.is_empty());
    assert_eq!(came.failed.len(), 1);
}
