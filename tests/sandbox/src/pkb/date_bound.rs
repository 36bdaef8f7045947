//! A date that a search compares with, as exact as it was sent.

use serde::{Deserialize, Serialize};

use crate::pkb::fhir::Outcome;
use crate::pkb::moment;

#[derive(Serialize, Deserialize)]
pub struct DateBound {
    prefix: Prefix,
    /// Without zone.
    date: String,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum Prefix {
    Eq,
    Ge,
    Gt,
    Le,
    Lt,
}

impl DateBound {
    pub fn parse(text: &str) -> Result<Self, Outcome> {
        let (prefix, date) = match text.split_at_checked(2) {
            Some(("eq", date)) => (Prefix::Eq, date),
            Some(("ge", date)) => (Prefix::Ge, date),
            Some(("gt", date)) => (Prefix::Gt, date),
            Some(("le", date)) => (Prefix::Le, date),
            Some(("lt", date)) => (Prefix::Lt, date),
            _ => (Prefix::Eq, text),
        };
        let date = moment::without_zone(date).ok_or_else(|| {
            Outcome::invalid(
                "A date must be eq, ge, gt, le or lt and a date, a time of which is in UTC",
            )
        })?;
        Ok(Self {
            prefix,
            date: date.to_owned(),
        })
    }

    /// Compares only as exactly as the bound was given: a day is all of it.
    pub fn admits(&self, time: &str) -> bool {
        self.admits_period(Some(time), Some(time))
    }

    /// The same of a time that begins and ends, or has no beginning or end.
    pub fn admits_period(&self, start: Option<&str>, end: Option<&str>) -> bool {
        let date = self.date.as_str();
        let as_exact = |time| str::get(time, ..date.len()).unwrap_or(time);
        let (start, end) = (start.map(as_exact), end.map(as_exact));
        match self.prefix {
            Prefix::Eq => {
                start.is_none_or(|start| start <= date) && end.is_none_or(|end| end >= date)
            }
            Prefix::Ge => end.is_none_or(|end| end >= date),
            Prefix::Gt => end.is_none_or(|end| end > date),
            Prefix::Le => start.is_none_or(|start| start <= date),
            Prefix::Lt => start.is_none_or(|start| start < date),
        }
    }
}
