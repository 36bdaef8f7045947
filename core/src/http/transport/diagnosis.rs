//! What the HTTP client's errors mean: why there is no answer, and how much was sent.

use std::error::Error as StdError;
use std::io::ErrorKind as Io;
use std::time::Duration;

use rustls::CertificateError as Refused;

use super::connecting::TooSlow;
use super::connector::AtProxy;
use super::{NetworkCause, Phase, Sent, TransportFailure};

type Link<'a> = &'a (dyn StdError + 'static);

/// Why a request was not answered.
pub(super) fn of_request(
    error: &hyper_util::client::legacy::Error,
    connect: Duration,
) -> TransportFailure {
    failure(error, error.is_connect(), connect)
}

/// Why an answer breaks off.
pub(super) fn of_answer(error: &hyper::Error) -> TransportFailure {
    failure(error, false, Duration::ZERO)
}

/// What a proxy says that wants to know who sends.
pub(super) fn wants_a_password() -> TransportFailure {
    TransportFailure::Network {
        cause: NetworkCause::Protocol,
        message: at_proxy("it asks for a name and a password (407)"),
        sent: Sent::Nothing,
    }
}

fn at_proxy(words: &str) -> String {
    format!("the proxy gives no connection: {words}")
}

fn failure(error: Link<'_>, is_connect: bool, connect: Duration) -> TransportFailure {
    // Before there is a connection nothing is sent: names, TCP, TLS with its certificates, and what a proxy says to the wish for a tunnel.
    let sent = if is_connect || was_refused_unread(error) {
        Sent::Nothing
    } else {
        Sent::Maybe
    };
    if chain(error).any(<dyn StdError>::is::<TooSlow>) {
        return TransportFailure::Timeout {
            phase: Phase::Connect,
            after: connect,
            sent,
        };
    }
    TransportFailure::Network {
        cause: cause(error, is_connect),
        message: message(error),
        sent,
    }
}

/// Whether an HTTP/2 server says that it has not looked at the request (RFC 9113 sections 6.8 and 8.7).
fn was_refused_unread(error: Link<'_>) -> bool {
    let error = chain(error).find_map(|link| link.downcast_ref::<h2::Error>());
    error.is_some_and(|error| {
        let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
        let leaves = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
        error.is_remote() && (refused || leaves)
    })
}

fn chain(error: Link<'_>) -> impl Iterator<Item = Link<'_>> {
    std::iter::successors(Some(error), |error: &Link<'_>| {
        let error: Link<'_> = *error;
        // What an `io::Error` wraps is not its source, but that one's.
        match error.downcast_ref::<std::io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as Link<'_>),
            None => error.source(),
        }
    })
}

/// The last link of the chain says what happened.
fn message(error: Link<'_>) -> String {
    let words = chain(error).last().map(ToString::to_string);
    let words = match words {
        // As `openssl req -x509` makes them where nothing is said.
        Some(words) if words.contains("CaUsedAsEndEntity") => {
            "the server's certificate is made for an authority (basicConstraints CA:TRUE), not for a server"
                .to_owned()
        }
        Some(words) => words,
        None => "the request cannot be sent".to_owned(),
    };
    if chain(error).any(<dyn StdError>::is::<AtProxy>) {
        return at_proxy(&words);
    }
    words
}

fn io(error: Link<'_>) -> Option<Io> {
    chain(error).find_map(|link| {
        link.downcast_ref::<std::io::Error>()
            .map(std::io::Error::kind)
    })
}

/// Whether a proxy hung up or said no when it was asked for a way to the server, without a word on who asks. The error has no type that can be named.
fn gives_no_tunnel(error: Link<'_>) -> bool {
    let words = error.to_string();
    let said = words.strip_prefix("tunnel error: ");
    said.is_some_and(|said| ["unsuccessful", "unexpected end of file"].contains(&said))
}

fn cause(error: Link<'_>, is_connect: bool) -> NetworkCause {
    let tls = chain(error).find_map(|link| link.downcast_ref::<rustls::Error>());
    match tls {
        Some(rustls::Error::InvalidCertificate(
            Refused::Expired | Refused::ExpiredContext { .. },
        )) => {
            return NetworkCause::CertificateExpired;
        }
        Some(rustls::Error::InvalidCertificate(
            Refused::NotValidForName | Refused::NotValidForNameContext { .. },
        )) => return NetworkCause::CertificateName,
        Some(rustls::Error::InvalidCertificate(_)) => return NetworkCause::CertificateUntrusted,
        Some(_) => return NetworkCause::Protocol,
        None => {}
    }
    if was_refused_unread(error) {
        return NetworkCause::Unprocessed;
    }
    // HTTP/2 that is asked whether there is still somebody, and says nothing.
    let is_dead = |link: Link<'_>| link.downcast_ref().is_some_and(hyper::Error::is_timeout);
    match io(error) {
        Some(Io::ConnectionRefused) => NetworkCause::ConnectionRefused,
        Some(Io::ConnectionReset | Io::ConnectionAborted | Io::UnexpectedEof) => {
            NetworkCause::ConnectionReset
        }
        Some(Io::BrokenPipe) => NetworkCause::BrokenPipe,
        Some(Io::TimedOut) => NetworkCause::TimedOut,
        Some(Io::AddrInUse | Io::AddrNotAvailable) => NetworkCause::AddressInUse,
        Some(Io::NetworkUnreachable | Io::HostUnreachable) => NetworkCause::NetworkUnreachable,
        _ if chain(error).any(|link| link.to_string().contains("dns error")) => {
            NetworkCause::NotFound
        }
        // A proxy that starts anew, or does not reach the server itself.
        _ if chain(error).any(gives_no_tunnel) => NetworkCause::ConnectionReset,
        _ if is_connect => NetworkCause::Protocol,
        _ if chain(error).any(is_dead) => NetworkCause::TimedOut,
        // The server closed the connection before it answered, or in the middle of its answer.
        _ => NetworkCause::ConnectionReset,
    }
}
