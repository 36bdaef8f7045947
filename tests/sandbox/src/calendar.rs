//! Days and times as ISO 8601 writes them. What the sandbox knows of people ends on a fixed day, so that every sandbox
//! tells the same.

use crate::clock::DAY_MS;

/// 30 June 2026, in days since the Unix epoch.
const LAST_DAY: u64 = 20_634;

/// So many days before the last one, in milliseconds since the Unix epoch.
pub fn milliseconds(days_before: usize) -> u64 {
    day(days_before) * DAY_MS
}

/// So many days before the last one.
pub fn date(days_before: usize) -> String {
    written(day(days_before))
}

/// A time in milliseconds since the Unix epoch, to the second.
pub fn instant(milliseconds: u64) -> String {
    let seconds = milliseconds % DAY_MS / 1000;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    let date = written(milliseconds / DAY_MS);
    format!("{date}T{hours:02}:{minutes:02}:{:02}+00:00", seconds % 60)
}

/// The same to the microsecond, of which the last three digits are those of a number: two that are written in one millisecond differ.
pub fn precise(milliseconds: u64, number: u64) -> String {
    let whole = instant(milliseconds);
    let fraction = format!("{:03}{:03}", milliseconds % 1000, number % 1000);
    whole.replace("+00:00", &format!(".{fraction}Z"))
}

/// A day, counted from the Unix epoch.
fn written(day: u64) -> String {
    // Howard Hinnant's algorithm: years of 365.2425 days that begin in March, so that leap days come last.
    let shifted = day + 719_468;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = shifted / 146_097 * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day_of_month:02}")
}

fn day(days_before: usize) -> u64 {
    LAST_DAY.saturating_sub(u64::try_from(days_before).unwrap_or(u64::MAX))
}
