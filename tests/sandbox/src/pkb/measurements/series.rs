//! What the patients have measured before the sandbox starts: vital signs every week, blood sugar every quarter.

use crate::calendar::date;
use crate::pkb::measurements::Reading;
use crate::pkb::measurements::kinds::{BLOOD_PRESSURE, HBA1C, HEART_RATE, Kind, WEIGHT};
use crate::pkb::people::Patient;

const WEEKS_IN_QUARTER: usize = 13;

/// All that a patient measured, the oldest first.
pub fn readings(patient: &Patient) -> Vec<Reading> {
    (0..patient.weeks)
        .rev()
        .flat_map(|weeks_before| week(patient, weeks_before))
        .collect()
}

/// The numbers go up and down, and slowly down over all, so that a chart of them looks like one of a person.
fn week(patient: &Patient, weeks_before: usize) -> Vec<Reading> {
    let trend = f64::from(u32::try_from(weeks_before).unwrap_or(u32::MAX));
    let wave = |amplitude: f64, weeks: f64| (trend / weeks).sin() * amplitude;
    let at = |time: &str, kind: &'static Kind, values: &[f64]| {
        let day = date(weeks_before * 7);
        Reading {
            kind,
            values: values.to_vec(),
            taken_at: format!("{day}T{time}:00+00:00"),
            entered_at: format!("{day}T20:30:00+00:00"),
        }
    };
    let weight = f64::from(patient.weight_kg) + trend * 0.1 + wave(0.8, 1.3);
    let (systolic, diastolic) = (
        124.0 + trend * 0.3 + wave(6.0, 1.7),
        78.0 + trend * 0.2 + wave(4.0, 2.1),
    );
    let mut readings = vec![
        at("07:30", &WEIGHT, &[(weight * 10.0).round() / 10.0]),
        at(
            "07:40",
            &BLOOD_PRESSURE,
            &[systolic.round(), diastolic.round()],
        ),
        at("07:41", &HEART_RATE, &[(68.0 + wave(7.0, 1.1)).round()]),
    ];
    if weeks_before.is_multiple_of(WEEKS_IN_QUARTER) {
        readings.push(at("09:00", &HBA1C, &[(39.0 + trend * 0.1).round()]));
    }
    readings
}
