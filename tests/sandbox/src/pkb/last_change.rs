//! When a patient's data last changed, which one operation tells, and a test may set.

use std::collections::HashMap;

use crate::pkb::people::Person;
use crate::pkb::state::Memory;
use crate::pkb::subject::Subject;
use crate::pkb::upstream::{Fate, origin_of};

/// Where the fourth digit of a second is in `2026-06-30T20:30:00.2112Z`.
const FOURTH_DIGIT: usize = 23;

/// What tests have set, by public id.
#[derive(Default)]
pub struct LastChanges {
    set: HashMap<&'static str, Set>,
}

/// A time that holds until the data changes.
struct Set {
    time: Option<String>,
    /// When it had changed before.
    before: Option<String>,
}

/// Says when a patient's data last changed, and `None` that there is none.
pub fn set(memory: &mut Memory, person: &'static Person, time: Option<String>) {
    let before = of_data(memory, person);
    let set = Set { time, before };
    memory.last_changes.set.insert(person.public_id, set);
}

/// With four digits of a second, as the documentation prints it.
pub fn last_change(memory: &Memory, person: &'static Person) -> Option<String> {
    let of_data = of_data(memory, person);
    match memory.last_changes.set.get(person.public_id) {
        Some(set) if set.before == of_data => set.time.clone(),
        _ => of_data,
    }
}

/// Of what the patient has measured, and of what has come by Customer. Demographics do not count.
fn of_data(memory: &Memory, person: &'static Person) -> Option<String> {
    let measurements = memory.measurements.of(person);
    let entered = measurements
        .iter()
        .map(|measurement| &measurement.reading.entered_at);
    let measured = entered.max().map(|last| last.replace("+00:00", ".2112Z"));
    let subject = Subject::Person(person);
    let data = memory.upstream.all().iter();
    let by_customer = data
        .filter(|stored| stored.resource.kind != "Patient")
        .filter(|stored| {
            let origin = origin_of(memory, &stored.resource);
            origin.fate == Fate::Aggregated && origin.subject.as_ref() == Some(&subject)
        })
        .map(|stored| {
            let (second, number) = stored.last_updated.split_at(FOURTH_DIGIT);
            format!("{second}{}", &number[number.len() - 2..])
        });
    by_customer.chain(measured).max()
}
