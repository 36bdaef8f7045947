//! A search: what it asks for, and the page of what is found that answers it.

use std::cmp::Ordering;

use serde_json::Value;
use url::form_urlencoded;

use crate::pkb::fhir::Outcome;
use crate::pkb::r4::filter::Filter;
use crate::pkb::r4::{Kind, Resource, parameters};

const LARGEST_COUNT: usize = 1000;

pub struct Search {
    kind: String,
    /// As it was sent.
    query: String,
    /// Whose resources are meant.
    pub named: Option<Named>,
    filters: Vec<Filter>,
    sort: Option<Sort>,
    count: Option<usize>,
    /// From 1.
    page: usize,
    without_total: bool,
    /// The members whose References lead to resources that are to come along.
    pub included: Vec<&'static str>,
}

/// A parameter that is an identifier: of a patient, or of the resource itself.
pub struct Named {
    pub parameter: &'static str,
    pub system: String,
    pub value: String,
}

struct Sort {
    members: &'static [&'static str],
    descending: bool,
}

/// A page of what was found.
pub struct Page {
    pub found: Vec<Resource>,
    /// How many there are on all pages, if that was not left out.
    pub total: Option<usize>,
    /// The number of the page after it.
    pub next: Option<usize>,
}

impl Search {
    /// Reads the parameters of a search for resources of a type. Those of `naming` are the identifiers, of which it may have one.
    pub fn parse(kind: &str, query: &str, naming: &[&'static str]) -> Result<Self, Outcome> {
        let mut search = Self {
            kind: kind.to_owned(),
            query: query.to_owned(),
            named: None,
            filters: Vec::new(),
            sort: None,
            count: None,
            page: 1,
            without_total: false,
            included: Vec::new(),
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let naming = naming.iter().find(|naming| **naming == name);
            match (name.as_ref(), naming) {
                (_, Some(parameter)) => search.name(parameter, &value)?,
                ("_count", _) => search.count = Some(number(&value, 0)?.min(LARGEST_COUNT)),
                ("page", _) => search.page = number(&value, 1)?,
                ("_total", _) => search.without_total = without_total(&value)?,
                ("_sort", _) => search.sort = Some(Sort::parse(kind, &value)?),
                ("_include", _) => search.included.extend(included(kind, &value)?),
                ("_format", _) => {}
                (name, _) => search.filters.push(Filter::parse(kind, name, &value)?),
            }
        }
        Ok(search)
    }

    fn name(&mut self, parameter: &'static str, value: &str) -> Result<(), Outcome> {
        let identifier = value.split_once('|').filter(|(system, value)| {
            !system.is_empty() && !value.is_empty() && !value.contains([',', '|'])
        });
        let (system, value) = identifier
            .ok_or_else(|| Outcome::invalid("An identifier must be its system, | and its value"))?;
        let named = Named {
            parameter,
            system: system.to_owned(),
            value: value.to_owned(),
        };
        match self.named.replace(named) {
            None => Ok(()),
            Some(_) => Err(Outcome::invalid("One identifier can be searched by")),
        }
    }

    /// The page that answers, of all resources that there are.
    pub fn page(&self, mut all: Vec<Resource>, usual_count: usize) -> Page {
        all.retain(|resource| self.filters.iter().all(|filter| filter.admits(resource)));
        if let Some(sort) = &self.sort {
            // Those that are equal stay in the order in which they came.
            all.sort_by(|one, other| sort.compare(one, other));
        }
        let total = all.len();
        let count = self.count.unwrap_or(usual_count);
        let from = (self.page - 1).saturating_mul(count);
        let has_more = count > 0 && from.saturating_add(count) < total;
        Page {
            found: all.into_iter().skip(from).take(count).collect(),
            total: (!self.without_total).then_some(total),
            next: has_more.then_some(self.page + 1),
        }
    }

    /// The address of one of its pages, without a host.
    pub fn address(&self, page: usize) -> String {
        let parameters = form_urlencoded::parse(self.query.as_bytes());
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters.filter(|(name, _)| name != "page"));
        query.append_pair("page", &page.to_string());
        format!("/fhir/{}?{}", self.kind, query.finish())
    }

    /// The address as it was asked for, without a host.
    pub fn own_address(&self) -> String {
        format!("/fhir/{}?{}", self.kind, self.query)
    }
}

impl Sort {
    fn parse(kind: &str, text: &str) -> Result<Self, Outcome> {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        };
        let members = match name {
            "_lastUpdated" => &["meta"][..],
            name => parameters(kind)
                .find(|parameter| parameter.name == name && parameter.kind != Kind::Reference)
                .map(|parameter| parameter.members)
                .ok_or_else(|| Outcome::invalid("Resources of this type are not sorted by this"))?,
        };
        Ok(Self {
            members,
            descending,
        })
    }

    fn compare(&self, one: &Resource, other: &Resource) -> Ordering {
        let order = self.key(one).cmp(&self.key(other));
        if self.descending {
            order.reverse()
        } else {
            order
        }
    }

    /// The first text that there is to sort by.
    fn key(&self, resource: &Resource) -> Option<String> {
        let mut values = self.members.iter().map(|member| &resource.value[*member]);
        values.find_map(first_text)
    }
}

/// Of a text, a `meta`, a Period, or what has a code.
fn first_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => items.first().and_then(first_text),
        Value::Object(members) => {
            let names = ["lastUpdated", "start", "code", "value", "coding", "text"];
            names
                .iter()
                .find_map(|name| members.get(*name).and_then(first_text))
        }
        _ => None,
    }
}

fn number(text: &str, least: usize) -> Result<usize, Outcome> {
    text.parse()
        .ok()
        .filter(|number| *number >= least)
        .ok_or_else(|| {
            Outcome::invalid("_count and page must be whole numbers, and page from 1 on")
        })
}

fn without_total(text: &str) -> Result<bool, Outcome> {
    match text {
        "none" => Ok(true),
        "estimate" | "accurate" => Ok(false),
        _ => Err(Outcome::invalid(
            "_total must be none, estimate or accurate",
        )),
    }
}

/// `Observation:subject`, or with a type at the end.
fn included(kind: &str, text: &str) -> Result<&'static [&'static str], Outcome> {
    let mut parts = text.split(':');
    let parameter = match (parts.next(), parts.next()) {
        (Some(of), Some(name)) if of == kind => parameters(kind)
            .find(|parameter| parameter.name == name && parameter.kind == Kind::Reference),
        _ => None,
    };
    parameter
        .map(|parameter| parameter.members)
        .ok_or_else(|| Outcome::invalid("_include must be the type and one of its references"))
}
