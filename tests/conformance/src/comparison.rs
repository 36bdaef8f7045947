//! Compares an expected value, in which marks may stand, with the value that came.

use std::time::{SystemTime, UNIX_EPOCH};

use regex::Regex;
use serde_json::{Map, Value};

/// How much of a value its expectation speaks for.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Extent {
    /// All of it: a field that is not expected is a failure.
    Exact,
    /// The fields listed, at every depth.
    Partial,
}

impl Extent {
    pub(crate) fn of(partial: bool) -> Self {
        if partial { Self::Partial } else { Self::Exact }
    }
}

/// How far the clock of the SDK's machine may be from ours.
const TOLERANCE_MS: i64 = 5 * 60 * 1000;

/// The differences as sentences that start with the path of the value.
pub(crate) fn differences(
    path: &str,
    expected: &Value,
    got: &Value,
    extent: Extent,
) -> Vec<String> {
    if let Some(verdict) = mark(expected, got) {
        return verdict
            .err()
            .map(|wanted| differs(path, &wanted, got))
            .into_iter()
            .collect();
    }
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => fields(path, expected, got, extent),
        (Value::Array(expected), Value::Array(got)) => items(path, expected, got, extent),
        // Languages differ in whether a whole number is written 1 or 1.0.
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => Vec::new(),
        _ if expected == got => Vec::new(),
        _ => vec![differs(path, &shown(expected), got)],
    }
}

/// The sentence for a value that is there and wrong.
pub(crate) fn differs(path: &str, wanted: &str, got: &Value) -> String {
    format!("{path}: expected {wanted}, got {}", shown(got))
}

/// The sentence for a value that is not there.
pub(crate) fn missing(path: &str, expected: &Value) -> String {
    format!("{path}: expected {}, got nothing", shown(expected))
}

fn fields(
    path: &str,
    expected: &Map<String, Value>,
    got: &Map<String, Value>,
    extent: Extent,
) -> Vec<String> {
    let mut failures = Vec::new();
    for (name, value) in expected {
        let path = format!("{path}.{name}");
        match got.get(name) {
            Some(got) => failures.extend(differences(&path, value, got, extent)),
            None => failures.push(missing(&path, value)),
        }
    }
    if extent == Extent::Exact {
        let unexpected = got.iter().filter(|(name, _)| !expected.contains_key(*name));
        failures.extend(
            unexpected.map(|(name, value)| differs(&format!("{path}.{name}"), "nothing", value)),
        );
    }
    failures
}

fn items(path: &str, expected: &[Value], got: &[Value], extent: Extent) -> Vec<String> {
    let mut failures = Vec::new();
    for index in 0..expected.len().max(got.len()) {
        let path = format!("{path}[{index}]");
        match (expected.get(index), got.get(index)) {
            (Some(expected), Some(got)) => {
                failures.extend(differences(&path, expected, got, extent));
            }
            (Some(expected), None) => failures.push(missing(&path, expected)),
            (None, Some(got)) => failures.push(differs(&path, "nothing", got)),
            (None, None) => {}
        }
    }
    failures
}

/// The verdict of a mark, or what it wanted; `None` when `expected` is no mark.
fn mark(expected: &Value, got: &Value) -> Option<Result<(), String>> {
    let fields = expected.as_object().filter(|fields| fields.len() == 1)?;
    let (name, argument) = fields.iter().next()?;
    match name.as_str() {
        "$any" => Some(Ok(())),
        "$match" => Some(matches(argument.as_str().unwrap_or_default(), got)),
        "$epochMs" => Some(near_now(got.as_i64(), 0, "milliseconds")),
        "$epochS" => {
            let milliseconds = got.as_i64().map(|seconds| seconds.saturating_mul(1000));
            let ahead = argument.as_i64().unwrap_or_default();
            Some(near_now(milliseconds, ahead, "seconds"))
        }
        _ => None,
    }
}

fn matches(pattern: &str, got: &Value) -> Result<(), String> {
    let regex = Regex::new(pattern).map_err(|error| format!("a usable pattern ({error})"))?;
    match got.as_str() {
        Some(text) if regex.is_match(text) => Ok(()),
        _ => Err(format!("text that matches {pattern}")),
    }
}

fn near_now(got_ms: Option<i64>, ahead_s: i64, unit: &str) -> Result<(), String> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let wanted = i64::try_from(now.as_millis()).unwrap_or(i64::MAX) + ahead_s * 1000;
    match got_ms {
        Some(got) if got.abs_diff(wanted) <= TOLERANCE_MS.unsigned_abs() => Ok(()),
        _ => Err(format!(
            "the present time in whole {unit}, {ahead_s} s ahead"
        )),
    }
}

/// A value as JSON, short enough to read.
fn shown(value: &Value) -> String {
    const LONGEST: usize = 300;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text,
    }
}
