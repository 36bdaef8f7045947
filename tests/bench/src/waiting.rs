//! Waiting for sessions that end within a few seconds: how long files lie ready before an application has them, and how often the platform is asked.

use std::process;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use digime_bench::{BenchError, complete};
use serde::Serialize;
use tokio::task::JoinSet;

use crate::application::Application;

/// How much longer each session lasts than the one before.
const STEP_MS: u64 = 250;
/// How many files each has.
const FILES: u64 = 3;
/// The interval that is compared with, in milliseconds: that of the JavaScript SDK.
pub const FIXED_MS: u64 = 3000;

/// What came of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Waited {
    /// From "file ready" to the application, in the mean of all files.
    late_ms: f64,
    /// How often lists were asked for.
    lists: u64,
}

/// Waits for so many sessions at once, of which each lasts a quarter of a second longer than the one before.
pub async fn wait(
    application: &Arc<Application>,
    sessions: u64,
    polling_interval: Option<u64>,
) -> Result<Waited, BenchError> {
    let mut under_way = JoinSet::new();
    for number in 1..=sessions {
        let application = Arc::clone(application);
        let session = format!("ripening-{}-{}", process::id(), STEP_MS * number);
        under_way.spawn(async move { application.await_files(&session, polling_interval).await });
    }
    let (mut late, mut files, mut lists) = (Duration::ZERO, 0_u32, 0);
    while let Some(ended) = under_way.join_next().await {
        let mut asked = 0;
        for (name, came) in ended?? {
            let (ready, lists_by_then) = told(&name);
            late += came.duration_since(ready).unwrap_or_default();
            asked = asked.max(lists_by_then);
            files += 1;
        }
        lists += asked;
    }
    complete("files", sessions * FILES, files.into())?;
    Ok(Waited {
        late_ms: 1000.0 * late.as_secs_f64() / f64::from(files),
        lists,
    })
}

/// What the name of a file says: when it was ready, and how often the list had been asked for by then.
fn told(name: &str) -> (SystemTime, u64) {
    let mut parts = name
        .split('-')
        .skip(1)
        .map(|part| part.parse().unwrap_or_default());
    let mut next = || parts.next().unwrap_or_default();
    (UNIX_EPOCH + Duration::from_millis(next()), next())
}
