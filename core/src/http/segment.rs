//! What may stand as one segment of a path, and how it is written there.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

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
