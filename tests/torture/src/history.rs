//! What a worker's calls came to, as lines of JSON in a file of its own: one when a call begins, and one when it has ended.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use digime_sdk::Error;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The file, and how many calls have begun.
pub struct History {
    file: File,
    calls: AtomicU64,
}

impl History {
    pub fn at(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let calls = AtomicU64::new(0);
        Ok(Self { file, calls })
    }

    /// Writes that a call begins, and gives its number.
    pub fn begin(&self, kind: &str, app_user_id: &str) -> io::Result<u64> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        self.write(&json!({ "call": call, "kind": kind, "of": app_user_id, "began": now() }))?;
        Ok(call)
    }

    /// Writes how it ended, and what was seen.
    pub fn end(&self, call: u64, outcome: &Result<String, Error>) -> io::Result<()> {
        let mut line = json!({ "call": call, "ended": now(), "code": null, "saw": null });
        match outcome {
            Ok(saw) => line["saw"] = json!(saw),
            Err(error) => {
                line["code"] = json!(error.code());
                line["message"] = json!(error.to_string());
            }
        }
        self.write(&line)
    }

    fn write(&self, line: &Value) -> io::Result<()> {
        // One write, so that lines of several threads do not mix.
        (&self.file).write_all(format!("{line}\n").as_bytes())
    }
}

/// By which a token is known where it must not stand itself.
pub fn digest(token: &str) -> String {
    format!("{:x}", Sha256::digest(token))
}

/// Seconds of the clock that all processes of the machine share, and nobody sets.
fn now() -> f64 {
    let now = clock_gettime(ClockId::Monotonic);
    Duration::try_from(now).map_or(0.0, |now| now.as_secs_f64())
}
