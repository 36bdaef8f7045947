//! What applications give to a call is not shown by its debug output, whatever the call.

use std::fmt::Debug;

use digime_sdk::{digime, pkb};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

const CANARY: &str = "canary-7f3a";

/// Options with everything in them that JSON can hold, by their schema: each text that is free is the canary.
fn sample(schema: &Value, types: &Value) -> Option<Value> {
    if let Some(reference) = schema["$ref"].as_str() {
        return sample(types.pointer(reference.strip_prefix("#/types")?)?, types);
    }
    match schema["x-host"].as_str() {
        None => {}
        Some("many") => return Some(json!([sample(&schema["x-item"], types)?])),
        Some("jsonObject") => return Some(json!({ "name": CANARY })),
        Some(_) => return None,
    }
    for choice in ["enum", "anyOf", "oneOf"] {
        if let Some(choices) = schema[choice].as_array() {
            let taken = choices.iter().find(|choice| !choice.is_null())?;
            return match choice {
                "enum" => Some(taken.clone()),
                _ => sample(taken, types),
            };
        }
    }
    if let Some(value) = schema.get("const") {
        return Some(value.clone());
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds[0].as_str()?,
        kind => kind.as_str().unwrap_or("object"),
    };
    Some(match kind {
        "string" => json!(CANARY),
        "integer" | "number" => json!(1),
        "boolean" => json!(true),
        "array" => json!([sample(&schema["items"], types)?]),
        "object" => match schema["properties"].as_object() {
            Some(properties) => {
                let members = properties.iter();
                let members = members
                    .filter_map(|(name, schema)| Some((name.clone(), sample(schema, types)?)));
                Value::Object(members.collect::<Map<_, _>>())
            }
            None => json!({ "name": CANARY }),
        },
        _ => return None,
    })
}

fn shown<T: DeserializeOwned + Debug>(sample: &Value) -> String {
    let parsed: Result<T, _> = serde_json::from_value(sample.clone());
    format!(
        "{:?}",
        parsed.unwrap_or_else(|error| panic!("{error}: {sample}"))
    )
}

/// Options by the names that the core's description of itself gives them.
macro_rules! options {
    ($($platform:ident: $($options:ident),*;)*) => {
        [$($((
            stringify!($options),
            shown::<$platform::$options> as fn(&Value) -> String,
        )),*),*]
    };
}

#[test]
fn the_debug_output_of_no_options_shows_what_an_application_gave() {
    let listed = options! {
        digime: CheckProviderDataOptions, CompleteConnectOptions, CountConnectionsOptions, CreateProvisionalStorageOptions, DeleteAccountOptions, DeleteStorageFilesOptions,
            DeleteUserOptions, DisconnectOptions, DownloadStorageFileOptions, ExchangeCodeForTokenOptions, ExportConnectionOptions,
            GetAuthorizeUrlOptions, GetConnectUrlOptions, GetConnectionOptions, GetContractDetailsOptions,
            GetOnboardServiceUrlOptions, GetPortabilityReportOptions, GetReauthorizeAccountUrlOptions, GetReauthorizeUrlOptions,
            GetRevokeAccountPermissionUrlOptions, GetServiceSampleDataSetsOptions, GetUserStorageOptions,
            ImportConnectionOptions, ImportConnectionsOptions, ListConnectionsOptions, ListStorageFilesOptions,
            PushDataToProviderOptions, QueryCategoriesOptions, QueryCountriesOptions, QueryPlatformsOptions, QuerySourcesOptions,
            ReadAccountsOptions, ReadAllFilesOptions, ReadFileListOptions, ReadFileMetadataOptions, ReadFileOptions,
            ReadSessionOptions, RefreshTokenOptions;
        pkb: AddMeasurementOptions, CheckOptions, CloseOptions, CompleteLinkOptions, CountLinksOptions, ExportLinkOptions, FhirBatchOptions, FhirCreateOptions, FhirReadOptions, FhirSearchOptions,
            FhirSearchResourcesOptions, FhirTransactionOptions, FhirUpdateOptions, FindLinksOptions,
            GetAccessTokenOptions, GetConsentsOptions, GetCurrentUserOptions, GetLastChangeOptions, GetLinkOptions, GetLinkUrlOptions,
            GetMeasurementTypesOptions, GetMeasurementsOptions, GetPublicIdOptions, GetRecordStatusOptions, GetSignInUrlOptions,
            GetSystemTokenOptions, ImportLinkOptions, ImportLinksOptions, InviteToRecordOptions, JoinOrganisationOptions, KeepAliveOptions, ListLinksOptions, RequestOptions,
            RotateKeysOptions, UnlinkOptions, WatchOptions;
    };
    // Some calls of digi.me's have the names of calls of PKB's.
    let namesakes = [
        (
            "KeepConnectionsAliveOptions",
            shown::<digime::KeepAliveOptions> as fn(&Value) -> String,
        ),
        ("CheckConnectionsOptions", shown::<digime::CheckOptions>),
        (
            "RotateConnectionKeysOptions",
            shown::<digime::RotateKeysOptions>,
        ),
    ];
    let listed: Vec<_> = listed.into_iter().chain(namesakes).collect();
    // A file to be sent comes from no JSON; `secrets.rs` makes one.
    let of_files = [
        "PushDataOptions",
        "PushDataToLibraryOptions",
        "UploadFileToStorageOptions",
    ];
    let described = digime_sdk::describe::describe();
    let types = &described["types"];
    for (name, shown) in &listed {
        let schema = &types[name];
        assert!(schema.is_object(), "{name} is described by no schema");
        let shown = shown(&sample(schema, types).unwrap());
        assert!(!shown.contains(CANARY), "{name}: {shown}");
    }
    let names = types.as_object().unwrap().keys();
    let of_calls = described["platforms"].as_array().unwrap().iter();
    let of_calls: Vec<&str> = of_calls
        .flat_map(|platform| platform["operations"].as_array().unwrap())
        .filter_map(|operation| operation["options"]["$ref"].as_str()?.rsplit('/').next())
        .collect();
    for name in names.filter(|name| of_calls.contains(&name.as_str())) {
        let known = listed.iter().any(|(listed, _)| listed == name);
        assert!(
            known || of_files.contains(&name.as_str()),
            "{name} is not tested here"
        );
    }
}
