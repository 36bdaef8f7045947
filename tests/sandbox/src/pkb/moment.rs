//! Dates and times in UTC as clients write them, at whatever precision.

/// A year, a month, a day or a second.
const LENGTHS: [usize; 4] = [4, 7, 10, 19];
const PICTURE: &[u8] = b"0000-00-00T00:00:00";

/// The text up to the second and without its zone, if it is a date or a time in UTC. Texts of it are in order of time.
pub fn without_zone(text: &str) -> Option<&str> {
    let (moment, zoned) = match text.strip_suffix('Z').or(text.strip_suffix("+00:00")) {
        Some(moment) => (moment, true),
        None => (text, false),
    };
    let moment = moment.split_once('.').map_or(moment, |(moment, _)| moment);
    let fits = |(byte, picture): (u8, &u8)| match picture {
        b'0' => byte.is_ascii_digit(),
        picture => byte == *picture,
    };
    let is_moment = LENGTHS.contains(&moment.len())
        && moment.bytes().zip(PICTURE).all(fits)
        && in_range(moment, 5, 1..=12)
        && in_range(moment, 8, 1..=31)
        && in_range(moment, 11, 0..=23)
        && in_range(moment, 14, 0..=59)
        && in_range(moment, 17, 0..=59);
    // Only a time has a zone, and it must have one.
    (is_moment && zoned == (moment.len() > 10)).then_some(moment)
}

/// Whether the two digits at this place, if there are any, are of this range.
fn in_range(moment: &str, at: usize, range: std::ops::RangeInclusive<u8>) -> bool {
    moment
        .get(at..at + 2)
        .is_none_or(|digits| digits.parse().is_ok_and(|number| range.contains(&number)))
}
