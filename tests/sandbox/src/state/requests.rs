//! How often each call was made and how it ended.

use axum::http::StatusCode;
use serde::Serialize;

/// A call and its outcome, and how often it was seen.
#[derive(Serialize)]
struct Count {
    #[serde(flatten)]
    outcome: Outcome,
    count: u64,
}

/// A call and how it ended.
#[derive(Serialize, PartialEq, Eq)]
pub struct Outcome {
    /// Method and path, as the router knows it.
    pub route: String,
    /// What `oauth/token` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    #[serde(serialize_with = "number")]
    pub status: StatusCode,
    /// The code of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// The counts, in order of first sight.
#[derive(Default, Serialize)]
#[serde(transparent)]
pub struct Requests {
    counts: Vec<Count>,
}

impl Requests {
    pub fn add(&mut self, outcome: Outcome) {
        match self
            .counts
            .iter_mut()
            .find(|count| count.outcome == outcome)
        {
            Some(count) => count.count += 1,
            None => self.counts.push(Count { outcome, count: 1 }),
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes fields by reference"
)]
fn number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}
