//! What a fitness tracker has counted, in digi.me's own form.

use serde_json::{Value, json};

use crate::calendar::{date, milliseconds};
use crate::clock::HOUR_MS;
use crate::compression::Compression;
use crate::library::document::{Document, Schema};

pub const DOCUMENTS: &[Document] = &[
    Document {
        object_type: "Fitness Activity Summary",
        schema: Schema::DIGI_ME,
        count: 730,
        compression: Some(Compression::Brotli),
        object: activity_summary,
    },
    Document {
        object_type: "Fitness Activity",
        schema: Schema::DIGI_ME,
        count: 120,
        compression: Some(Compression::Gzip),
        object: activity,
    },
    Document {
        object_type: "Fitness Sleep",
        schema: Schema::DIGI_ME,
        count: 60,
        compression: None,
        object: sleep,
    },
];

/// A day.
fn activity_summary(number: usize) -> Value {
    let steps = 4_000 + number * 37 % 9_000;
    json!({
        "entityid": format!("40_summary_{number}"),
        "createddate": milliseconds(number),
        "startdate": date(number),
        "steps": steps,
        "distances": [{ "activity": "total", "distance": steps * 7 / 10, "unit": "m" }],
        "calories": 1_500 + steps / 25,
        "floors": number % 14,
        "restingheartrate": 56 + number % 9,
        "veryactiveminutes": steps / 300,
        "sedentaryminutes": 900 - steps / 30,
    })
}

fn activity(number: usize) -> Value {
    let (kind, name) = [(90009, "Run"), (90013, "Walk"), (1071, "Bike")][number % 3];
    let duration = 1_800_000 + number % 7 * 300_000;
    json!({
        "entityid": format!("40_activity_{number}"),
        "createddate": milliseconds(number * 6) + 18 * HOUR_MS,
        "activitytypeid": kind,
        "activityname": name,
        "duration": duration,
        "activeduration": duration - 60_000,
        "distance": duration / 400,
        "calories": duration / 9_000,
        "averageheartrate": 118 + number % 30,
        "steps": duration / 500,
    })
}

fn sleep(number: usize) -> Value {
    let minutes = 400 + number * 13 % 90;
    json!({
        "entityid": format!("40_sleep_{number}"),
        "createddate": milliseconds(number) + 7 * HOUR_MS,
        "startdate": date(number + 1),
        "enddate": date(number),
        "minutesasleep": minutes,
        "minutesawake": 12 + number % 25,
        "efficiency": 86 + number % 11,
        "stages": { "deep": minutes / 5, "light": minutes * 11 / 20, "rem": minutes / 4 },
    })
}
