//! `pushData`: a file into the user's library, or FHIR data to a care provider.

use bon::Builder;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;

#[cfg(feature = "__binding")]
use crate::binding::{Dialect, Value};
use crate::digime::medmij;
use crate::digime::{Acting, Authorized};
use crate::digime::{
    Client, Contract, ContractDetails, Failure, FileSource, NonEmptyString, TokenHook,
    UserAccessToken,
};
use crate::error::ErrorKind;
use crate::http::Request;
use crate::operation::Operation;
use crate::world::Event;
use crate::{Error, JsonObject, Open, document};

crate::operation::call! {
    /// Pushes a file into the user's library (`type: "library"`, the default), or FHIR data to the care provider of one of their
    /// accounts (`type: "provider"`). It is sent once: after a failure without an answer, look whether it arrived before pushing again.
    Client::push_data: PushData(PushDataOptions) -> ()
}

/// The options of `pushData`.
#[derive(Debug)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(untagged, extend("x-taken" = ["push"])))]
pub enum PushDataOptions {
    /// A file into the library.
    Library(PushDataToLibraryOptions),
    /// FHIR data to a provider.
    Provider(PushDataToProviderOptions),
}

/// From JSON, which has no place for the content of a file: what is for a provider.
impl<'de> Deserialize<'de> for PushDataOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        PushDataToProviderOptions::deserialize(deserializer).map(Self::Provider)
    }
}

/// What to push into the user's library.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct PushDataToLibraryOptions {
    /// `library`, or left out.
    #[serde(rename = "type")]
    pub kind: Option<Library>,
    /// The contract that was consented to.
    pub contract_details: ContractDetails,
    /// The user's token. An expired one is refreshed.
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken"))]
    pub user_access_token: Option<UserAccessToken>,
    /// Your own id of a user whose connection is kept, in place of `userAccessToken`.
    #[cfg_attr(feature = "__binding", schemars(extend("x-in-place-of" = "userAccessToken")))]
    pub app_user_id: Option<NonEmptyString>,
    /// The file.
    pub data: PushedFile,
    /// Learns the new token of a refresh, before it is used.
    #[cfg_attr(feature = "__binding", schemars(extend("x-absent-with" = "appUserId")))]
    pub on_access_token_change: Option<TokenHook>,
}
crate::operation::unseen!(PushDataToLibraryOptions);

/// What to push to a provider.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct PushDataToProviderOptions {
    /// `provider`.
    #[serde(rename = "type")]
    #[builder(default = Provider::Provider)]
    pub kind: Provider,
    /// The contract that was consented to.
    pub contract_details: ContractDetails,
    /// The user's token. An expired one is refreshed.
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken"))]
    pub user_access_token: Option<UserAccessToken>,
    /// Your own id of a user whose connection is kept, in place of `userAccessToken`.
    #[cfg_attr(feature = "__binding", schemars(extend("x-in-place-of" = "userAccessToken")))]
    pub app_user_id: Option<NonEmptyString>,
    /// The FHIR resource, most often a Bundle: as an object, as its JSON text, or as that in bytes. Text is sent as it is, every digit
    /// included.
    #[serde(deserialize_with = "document::given_object")]
    #[cfg_attr(feature = "__binding", schemars(extend("x-host" = "jsonObject")))]
    pub data: JsonObject,
    /// The FHIR release.
    pub version: FhirVersion,
    /// The standard of the data. Default `fhir`.
    pub standard: Option<Standard>,
    /// The `id` of the provider's account, from `readAccounts`.
    pub account_id: String,
    /// Whether data that the provider is certain to refuse fails the call, with a `ProviderDataError`, before anything is sent. Default `false`.
    pub check: Option<bool>,
    /// Learns the new token of a refresh, before it is used.
    #[cfg_attr(feature = "__binding", schemars(extend("x-absent-with" = "appUserId")))]
    pub on_access_token_change: Option<TokenHook>,
}
crate::operation::unseen!(PushDataToProviderOptions);

/// The word `library`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum Library {
    /// `library`.
    Library,
}

