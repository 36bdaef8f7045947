//! Wrong options: named by their path, in the caller's own spelling, before anything is sent, and never quoted.

use bytes::Bytes;
use digime_sdk::binding::{Call, Client, Config, Dialect, Step, Value};

use crate::sandbox::CONTRACT_KEY;

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(
        fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

/// A client of a platform that cannot be reached, since it must not be asked.
fn unreachable(dialect: Dialect) -> Client {
    let name = if dialect == Dialect::Python {
        "application_id"
    } else {
        "applicationId"
    };
    let base = if dialect == Dialect::Python {
        "base_url"
    } else {
        "baseUrl"
    };
    let config = object([(name, "app".into()), (base, "http://127.0.0.1:1/".into())]);
    Config::read("digime", config, dialect)
        .and_then(Client::open)
        .unwrap()
}

/// The message of the error with which a call refuses its options.
fn message(name: &str, options: Value, dialect: Dialect) -> String {
    let error = Call::start(&unreachable(dialect), name, options, dialect)
        .err()
        .unwrap();
    message_of(&error.to_value(dialect))
}

fn message_of(error: &Value) -> String {
    let text = |member: &str| match error.get(member) {
        Some(Value::String(text)) => text.clone(),
        _ => panic!("no {member}"),
    };
    assert_eq!(text("class"), "TypeValidationError");
    text("message")
}

fn contract() -> Value {
    object([
        ("contractId", "c".into()),
        ("privateKey", CONTRACT_KEY.into()),
    ])
}

fn token() -> Value {
    let token = object([
        ("value", "secret-token".into()),
        ("expiry", Value::Integer(1)),
    ]);
    object([("accessToken", token.clone()), ("refreshToken", token)])
}

#[test]
fn a_missing_field_is_named_where_it_should_stand() {
    let options = object([("contractDetails", object([("contractId", "c".into())]))]);
    let message = message("readAccounts", options, Dialect::JavaScript);
    assert!(
        message.ends_with(" options.contractDetails.privateKey: is missing"),
        "{message}"
    );
}

#[test]
fn a_field_of_the_wrong_kind_is_named_and_its_content_is_not_shown() {
    let options = object([
        ("contractDetails", "canary".into()),
        ("userAccessToken", token()),
    ]);
    let message = message("readAccounts", options, Dialect::JavaScript);
    assert!(
        message.ends_with(" options.contractDetails: expected an object, got a string"),
        "{message}"
    );
    assert!(!message.contains("canary"));
}

#[test]
fn a_number_or_a_text_that_is_nearly_of_the_right_kind_is_told_from_one_that_is() {
    let said = |value: Value, expiry: Value| {
        let access = object([("value", value), ("expiry", expiry)]);
        let token = object([("accessToken", access.clone()), ("refreshToken", access)]);
        let options = object([("contractDetails", contract()), ("userAccessToken", token)]);
        message("readAccounts", options, Dialect::JavaScript)
    };
    let fraction = said("t".into(), Value::Float(1.5));
    assert!(
        fraction.ends_with("expected a whole number, got a floating-point number"),
        "{fraction}"
    );
    let half = said(Value::text(&[0xd800]), Value::Integer(1));
    assert!(
        half.ends_with("expected a string, got a string with a lone surrogate"),
        "{half}"
    );
}

#[test]
fn python_reads_its_own_spelling_in_the_path() {
    let options = object([(
        "contract_details",
        object([("contract_id", Value::Integer(1))]),
    )]);
    let message = message("readAccounts", options, Dialect::Python);
    assert!(
        message.ends_with(" options.contract_details.contract_id: expected a string, got a number"),
        "{message}"
    );
}

#[test]
fn python_may_write_camel_case_too() {
    let options = object([
        ("contractDetails", contract()),
        ("user_access_token", Value::Integer(1)),
    ]);
    let message = message("readAccounts", options, Dialect::Python);
    assert!(
        message.ends_with(" options.user_access_token: expected an object, got a number"),
        "{message}"
    );
}

#[test]
fn an_unknown_word_is_answered_with_the_known_ones() {
    let scope = object([(
        "dataType",
        Value::Array(vec!["documents".into(), "nonsense".into()]),
    )]);
    let options = object([
        ("contractDetails", contract()),
        ("callback", "https://app.example/return".into()),
        ("state", "s".into()),
        ("sourcesScope", scope),
    ]);
    let message = message("getAuthorizeUrl", options, Dialect::JavaScript);
    assert!(
        message.contains(
            " options.sourcesScope.dataType[1]: expected one of \"medication-information\""
        ),
        "{message}"
    );
    assert!(!message.contains("nonsense"));
}

#[test]
fn the_part_of_a_push_that_is_wrong_is_named() {
    let descriptor = object([
        ("mimeType", "text/plain".into()),
        ("accounts", Value::Array(Vec::new())),
    ]);
    let file = object([
        ("fileData", "text instead of bytes".into()),
        ("fileName", "a.txt".into()),
        ("fileDescriptor", descriptor),
    ]);
    let options = object([
        ("contractDetails", contract()),
        ("userAccessToken", token()),
        ("data", file),
    ]);
    let message = message("pushData", options, Dialect::JavaScript);
    assert!(
        message
            .ends_with(" options.data.fileData: expected bytes or a stream of bytes, got a string"),
        "{message}"
    );
}

#[tokio::test]
async fn a_key_that_is_none_is_named_by_its_path_in_every_language() {
    let contract = object([("contract_id", "c".into()), ("private_key", "x".into())]);
    let options = object([
        ("contract_details", contract),
        ("user_access_token", token()),
    ]);
    let dialect = Dialect::Python;
    let call = Call::start(&unreachable(dialect), "readAccounts", options, dialect).unwrap();
    let Step::Failed(error) = call.next(None).await else {
        panic!("the call did not fail")
    };
    let message = message_of(&error);
    assert!(
        message
            .contains(" options.contract_details.private_key: expected a private key in PEM form"),
        "{message}"
    );
}

#[test]
fn bytes_and_functions_inside_a_document_are_refused_by_their_path() {
    let document = object([("resourceType", Value::Bytes(Bytes::from_static(b"canary")))]);
    let options = object([
        ("type", "provider".into()),
        ("version", "stu3".into()),
        ("accountId", "1".into()),
        ("contractDetails", contract()),
        ("userAccessToken", token()),
        ("data", document),
    ]);
    let message = message("pushData", options, Dialect::JavaScript);
    assert!(message.contains("options.data.resourceType: "), "{message}");
    assert!(!message.contains("canary"));
}

#[test]
fn an_address_that_is_none_does_not_mean_production() {
    for address in ["", "api.digi.me", "ftp://api.digi.me"] {
        let config = object([("applicationId", "app".into()), ("baseUrl", address.into())]);
        let error = Config::read("digime", config, Dialect::JavaScript)
            .and_then(Client::open)
            .unwrap_err();
        assert!(
            error
                .to_string()
                .contains("config.baseUrl: expected the address of a server"),
            "{error}"
        );
    }
}

/// Why a configuration of Patients Know Best with this member is refused, if it is.
fn refusal_of_pkb(name: &str, member: Value, dialect: Dialect) -> Option<String> {
    let (client, redirect) = match dialect {
        Dialect::JavaScript => ("clientId", "redirectUri"),
        Dialect::Python => ("client_id", "redirect_uri"),
    };
    let config = object([
        (client, "app".into()),
        (redirect, "http://127.0.0.1/return".into()),
        ("environment", "sandbox".into()),
        (name, member),
    ]);
    let read = Config::read("pkb", config, dialect);
    read.err().map(|error| message_of(&error.to_value(dialect)))
}

#[test]
fn a_misspelt_member_of_a_configuration_is_refused_and_others_are_none_of_its_business() {
    let refused = |name, member, dialect, said: &str| {
        let refusal = refusal_of_pkb(name, member, dialect).unwrap();
        assert!(refusal.contains(said), "{refusal}");
    };
    let (javascript, python) = (Dialect::JavaScript, Dialect::Python);
    // It would keep links in memory.
    refused(
        "stor",
        "links.db".into(),
        javascript,
        "config.stor: is unknown: did you mean store?",
    );
    refused(
        "encryptionkey",
        "k".into(),
        javascript,
        "config.encryptionkey: is unknown: did you mean encryptionKey?",
    );
    refused(
        "encrypton_key",
        "k".into(),
        python,
        "config.encrypton_key: is unknown: did you mean encryption_key?",
    );
    refused(
        "timeouts",
        object([("totl", Value::Integer(1))]),
        javascript,
        "config.timeouts.totl: is unknown: did you mean total?",
    );
    for dialect in [javascript, python] {
        let ours = object([("anything", Value::Null)]);
        assert_eq!(refusal_of_pkb("featureFlags", ours, dialect), None);
    }
}

#[test]
fn a_misspelt_option_is_refused_and_what_goes_to_the_platform_is_its_own() {
    let read = |name, member| {
        let options = object([
            ("contractDetails", contract()),
            ("userAccessToken", token()),
            (name, member),
        ]);
        let client = unreachable(Dialect::JavaScript);
        Call::start(&client, "readSession", options, Dialect::JavaScript)
            .err()
            .map(|error| message_of(&error.to_value(Dialect::JavaScript)))
    };
    let refusal = read("on_access_token_chang", Value::Function("f".to_owned())).unwrap();
    assert!(
        refusal.contains(
            "options.on_access_token_chang: is unknown: did you mean onAccessTokenChange?"
        ),
        "{refusal}"
    );
    let refusal = read("timeouts", object([("cal", Value::Integer(5))])).unwrap();
    assert!(
        refusal.contains("options.timeouts.cal: is unknown: did you mean call?"),
        "{refusal}"
    );
    let scope = object([("timeRange", Value::Array(Vec::new()))]);
    assert_eq!(read("sessionOptions", object([("scope", scope)])), None);
    assert_eq!(read("requestId", "r".into()), None);
}

/// A client of Patients Know Best that is never asked.
fn unreachable_pkb(dialect: Dialect) -> Client {
    let spell = |javascript: &'static str, python: &'static str| match dialect {
        Dialect::JavaScript => javascript,
        Dialect::Python => python,
    };
    let address = object([(spell("baseUrl", "base_url"), "http://127.0.0.1:1/".into())]);
    let config = object([
        (spell("clientId", "client_id"), "app".into()),
        (
            spell("redirectUri", "redirect_uri"),
            "http://127.0.0.1/return".into(),
        ),
        ("environment", "sandbox".into()),
        ("endpoints", address),
    ]);
    Config::read("pkb", config, dialect)
        .and_then(Client::open)
        .unwrap()
}

async fn message_of_pkb(name: &str, options: Value, dialect: Dialect) -> String {
    match Call::start(&unreachable_pkb(dialect), name, options, dialect) {
        Err(error) => message_of(&error.to_value(dialect)),
        Ok(call) => match call.next(None).await {
            Step::Failed(error) => message_of(&error),
            step => panic!("{step:?}"),
        },
    }
}

#[tokio::test]
async fn python_spells_the_names_of_options_and_leaves_those_that_an_application_made_up() {
    let header = |value: Value| {
        object([
            ("app_user_id", "user-1".into()),
            ("path", "/json/users/self".into()),
            ("headers", object([("X-requestId", value)])),
        ])
    };
    let message = message_of_pkb("request", header(Value::Integer(1)), Dialect::Python).await;
    assert!(
        message.ends_with(" options.headers.X-requestId: expected a string"),
        "{message}"
    );
    let parameter = Value::Function("parameters.birthDate".to_owned());
    let search = object([
        ("app_user_id", "user-1".into()),
        ("resource_type", "Patient".into()),
        ("parameters", object([("birthDate", parameter)])),
    ]);
    let message = message_of_pkb("fhirSearch", search, Dialect::Python).await;
    assert!(
        message.contains(" options.parameters.birthDate: expected"),
        "{message}"
    );
    let nobody = object([("path", "/json/users/self".into())]);
    let message = message_of_pkb("request", nobody, Dialect::Python).await;
    assert!(
        message.contains(" options.app_user_id: is missing, and so is org_public_id:"),
        "{message}"
    );
}

#[tokio::test]
async fn what_an_application_made_up_cannot_break_the_line_of_a_message() {
    let headers = object([("X-\n\u{1b}[31mRed", Value::Integer(1))]);
    let options = object([
        ("appUserId", "user-1".into()),
        ("path", "/json/users/self".into()),
        ("headers", headers),
    ]);
    let message = message_of_pkb("request", options, Dialect::JavaScript).await;
    assert!(
        message.ends_with(r" options.headers.X-\n\u{1b}[31mRed: expected a string"),
        "{message}"
    );
}
