//! `Retry-After`: seconds, and dates in the three forms of HTTP, come to the time that they say; anything else is no time.

use std::sync::Arc;
use std::time::Duration;

use digime_sdk::NonEmptyString;
use digime_sdk::connections::MemoryStore;
use digime_sdk::digime::RetryOptions;
use digime_sdk::pkb::{Client, FhirReadOptions};

use crate::discretion;
use crate::pkb::{self, SECRETS};
use crate::script::Answer;
use crate::stage::{BEGIN, Stage};

/// The end of the year 9999.
const LAST: u64 = 253_402_300_800;
const DAY: u64 = 24 * 60 * 60;
/// What seconds beyond a century are cut to.
const MOST: u64 = u32::MAX as u64;

/// The input: which form, and a number, or the header as it is.
pub fn run(input: &[u8]) {
    let Some((form, rest)) = input.split_first() else {
        return;
    };
    let mut number = [0; 8];
    let length = rest.len().min(8);
    number[..length].copy_from_slice(&rest[..length]);
    let number = u64::from_le_bytes(number);
    let time = number % LAST;
    let until = Some(Duration::from_secs(time.saturating_sub(BEGIN)));
    match form % 5 {
        0 => {
            let bounded = |after: Duration| after.as_secs() <= LAST;
            assert!(told(rest).is_none_or(bounded));
        }
        1 => {
            let expected = Duration::from_secs(number.min(MOST));
            assert_eq!(told(number.to_string().as_bytes()), Some(expected));
        }
        2 => assert_eq!(told(imf(time).as_bytes()), until, "{}", imf(time)),
        3 => assert_eq!(told(asctime(time).as_bytes()), until, "{}", asctime(time)),
        // Two digits of a year are of the last century or of this one.
        _ => {
            let time = time % (50 * 365 * DAY);
            let until = Some(Duration::from_secs(time.saturating_sub(BEGIN)));
            assert_eq!(told(rfc850(time).as_bytes()), until, "{}", rfc850(time));
        }
    }
}

/// What an error says of when a request may be made again.
fn told(header: &[u8]) -> Option<Duration> {
    let token = pkb::tokens("system", 3600);
    let stage = Stage::new([token, Answer::of(503, "").with("retry-after", header)]);
    let mut config = pkb::config(Arc::new(MemoryStore::default()));
    config.retry_options = Some(RetryOptions {
        limit: Some(0),
        ..RetryOptions::default()
    });
    let client = Client::in_world(config, stage.world()).unwrap();
    let options = FhirReadOptions::builder()
        .org_public_id("organisation".parse::<NonEmptyString>().unwrap())
        .resource_type("Patient".parse::<NonEmptyString>().unwrap())
        .id("1".parse::<NonEmptyString>().unwrap())
        .build();
    let error = stage.run(client.fhir_read(options)).unwrap_err();
    discretion::check(&error, &SECRETS);
    error.retry_after()
}

/// Year, month, day; and the day of the week (Howard Hinnant's algorithm).
fn civil(time: u64) -> (u64, usize, u64, usize) {
    let days = time / DAY;
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 2
    } else {
        from_march - 10
    };
    let year = year_of_era + era * 400 + u64::from(month < 2);
    let weekday = usize::try_from((days + 4) % 7).unwrap();
    (year, usize::try_from(month).unwrap(), day, weekday)
}

const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn clock(time: u64) -> String {
    let (hours, minutes, seconds) = (time / 3600 % 24, time / 60 % 60, time % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}")
}

fn imf(time: u64) -> String {
    let (year, month, day, weekday) = civil(time);
    let (weekday, month, clock) = (&DAYS[weekday][..3], MONTHS[month], clock(time));
    format!("{weekday}, {day:02} {month} {year:04} {clock} GMT")
}

fn rfc850(time: u64) -> String {
    let (year, month, day, weekday) = civil(time);
    let (weekday, month, clock) = (DAYS[weekday], MONTHS[month], clock(time));
    format!("{weekday}, {day:02}-{month}-{:02} {clock} GMT", year % 100)
}

fn asctime(time: u64) -> String {
    let (year, month, day, weekday) = civil(time);
    let (weekday, month, clock) = (&DAYS[weekday][..3], MONTHS[month], clock(time));
    format!("{weekday} {month} {day:>2} {clock} {year:04}")
}
