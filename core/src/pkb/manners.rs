//! How many requests about one patient are under way at once, as PKB's guide for partners asks it of an integration.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Surface;
use crate::Error;
use crate::error::Invalid;

/// How many requests about one patient a client has under way at once; those beyond wait. PKB's guide asks for queries of the FHIR API four at
/// a time, and for calls of the REST API one after the other.
#[derive(Debug, Clone, Copy, Deserialize, bon::Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "PkbPerPatient")
)]
pub struct PerPatient {
    /// Those of the FHIR APIs. Default 4.
    pub fhir: Option<u16>,
    /// Those of the REST API. Default 1.
    pub rest: Option<u16>,
}

/// The requests about each patient for whom there are any.
pub(super) struct Manners {
    fhir: usize,
    rest: usize,
    gates: Mutex<HashMap<String, Gates>>,
}

struct Gates {
    /// How many requests are under way, or wait.
    turns: usize,
    fhir: Arc<Semaphore>,
    rest: Arc<Semaphore>,
}

impl Manners {
    pub(super) fn of(configured: Option<PerPatient>) -> Result<Self, Error> {
        let at_least_one = |given: Option<u16>, default, path| match given {
            Some(0) => Err(Invalid::new(path, "must be at least 1")),
            given => Ok(usize::from(given.unwrap_or(default))),
        };
        let given = configured.as_ref();
        Ok(Self {
            fhir: at_least_one(given.and_then(|it| it.fhir), 4, "config.perPatient.fhir")?,
            rest: at_least_one(given.and_then(|it| it.rest), 1, "config.perPatient.rest")?,
            gates: Mutex::default(),
        })
    }

    /// Waits until there may be another request about the patient, which lasts as long as what this gives.
    pub(super) async fn turn<'a>(
        &'a self,
        app_user_id: &str,
        surface: Surface,
    ) -> Result<Turn<'a>, Error> {
        let gate = self.enter(app_user_id, surface);
        let mut turn = Turn {
            manners: self,
            app_user_id: app_user_id.to_owned(),
            permit: None,
        };
        let permit = gate.acquire_owned().await;
        turn.permit = Some(permit.map_err(|_| Error::sdk("a gate that is never shut was shut"))?);
        Ok(turn)
    }

    fn enter(&self, app_user_id: &str, surface: Surface) -> Arc<Semaphore> {
        let mut gates = self.gates();
        let gates = gates
            .entry(app_user_id.to_owned())
            .or_insert_with(|| Gates {
                turns: 0,
                fhir: Arc::new(Semaphore::new(self.fhir)),
                rest: Arc::new(Semaphore::new(self.rest)),
            });
        gates.turns += 1;
        Arc::clone(if surface.is_of_fhir() {
            &gates.fhir
        } else {
            &gates.rest
        })
    }

    fn gates(&self) -> MutexGuard<'_, HashMap<String, Gates>> {
        self.gates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// That a request about a patient may be under way, or waits for that.
pub(super) struct Turn<'a> {
    manners: &'a Manners,
    app_user_id: String,
    permit: Option<OwnedSemaphorePermit>,
}

impl Drop for Turn<'_> {
    /// Of a patient for whom nothing is under way nothing is kept.
    fn drop(&mut self) {
        self.permit = None;
        let mut gates = self.manners.gates();
        if let Some(own) = gates.get_mut(&self.app_user_id) {
            own.turns -= 1;
            if own.turns == 0 {
                gates.remove(&self.app_user_id);
            }
        }
    }
}
