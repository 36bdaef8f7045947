//! What an application asks for when it sends somebody to approve, and what of it is refused on a page.

use url::Url;

use crate::pkb::config::PkbConfig;
use crate::pkb::parameters::Parameters;
use crate::pkb::problem::Problem;
use crate::pkb::redirect_uri;
use crate::pkb::scope::Scope;
use crate::pkce;

/// What a page that asks must repeat in its answer.
const NAMES: [&str; 7] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
];

pub struct Request<'a> {
    pub parameters: Vec<(&'static str, &'a str)>,
    /// The one that was sent, or else the one that is registered.
    pub redirect_uri: &'a str,
    pub redirect_uri_was_sent: bool,
    /// The same, to be sent back to.
    pub callback: Url,
    pub scope: Option<Scope>,
    pub state: Option<&'a str>,
    pub code_challenge: Option<&'a str>,
}

impl<'a> Request<'a> {
    pub fn check(config: &'a PkbConfig, sent: &'a Parameters) -> Result<Self, Problem> {
        if sent.get("client_id") != Some(&config.client_id) {
            return Err(Problem::refused("Its client_id is not a registered one."));
        }
        if sent.get("response_type") != Some("code") {
            return Err(Problem::refused("Its response_type must be code."));
        }
        let redirect_uri = redirect_uri(config, sent)?;
        let callback = Url::parse(redirect_uri)
            .map_err(|_| Problem::refused("Its redirect_uri is not a URI."))?;
        Ok(Self {
            parameters: NAMES
                .iter()
                .filter_map(|name| Some((*name, sent.get(name)?)))
                .collect(),
            redirect_uri,
            redirect_uri_was_sent: sent.get("redirect_uri").is_some(),
            callback,
            scope: scope(sent)?,
            state: sent.get("state"),
            code_challenge: code_challenge(sent)?,
        })
    }
}

fn redirect_uri<'a>(config: &'a PkbConfig, sent: &'a Parameters) -> Result<&'a str, Problem> {
    match (sent.get("redirect_uri"), &config.redirect_uris[..]) {
        (Some(uri), registered) => registered
            .iter()
            .any(|registered| redirect_uri::extends(registered, uri))
            .then_some(uri)
            .ok_or_else(|| Problem::refused("Its redirect_uri is not a registered one.")),
        (None, [registered]) => Ok(registered),
        (None, _) => Err(Problem::refused(
            "It has no redirect_uri, and its client has not registered just one.",
        )),
    }
}

fn scope(sent: &Parameters) -> Result<Option<Scope>, Problem> {
    match sent.get("scope") {
        None => Ok(None),
        Some(scope) => Scope::parse(scope)
            .map(Some)
            .ok_or_else(|| Problem::refused("Its scope must be PATIENT, CLINICIAN or TEAMCOORD.")),
    }
}

/// The challenge, if there is one; a method without one promises what is not there.
fn code_challenge<'a>(sent: &'a Parameters) -> Result<Option<&'a str>, Problem> {
    match (
        sent.get("code_challenge"),
        sent.get("code_challenge_method"),
    ) {
        (None, None) => Ok(None),
        (Some(challenge), Some("S256")) if pkce::is_challenge(challenge) => Ok(Some(challenge)),
        _ => Err(Problem::refused(
            "Its code_challenge must be a SHA-256 digest, with the code_challenge_method S256.",
        )),
    }
}
