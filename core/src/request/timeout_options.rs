//! The time-outs that an application sets, beside those that stand where it sets none.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::transport::Timeouts;

/// How long to wait, in milliseconds. A time-out is a `TimeoutError` that says which.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct TimeoutOptions {
    /// For a connection. Default 10,000.
    pub connect: Option<u64>,
    /// For the next byte of an answer. Default 60,000.
    pub idle: Option<u64>,
    /// For one attempt at a request, from its first byte to the last of its answer. Default: as long as bytes keep coming.
    pub total: Option<u64>,
}

impl TimeoutOptions {
    /// These, and where one is left out that of `base`.
    pub(crate) fn over(&self, base: Timeouts) -> Timeouts {
        let duration = |milliseconds: Option<u64>| milliseconds.map(Duration::from_millis);
        Timeouts {
            connect: duration(self.connect).unwrap_or(base.connect),
            idle: duration(self.idle).unwrap_or(base.idle),
            total: duration(self.total).or(base.total),
        }
    }
}
