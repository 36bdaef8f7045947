//! What a client may ask of a reading session (`limits`, `scope`, `sourceFetch`, `sourceFetchFilter`), member by member.

use serde::Deserialize;
use serde_json::Value;

use crate::error::ApiError;
use crate::state::Wanted;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PullSession {
    limits: Option<Limits>,
    scope: Option<Scope>,
    source_fetch: Option<bool>,
    source_fetch_filter: Option<SourceFetchFilter>,
}

#[derive(Deserialize)]
struct Limits {
    duration: Option<Duration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Duration {
    source_fetch: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scope {
    time_ranges: Option<Vec<TimeRange>>,
    service_groups: Option<Vec<ServiceGroup>>,
    criteria: Option<Vec<Criterion>>,
}

#[derive(Deserialize)]
struct TimeRange {
    from: Option<f64>,
    to: Option<f64>,
    last: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServiceGroup {
    id: u32,
    service_types: Vec<ServiceType>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServiceType {
    id: u32,
    service_object_types: Vec<ServiceObjectType>,
}

#[derive(Deserialize)]
struct ServiceObjectType {
    #[expect(dead_code, reason = "must be a number, and narrows nothing here")]
    id: u32,
}

#[derive(Deserialize)]
struct Criterion {
    from: Option<f64>,
    last: Option<String>,
    metadata: Option<Value>,
}

#[derive(Deserialize)]
struct SourceFetchFilter {
    account: AccountFilter,
}

#[derive(Deserialize)]
struct AccountFilter {
    id: Vec<String>,
}

/// Checks what stands at `place` in a body; nothing is as good as an empty object.
pub fn wanted(asked: &Value, place: &str) -> Result<Wanted, ApiError> {
    if asked.is_null() {
        return Ok(Wanted::default());
    }
    let session: PullSession = serde_path_to_error::deserialize(asked)
        .map_err(|error| refused(place, &error.path().to_string()))?;
    let limit = session
        .limits
        .and_then(|limits| limits.duration?.source_fetch);
    if limit.is_some_and(|limit| limit < 0.0) {
        return Err(refused(place, "limits.duration.sourceFetch"));
    }
    let scope = session.scope.as_ref();
    scope.map_or(Ok(()), |scope| scope.check(place))?;
    Ok(Wanted {
        services: session
            .scope
            .and_then(|scope| scope.service_groups)
            .map(services),
        account_ids: session.source_fetch_filter.map(|filter| filter.account.id),
        source_fetch: session.source_fetch.unwrap_or(true),
    })
}

impl Scope {
    fn check(&self, place: &str) -> Result<(), ApiError> {
        for (index, range) in self.time_ranges.iter().flatten().enumerate() {
            if !range.is_bounded() {
                return Err(refused(place, &format!("scope.timeRanges[{index}]")));
            }
        }
        for (index, group) in self.service_groups.iter().flatten().enumerate() {
            let complete = |service: &ServiceType| !service.service_object_types.is_empty();
            if group.service_types.is_empty() || !group.service_types.iter().all(complete) {
                return Err(refused(place, &format!("scope.serviceGroups[{index}]")));
            }
        }
        for (index, criterion) in self.criteria.iter().flatten().enumerate() {
            if !criterion.is_condition() {
                return Err(refused(place, &format!("scope.criteria[{index}]")));
            }
        }
        Ok(())
    }
}

impl TimeRange {
    /// From a time, to a time, both, or the last while.
    fn is_bounded(&self) -> bool {
        match (&self.last, self.from, self.to) {
            (Some(last), None, None) => is_while(last),
            (None, Some(from), Some(to)) => from <= to,
            (None, from, to) => from.is_some() || to.is_some(),
            (Some(_), ..) => false,
        }
    }
}

impl Criterion {
    fn is_condition(&self) -> bool {
        self.last.as_deref().is_none_or(is_while)
            && (self.last.is_some()
                || self.from.is_some()
                || self.metadata.as_ref().is_some_and(Value::is_object))
    }
}

/// A number and a unit of days, weeks, months or years, as in `6m`.
fn is_while(text: &str) -> bool {
    text.strip_suffix(['d', 'w', 'm', 'y'])
        .is_some_and(|number| number.parse::<u32>().is_ok_and(|number| number > 0))
}

fn services(groups: Vec<ServiceGroup>) -> Vec<(u32, u32)> {
    groups
        .into_iter()
        .flat_map(|group| {
            let types = group.service_types.into_iter();
            types.map(move |service| (group.id, service.id))
        })
        .collect()
}

fn refused(place: &str, member: &str) -> ApiError {
    let path = match (place, member) {
        (place, ".") => place.to_owned(),
        ("", member) => member.to_owned(),
        (place, member) => format!("{place}.{member}"),
    };
    ApiError::validation(format!("{path} is not what it must be"))
}
