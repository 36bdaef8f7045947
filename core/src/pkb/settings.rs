//! A configuration with its defaults in place, understood or refused before anything is sent.

use std::time::Duration;

use super::linking::redirect_uri::RedirectUri;
use super::surfaces::{Addresses, Places, SystemClients};
use super::tokens::hooks::Hooks;
use super::{ClientAuthentication, Config};
use crate::connections::keeping::Keeping;
use crate::connections::{Connections, Opening};
use crate::error::Invalid;
use crate::http::{RetryOptions, Timeouts, TraceContextHook};
use crate::trust::Trust;
use crate::{Error, NonEmptyString, Secret, World};

/// The settings of a client, without its links.
pub(crate) struct Settings {
    pub client_id: NonEmptyString,
    pub client_secret: Option<Secret<NonEmptyString>>,
    pub client_authentication: ClientAuthentication,
    pub redirect_uri: RedirectUri,
    pub scope: NonEmptyString,
    pub pkce: bool,
    pub link_timeout: Duration,
    pub endpoints: Addresses,
    pub retry_options: RetryOptions,
    pub trace_context: Option<TraceContextHook>,
    pub timeouts: Timeouts,
    pub hooks: Hooks,
}

/// Reads a configuration; beside the settings come the links that it says where to find, and how they are kept.
pub(crate) fn understand(
    config: Config,
    world: &World,
    trust: Trust,
) -> Result<(Settings, Connections, Keeping), Error> {
    let endpoints = Addresses::of(Places {
        environment: config.environment,
        endpoints: config.endpoints.unwrap_or_default(),
        clients: SystemClients {
            system: config.system_client,
            customer_system: config.customer_system_client,
        },
        trusted_origins: config.trusted_origins,
    })?;
    let client_authentication = match (config.client_authentication, &config.client_secret) {
        (Some(ClientAuthentication::Body | ClientAuthentication::Basic), None) => {
            return Err(Invalid::new(
                "config.clientSecret",
                "is missing, which clientAuthentication needs",
            )
            .into());
        }
        (Some(authentication), _) => authentication,
        (None, Some(_)) => ClientAuthentication::Body,
        (None, None) => ClientAuthentication::None,
    };
    let opening = Opening {
        store: config.store,
        schema: config.store_schema,
        encryption_key: config.encryption_key,
        previous_encryption_keys: config.previous_encryption_keys,
        refresh_lease: config.refresh_lease,
        refresh_margin: config.refresh_margin,
        cache_tokens_for: config.cache_tokens_for,
    };
    let keeping = opening.keeping()?;
    let links = opening.connections(endpoints.platform(), trust, world)?;
    let settings = Settings {
        client_id: config.client_id,
        client_secret: config.client_secret,
        client_authentication,
        redirect_uri: RedirectUri::parse(config.redirect_uri)?,
        scope: match config.scope {
            Some(scope) => scope,
            None => "PATIENT".parse().map_err(|_| Error::sdk("no scope"))?,
        },
        pkce: config.pkce.unwrap_or(false),
        link_timeout: Duration::from_millis(config.link_timeout.unwrap_or(15 * 60 * 1000)),
        endpoints,
        retry_options: config.retry_options.unwrap_or_default(),
        trace_context: config.trace_context,
        timeouts: config
            .timeouts
            .unwrap_or_default()
            .over(Timeouts::default()),
        hooks: Hooks {
            tokens_changed: config.on_tokens_changed,
            link_expired: config.on_link_expired,
            link_changed: config.on_link_change,
        },
    };
    Ok((settings, links, keeping))
}
