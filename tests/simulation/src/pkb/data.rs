//! The data in the patients' records, as far as it is told when it last changed: a time that goes back when something is deleted.

use crate::chance::Chance;
use crate::executor::Micros;

/// Where it is asked for.
pub const OPERATION: &str = "$date-of-last-data-point";

/// The records of all patients.
pub struct Data {
    /// Of each: from when on which change was the last; none where nothing is there.
    changes: Vec<Vec<(Micros, Option<u64>)>>,
}

impl Data {
    /// Those of so many patients.
    #[must_use]
    pub fn new(patients: usize) -> Self {
        Self {
            changes: vec![vec![(0, Some(0))]; patients],
        }
    }

    /// Something is added to a patient's record, or deleted from it.
    pub fn change(&mut self, patient: usize, chance: &mut Chance, now: Micros) {
        let changes = &mut self.changes[patient];
        let before = changes.last().and_then(|(_, change)| *change);
        let newest = changes.iter().filter_map(|(_, change)| *change).max();
        let newer = match chance.below(6) {
            0 => before.filter(|before| *before > 0).map(|before| before - 1),
            _ => Some(newest.map_or(0, |newest| newest + 1)),
        };
        changes.push((now, newer));
    }

    /// When a patient's record last changed, in words of the platform.
    pub fn last_change(&self, patient: usize) -> Option<String> {
        let (_, change) = self.changes[patient].last()?;
        change.map(|change| in_words(patient, change))
    }

    /// Whether that was so at any time between two.
    pub fn was(&self, patient: usize, last_change: Option<&str>, from: Micros, to: Micros) -> bool {
        let changes = &self.changes[patient];
        let ends = changes.iter().skip(1).map(|(end, _)| *end);
        let mut said = changes.iter().zip(ends.chain([Micros::MAX]));
        said.any(|((since, change), end)| {
            let words = change.map(|change| in_words(patient, change));
            *since <= to && end >= from && words.as_deref() == last_change
        })
    }
}

fn in_words(patient: usize, change: u64) -> String {
    format!("2026-01-{:02}T00:00:00.{change:06}Z", patient + 1)
}

/// The answer to a patient who asks.
#[must_use]
pub fn answer(last_change: Option<&str>) -> String {
    let part = last_change.map_or_else(String::new, |time| {
        format!(
            r#"{{"name":"lastDataPointsResult","part":[{{"name":"lastRecordUpdate","valueInstant":"{time}"}}]}}"#
        )
    });
    format!(r#"{{"resourceType":"Parameters","parameter":[{part}]}}"#)
}
