//! When a redirect URI counts as registered: exactly equal, save the port of a loopback address (RFC 8252 section 7.3).

/// Whether the URI that a client sent is the registered one.
pub fn matches(registered: &str, sent: &str) -> bool {
    registered == sent
        || without_loopback_port(registered)
            .zip(without_loopback_port(sent))
            .is_some_and(|(registered, sent)| registered == sent)
}

/// The URI as (scheme and host, rest), if its host is a loopback one. Works on the text, because a parsed URL is a
/// normalised one and everything but the port is compared exactly.
fn without_loopback_port(uri: &str) -> Option<(&str, &str)> {
    let host_start = uri.find("://")? + 3;
    let host_end = host_start
        + uri[host_start..]
            .find(['/', '?', '#'])
            .unwrap_or(uri.len() - host_start);
    let authority = &uri[host_start..host_end];
    let host = match authority.rsplit_once(':') {
        Some((host, port))
            if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            host
        }
        _ => authority,
    };
    matches!(host, "127.0.0.1" | "localhost" | "[::1]")
        .then(|| (&uri[..host_start + host.len()], &uri[host_end..]))
}