/// The word `provider`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum Provider {
    /// `provider`.
    Provider,
}

/// A release of FHIR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum FhirVersion {
    /// `stu3`.
    #[serde(rename = "stu3")]
    Stu3,
    /// `3.0.2`, which is STU3.
    #[serde(rename = "3.0.2")]
    V3_0_2,
}

/// A standard of health data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum Standard {
    /// HL7 FHIR.
    Fhir,
}

/// A file for the library.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "PushedFileMeta")
)]
pub struct PushedFile {
    /// Its content: bytes, or a stream of them.
    pub file_data: FileSource,
    /// Its name. The platform has no place for it: what readers are to see belongs in `reference` or `tags`.
    pub file_name: NonEmptyString,
    /// What the platform is told of it. It travels in a header, and gateways refuse long ones: keep it below 4,000 bytes of JSON.
    pub file_descriptor: Open<FileDescriptor>,
}
crate::operation::unseen!(PushedFile);

/// What the platform is told of a pushed file.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct FileDescriptor {
    /// Its media type: `application/pdf`.
    pub mime_type: String,
    /// The accounts that it concerns.
    pub accounts: Vec<Open<FileDescriptorAccount>>,
    /// What the application knows it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Vec<String>>,
    /// What it can be found by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
}
crate::operation::unseen!(FileDescriptor);

/// An account that a pushed file concerns.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct FileDescriptorAccount {
    /// The account's id, of the application's choosing.
    pub account_id: String,
}
crate::operation::unseen!(FileDescriptorAccount);

const TOKEN_HEADLINE: &str = "User access token failed type validation.";

impl Operation for PushData {
    type Client = Client;
    const NAME: &'static str = "pushData";
    type Options = PushDataOptions;
    type Response = ();

    #[cfg(feature = "__binding")]
    fn parse(options: Value, dialect: Dialect) -> Result<PushDataOptions, Error> {
        telling_apart::parse(options, dialect)
    }

    async fn run(client: &Client, options: PushDataOptions) -> Result<(), Error> {
        match options {
            PushDataOptions::Library(options) => {
                let acting = Acting::of(
                    options.user_access_token,
                    options.app_user_id,
                    options.on_access_token_change,
                    TOKEN_HEADLINE,
                )?;
                let contract = client.contract(&options.contract_details)?;
                let (request, descriptor) = library_request(client, &contract, options.data)?;
                let pushed = push(client, &contract, acting, request);
                pushed.await.map_err(|error| {
                    if descriptor > GATEWAYS_TAKE {
                        with_size(error, descriptor)
                    } else {
                        error
                    }
                })
            }
            PushDataOptions::Provider(mut options) => {
                let acting = Acting::of(
                    options.user_access_token.take(),
                    options.app_user_id.take(),
                    options.on_access_token_change.take(),
                    TOKEN_HEADLINE,
                )?;
                let contract = client.contract(&options.contract_details)?;
                let request = provider_request(client, &contract, &options)?;
                if options.check == Some(true) {
                    medmij::check(&options.data)?;
                }
                push(client, &contract, acting, request).await
            }
        }
    }
}

/// The union is told apart by hand, so that a mistake is named by its path.
#[cfg(feature = "__binding")]
mod telling_apart {
    use serde::de::DeserializeOwned;

    use super::{PushDataOptions, TOKEN_HEADLINE};
    use crate::Error;
    use crate::binding::{self, Dialect, Value};
    use crate::error::{Invalid, Words};

    const LIBRARY_HEADLINE: &str = "Push to library type validation failed.";
    const PROVIDER_HEADLINE: &str = "Push to provider type validation failed.";

    pub(super) fn parse(options: Value, dialect: Dialect) -> Result<PushDataOptions, Error> {
        match target(&options, dialect)? {
            Target::Library => {
                parse_as(options, dialect, LIBRARY_HEADLINE).map(PushDataOptions::Library)
            }
            Target::Provider => {
                let options = options.with("type", "provider");
                parse_as(options, dialect, PROVIDER_HEADLINE).map(PushDataOptions::Provider)
            }
        }
    }

