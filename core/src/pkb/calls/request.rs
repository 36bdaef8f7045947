//! `request`: any call of PKB's FHIR or REST API.

use bon::Builder;
use http::Method;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use crate::error::Invalid;
use crate::http::{Request, goes_straight, own_headers};
use crate::operation::Operation;
use crate::pkb::actor::Actor;
use crate::pkb::fhir::MEDIA_TYPE;
use crate::pkb::{ApiResponse, Client, HttpMethod, QueryParameters, Surface};
use crate::{Document, Error, NonEmptyString, document};

crate::operation::call! {
    /// Makes a call of one of PKB's APIs that has no method of its own here. A GET that failed is repeated as `retryOptions` says;
    /// nothing else is, so that nothing is written twice.
    Client::request: ApiRequest(RequestOptions) -> ApiResponse
}

/// The options of `request`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct RequestOptions {
    /// Your own id of the user on whose behalf it is made.
    pub app_user_id: Option<NonEmptyString>,
    /// The public id of the organisation on whose behalf it is made, by your System Client.
    pub org_public_id: Option<NonEmptyString>,
    /// The API that it is a call of. Aggregated and Customer are called by your Customer System Client, on nobody else's behalf. Default: the
    /// API whose address it is, of those at PKB's host.
    pub surface: Option<Surface>,
    /// Where it goes to: with `surface`, a path of that API (`Patient/1/_history`); without, a path at PKB's host (`/json/users/self`,
    /// `/fhir/metadata`); or an address at the hosts of the configuration. No segment of it may be `.` or `..`, however encoded. Ids that are put into it are to be percent-encoded.
    pub path: NonEmptyString,
    /// Default GET.
    pub method: Option<HttpMethod>,
    /// Parameters for its query.
    pub query: Option<QueryParameters>,
    /// Headers beyond those that every request has; names are not case-sensitive.
    pub headers: Option<Map<String, Value>>,
    /// What is sent as JSON, or its JSON text, or that as bytes: text is sent as it is, every digit included. So a body that is a mere
    /// string is given as its JSON text, in quotes.
    #[serde(default, deserialize_with = "document::given")]
    pub body: Option<Document>,
}
crate::operation::unseen!(RequestOptions);

impl Operation for ApiRequest {
    type Client = Client;
    const NAME: &'static str = "request";
    type Options = RequestOptions;
    type Response = ApiResponse;

    async fn run(client: &Client, options: RequestOptions) -> Result<ApiResponse, Error> {
        let endpoints = &client.settings().endpoints;
        let mut address = address(client, options.surface, &options.path)?;
        let surface = options
            .surface
            .or_else(|| endpoints.apis.surface_of(&address));
        // What is beside the APIs is for whoever may call the Facade.
        let of = surface.unwrap_or(Surface::Facade);
        let actor = Actor::of(of, options.app_user_id, options.org_public_id)?;
        options.query.unwrap_or_default().add_to(&mut address);
        let content_type = if surface.is_some_and(Surface::is_of_fhir) {
            MEDIA_TYPE
        } else {
            "application/json"
        };
        let method = options.method.unwrap_or(HttpMethod::Get);
        // The path may hold ids of the patient's data: an error names its first segment alone.
        let first = address
            .path_segments()
            .and_then(|mut segments| segments.next());
        let label = format!("/{}/…", first.unwrap_or_default());
        let mut request =
            Request::to_address(method.as_http(), address, &label).accept(content_type);
        if method != HttpMethod::Get {
            request = request.once();
        }
        if let Some(body) = &options.body {
            request = request.json(body)?.content_type(content_type);
        }
        let headers = own_headers(options.headers.as_ref(), &"options.headers.".into())?;
        let request = request.own_headers(headers);
        let response = actor.send(client, request).await?;
        Ok(ApiResponse::of(&response))
    }
}

/// The address, at a host that the configuration names: a token goes nowhere else.
fn address(client: &Client, surface: Option<Surface>, path: &str) -> Result<Url, Error> {
    if !goes_straight(path) {
        return Err(Invalid::new(
            "options.path",
            "must not have \".\" or \"..\" as a segment, a backslash or a control character: percent-encode the ids that are put into it",
        )
        .into());
    }
    let endpoints = &client.settings().endpoints;
    let refused = |reason| Error::from(Invalid::new("options.path", reason));
    let Some(surface) = surface else {
        let url = endpoints.base.join(path).ok();
        let url = url.filter(|url| {
            let surface = endpoints.apis.surface_of(url).unwrap_or(Surface::Facade);
            endpoints.trusts(surface, url)
        });
        return url.ok_or_else(|| {
            refused("must be a path at PKB's host, or an address at a host that the configuration names")
        });
    };
    let api = endpoints.apis.get(surface)?;
    let is_absolute = Url::parse(path).is_ok();
    let url = if is_absolute {
        Url::parse(path).ok()
    } else {
        api.at(path.trim_start_matches('/')).ok()
    };
    url.filter(|url| api.has(url))
        .ok_or_else(|| refused("must be a path of the API that surface names, or an address of it"))
}

impl HttpMethod {
    pub(in crate::pkb) fn as_http(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
            Self::Put => Method::PUT,
            Self::Patch => Method::PATCH,
            Self::Delete => Method::DELETE,
        }
    }
}
