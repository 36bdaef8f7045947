//! What may stand as one segment of a path, and how it is written there.

use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_decode_str, utf8_percent_encode,
};

/// What RFC 3986 section 2.3 calls unreserved.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Whether a value can be a segment: dots mean other folders, and are that even when they are percent-encoded.
pub(crate) fn can_be_segment(value: &str) -> bool {
    !matches!(value, "" | "." | "..")
}

/// The value as a segment.
pub(crate) fn segment(value: &str) -> PercentEncode<'_> {
    utf8_percent_encode(value, UNRESERVED)
}

/// Whether a path of several segments goes where it says: none of them means another folder, whoever on the way decodes it first, and nothing in it
/// is read as something else, as backslashes are (they part segments) and control characters (tabs and line ends are left out).
pub(crate) fn goes_straight(path: &str) -> bool {
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let means_another = |segment: &str| {
        let decoded = percent_decode_str(segment).collect::<Vec<_>>();
        let mut parts = decoded.split(|byte| matches!(byte, b'/' | b'\\'));
        parts.any(|part| matches!(part, b"." | b".."))
    };
    !path.contains(|letter: char| letter == '\\' || letter.is_control())
        && !path[..end].split('/').any(means_another)
}