    enum Target {
        Library,
        Provider,
    }

    /// What the options ask for. The platform's guide writes `push` for `type`, and leaves it out for the library.
    fn target(options: &Value, dialect: Dialect) -> Result<Target, Error> {
        for name in ["type", "push"] {
            return match options.get(name) {
                Some(Value::Null) if dialect.null_is_absent() => continue,
                None => continue,
                Some(Value::String(target)) if target == "library" => Ok(Target::Library),
                Some(Value::String(target)) if target == "provider" => Ok(Target::Provider),
                Some(_) => {
                    let path = Words::from("options.").own(name);
                    Err(Invalid::new(path, "expected \"library\" or \"provider\"").into())
                }
            };
        }
        Ok(Target::Library)
    }

    fn parse_as<T: DeserializeOwned>(
        options: Value,
        dialect: Dialect,
        headline: &'static str,
    ) -> Result<T, Error> {
        binding::parse(options, dialect).map_err(|invalid| {
            let headline = match invalid.path.to_string().split('.').nth(1) {
                Some("contractDetails") => "Contract Details failed type validation.",
                Some("userAccessToken") => TOKEN_HEADLINE,
                _ => headline,
            };
            invalid.under(headline)
        })
    }
}

/// The request, and how long the description of the file is as it travels.
fn library_request(
    client: &Client,
    contract: &Contract,
    file: PushedFile,
) -> Result<(Request, usize), Error> {
    const HEADER: &str = "filedescriptor";
    let descriptor = client
        .descriptors()
        .token(contract, &file.file_descriptor)?;
    let request = client
        .post("permission-access/import")?
        .signed(contract, json!({}))
        .header(HEADER, &descriptor, "options.data.fileDescriptor")?
        .bytes_from(file.file_data.into_source());
    if descriptor.len() > GATEWAYS_TAKE {
        client.world().observe(|| Event::LongHeader {
            request: request.label().to_owned(),
            header: HEADER,
            bytes: descriptor.len(),
        });
    }
    Ok((request, descriptor.len()))
}

fn provider_request(
    client: &Client,
    contract: &Contract,
    options: &PushDataToProviderOptions,
) -> Result<Request, Error> {
    // The segment `h:accountId` is meant literally: it says that the account is named in a header.
    let path = match options.version {
        FhirVersion::Stu3 => "permission-access/import/h:accountId/fhir/stu3",
        FhirVersion::V3_0_2 => "permission-access/import/h:accountId/fhir/3.0.2",
    };
    client
        .post(path)?
        .signed(contract, json!({}))
        .accept_json()
        .header("accountid", &options.account_id, "options.accountId")?
        .json(&options.data)
}

/// What most gateways take of a header, or of all headers together (nginx, Apache, Node).
const GATEWAYS_TAKE: usize = 8 * 1024;

/// The answers by which a gateway refuses a header that is too long for it: nginx says 400, others 431, and some 413.
const TOO_LONG: [u16; 3] = [400, 413, 431];

/// An error that may be the gateway's, on the way of a long description of a file.
fn with_size(error: Error, descriptor: usize) -> Error {
    let status = match (error.kind(), Failure::of(&error)) {
        (ErrorKind::Http(response), _) => Some(response.status_code),
        (_, Some(Failure::Server(server))) => server.status_code,
        (ErrorKind::Transport { .. }, _) => None,
        _ => return error,
    };
    if status.is_some_and(|status| !TOO_LONG.contains(&status)) {
        return error;
    }
    error.noting(format!(
        "the fileDescriptor travels in a header and takes {descriptor} bytes of it, where most gateways take {GATEWAYS_TAKE}"
    ))
}

/// The answer's body is not looked at: whatever it is, the data has arrived.
async fn push(
    client: &Client,
    contract: &Contract,
    acting: Acting,
    request: Request,
) -> Result<(), Error> {
    let mut user = Authorized::begin(client, contract, acting).await?;
    let outcome = user.send(request).await;
    user.conclude(outcome.map(drop))
}
