//! When a redirect URI counts as registered with Patients Know Best: if it is one that is, or one with more query
//! parameters.

use crate::redirect_uri;

/// Whether the URI that a client sent goes back to the registered one.
pub fn extends(registered: &str, sent: &str) -> bool {
    let separator = if registered.contains('?') { '&' } else { '?' };
    let begins = |(end, _)| redirect_uri::matches(registered, &sent[..end]);
    // A fragment would swallow the parameters of the answer (RFC 6749 section 3.1.2).
    !sent.contains('#')
        && (redirect_uri::matches(registered, sent) || sent.match_indices(separator).any(begins))
}
