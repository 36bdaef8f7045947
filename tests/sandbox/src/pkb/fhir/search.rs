//! What a search for Observations asks for, and how the link to its next page keeps it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use crate::pkb::date_bound::DateBound;
use crate::pkb::fhir::Outcome;
use crate::pkb::measurements::{Category, Measurement};

/// The parameter of an address that is a next page's.
pub const PAGE: &str = "_page";

const DEFAULT_COUNT: usize = 20;
const LARGEST_COUNT: usize = 100;

#[derive(Serialize, Deserialize)]
pub struct Search {
    /// A public id.
    pub patient: String,
    categories: Vec<String>,
    dates: Vec<DateBound>,
    /// How many a page has.
    pub count: usize,
    /// The index of the first measurement that the page may have.
    pub from: usize,
}

impl Search {
    /// Reads the parameters of a first page, or the one of a next page.
    pub fn parse(query: &str) -> Result<Self, Outcome> {
        let mut patient = None;
        let mut categories = None;
        let mut dates = Vec::new();
        let mut count = DEFAULT_COUNT;
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                PAGE => return Self::of_page(&value),
                "patient" => patient = Some(public_id(&value)),
                "category" => categories = Some(categories_of(&value)?),
                "date" => dates.push(DateBound::parse(&value)?),
                "_count" => count = count_of(&value)?,
                "_format" => {}
                _ => return Err(Outcome::invalid("Observations are not searched by this")),
            }
        }
        Ok(Self {
            patient: patient.ok_or_else(|| Outcome::required("patient is missing"))?,
            categories: categories.ok_or_else(|| Outcome::required("category is missing"))?,
            dates,
            count,
            from: 0,
        })
    }

    /// The next page's parameter.
    pub fn page(&self) -> serde_json::Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(self)?))
    }

    fn of_page(page: &str) -> Result<Self, Outcome> {
        let json = URL_SAFE_NO_PAD.decode(page).unwrap_or_default();
        serde_json::from_slice(&json).map_err(|_| Outcome::invalid("There is no such page"))
    }

    pub fn means(&self, measurement: &Measurement) -> bool {
        let reading = &measurement.reading;
        let category = reading.kind.category.code();
        self.categories.iter().any(|wanted| wanted == category)
            && self
                .dates
                .iter()
                .all(|bound| bound.admits(&reading.taken_at))
    }
}

pub fn public_id(text: &str) -> String {
    text.strip_prefix("Patient/").unwrap_or(text).to_owned()
}

/// A list of codes, each with or without the system of categories.
fn categories_of(text: &str) -> Result<Vec<String>, Outcome> {
    let code = |token: &str| match token.split_once('|') {
        None => Some(token.to_owned()),
        Some((Category::SYSTEM, code)) => Some(code.to_owned()),
        Some(_) => None,
    };
    text.split(',')
        .map(code)
        .collect::<Option<_>>()
        .ok_or_else(|| Outcome::invalid("category is of another system"))
}

fn count_of(text: &str) -> Result<usize, Outcome> {
    match text.parse() {
        Ok(count @ 1..) => Ok(LARGEST_COUNT.min(count)),
        _ => Err(Outcome::invalid("_count must be a number from 1 on")),
    }
}
