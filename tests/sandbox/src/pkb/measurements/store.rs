//! Every patient's measurements, in the order in which they were entered.

use std::collections::HashMap;
use std::sync::Arc;

use crate::pkb::measurements::kinds::Kind;
use crate::pkb::measurements::series;
use crate::pkb::people::{PEOPLE, Person};

/// What a patient has found out.
#[derive(Clone)]
pub struct Reading {
    pub kind: &'static Kind,
    /// A number for each part of the kind.
    pub values: Vec<f64>,
    /// When it was measured, and when it was entered.
    pub taken_at: String,
    pub entered_at: String,
}

/// The same as it is kept.
#[derive(Clone)]
pub struct Measurement {
    /// A UUID that is the same in every sandbox.
    pub id: String,
    pub reading: Reading,
}

/// The lists are shared with whoever reads one, so that nobody waits for a reader.
pub struct Measurements {
    by_rest_id: HashMap<u32, Arc<Vec<Measurement>>>,
}

impl Measurements {
    /// What there is before anybody writes.
    pub fn seeded() -> Self {
        let mut measurements = Self {
            by_rest_id: HashMap::new(),
        };
        for person in &PEOPLE {
            for reading in person.patient().map(series::readings).unwrap_or_default() {
                measurements.add(person, reading);
            }
        }
        measurements
    }

    pub fn of(&self, person: &Person) -> Arc<Vec<Measurement>> {
        self.by_rest_id
            .get(&person.rest_id)
            .map(Arc::clone)
            .unwrap_or_default()
    }

    pub fn add(&mut self, person: &Person, reading: Reading) -> Measurement {
        let list = Arc::make_mut(self.by_rest_id.entry(person.rest_id).or_default());
        let measurement = Measurement {
            id: format!("{:08x}-0000-4000-8000-{:012x}", person.rest_id, list.len()),
            reading,
        };
        list.push(measurement.clone());
        measurement
    }
}
