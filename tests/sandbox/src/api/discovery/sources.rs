//! `POST discovery/sources`: the sources, a page of those that are meant.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::addresses::Addresses;
use crate::api::body::MaybeJsonObject;
use crate::api::discovery::query::{Query, parse};
use crate::api::discovery::{countries, platforms};
use crate::error::ApiError;
use crate::signed::Signed;
use crate::sources::{Source, SourceType};
use crate::state::Platform;

#[derive(Deserialize)]
#[serde(default)]
struct Asked {
    limit: usize,
    offset: usize,
    sort: Sort,
    query: Query,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            limit: 50,
            offset: 0,
            sort: Sort::default(),
            query: Query::default(),
        }
    }
}

#[derive(Default, Deserialize)]
struct Sort {
    name: Option<Order>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    Asc,
    Desc,
}

pub async fn sources(
    State(platform): State<Arc<Platform>>,
    _: Signed,
    MaybeJsonObject(body): MaybeJsonObject,
) -> Result<Json<Value>, ApiError> {
    let asked: Asked = parse(body)?;
    let mut listed: Vec<_> = platform.config.sources.listed().iter().collect();
    if let Some(order) = asked.sort.name {
        listed.sort_by_key(|source| source.name.to_lowercase());
        if order == Order::Desc {
            listed.reverse();
        }
    }
    let entries = listed
        .into_iter()
        .map(|source| entry(source, &platform.addresses))
        .collect();
    let matching = asked.query.matching(entries)?;
    let total = matching.len();
    let page: Vec<_> = matching
        .into_iter()
        .skip(asked.offset)
        .take(asked.limit)
        .map(|entry| asked.query.told(entry))
        .collect();
    Ok(Json(
        json!({ "data": page, "limit": asked.limit, "offset": asked.offset, "total": total }),
    ))
}

fn entry(source: &Source, addresses: &Addresses) -> Value {
    let types = source.types.iter().map(|source_type| match source_type {
        SourceType::Pull => json!({ "id": 1, "name": "pull" }),
        SourceType::Push => json!({ "id": 2, "name": "push" }),
    });
    let countries = countries::ALL
        .iter()
        .filter(|country| source.countries.contains(&country.id));
    let mut told = json!({
        "id": source.id,
        "name": source.name,
        "description": source.description,
        "publishedStatus": source.published_status,
        "type": types.collect::<Vec<_>>(),
        "category": [{ "id": source.service_group.id, "title": source.service_group.name }],
        "country": countries.collect::<Vec<_>>(),
        "platform": platforms::ALL,
        "service": {
            "id": source.service_type.id,
            "name": source.service_type.name,
            "reference": source.service_type.reference,
        },
        "provider": {
            "id": source.provider.id,
            "name": source.provider.name,
            "reference": source.provider.reference,
        },
        "resource": { "url": addresses.logo(source.id), "mimetype": "image/svg+xml" },
        "json": { "authorisation": { "type": "saas" } },
    });
    for (name, member) in [("status", &source.status), ("sourceProxy", &source.proxy)] {
        if let Some(member) = member {
            told[name] = member.clone();
        }
    }
    told
}
