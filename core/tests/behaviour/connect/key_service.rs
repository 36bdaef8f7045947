//! A service that wraps keys, and applications that encrypt by it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use digime_sdk::connections::{KeyWrapping, WrappedKey};
use digime_sdk::digime::{Config, EncryptionKey, Store};
use digime_sdk::{BoxError, Secret};
use futures_util::future::BoxFuture;

use super::config;
use crate::sandbox::Sandbox;

/// A service that wraps keys by a mask which it shows to nobody.
pub struct Service {
    mask: u8,
    away: AtomicBool,
    asked: AtomicU32,
}

impl Service {
    pub fn new(mask: u8) -> Arc<Self> {
        Arc::new(Self {
            mask,
            away: AtomicBool::new(false),
            asked: AtomicU32::new(0),
        })
    }

    pub fn is_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }

    fn masked(&self, key: &[u8]) -> Result<Vec<u8>, BoxError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.away.load(Ordering::SeqCst) {
            return Err("the service is away".into());
        }
        Ok(key.iter().map(|byte| byte ^ self.mask).collect())
    }

    pub fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }
}

/// The service, as an application reaches it.
pub struct Reached(pub Arc<Service>);

impl KeyWrapping for Reached {
    fn wrap<'a>(&'a self, key: &'a [u8; 32]) -> BoxFuture<'a, Result<WrappedKey, BoxError>> {
        Box::pin(async move { self.0.masked(key).map(WrappedKey::Bytes) })
    }

    fn unwrap<'a>(
        &'a self,
        wrapped: &'a WrappedKey,
    ) -> BoxFuture<'a, Result<Secret<Vec<u8>>, BoxError>> {
        Box::pin(async move {
            match wrapped {
                WrappedKey::Bytes(bytes) => self.0.masked(bytes).map(Secret::from),
                WrappedKey::Text(_) => Err("it has never given text".into()),
            }
        })
    }
}

pub fn wrapped_by(service: &Arc<Service>) -> EncryptionKey {
    EncryptionKey::wrapped(Reached(Arc::clone(service)))
}

pub fn under(sandbox: &Sandbox, store: &Store, service: &Arc<Service>) -> Config {
    let mut config = config(sandbox, store.clone());
    config.encryption_key = Some(wrapped_by(service));
    config
}
