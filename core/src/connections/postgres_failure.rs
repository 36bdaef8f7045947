//! What goes wrong with PostgreSQL, in words. What the server and the driver say may hold values of a row or parts of the address.

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::CertificateError;
use tokio_postgres::error::SqlState;

use super::StoreFailure;

/// Why a statement has no answer.
pub(super) struct Failure {
    what: String,
    code: Option<SqlState>,
    is_of_the_connection: bool,
}

impl Failure {
    fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            code: None,
            is_of_the_connection: false,
        }
    }

    /// Whether the database itself says so, over a connection that is well.
    pub(super) fn is_of_the_database(&self) -> bool {
        self.code.is_some()
    }

    /// Whether it broke, or gave no answer to a statement.
    pub(super) fn is_of_the_connection(&self) -> bool {
        self.is_of_the_connection
    }

    pub(super) fn is_unique_violation(&self) -> bool {
        self.code.as_ref() == Some(&SqlState::UNIQUE_VIOLATION)
    }
}

impl From<Failure> for StoreFailure {
    fn from(failure: Failure) -> Self {
        Self::new(failure.what)
    }
}

/// All connections are in use.
pub(super) fn no_connection(patience: Duration) -> Failure {
    Failure::new(format!(
        "the database gave no connection within {} milliseconds",
        patience.as_millis()
    ))
}

/// There was no answer in time.
pub(super) fn no_time(patience: Duration) -> Failure {
    Failure {
        is_of_the_connection: true,
        ..Failure::new(format!(
            "the database gave no answer within {} milliseconds",
            patience.as_millis()
        ))
    }
}

/// Nobody took the connection in time.
pub(super) fn not_connected(patience: Duration) -> Failure {
    Failure {
        is_of_the_connection: false,
        ..no_time(patience)
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::from(&error)
    }
}

impl From<&tokio_postgres::Error> for Failure {
    fn from(error: &tokio_postgres::Error) -> Self {
        if let Some(code) = error.code() {
            let what = match in_words(code) {
                Some(words) => format!("{words} (the database's code {})", code.code()),
                None => format!("the database reports error {}", code.code()),
            };
            return Self {
                code: Some(code.clone()),
                ..Self::new(what)
            };
        }
        let causes = || std::iter::successors(error.source(), |cause| inner(*cause));
        if let Some(tls) = causes().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
            return Self::new(of_tls(tls));
        }
        let io = causes().find_map(|cause| cause.downcast_ref::<io::Error>());
        if io.is_some() || error.is_closed() {
            let kind = io.map_or(io::ErrorKind::ConnectionReset, io::Error::kind);
            let what = match kind {
                io::ErrorKind::PermissionDenied => {
                    "no host of the database is what target_session_attrs asks for".to_owned()
                }
                kind if kind.to_string() == "uncategorized error" => {
                    "the database's host cannot be found".to_owned()
                }
                kind => format!("the database cannot be reached ({kind})"),
            };
            return Self {
                is_of_the_connection: true,
                ..Self::new(what)
            };
        }
        let said = error.to_string();
        Self::new(if said.starts_with("error performing TLS handshake") {
            "the database offers no TLS, which sslmode asks for"
        } else if said.starts_with("error deserializing column") {
            "a column has another type than the schema says"
        } else if said.starts_with("authentication error")
            || said.starts_with("invalid configuration")
        {
            "the database asks for what the address does not have: see its user, password and host"
        } else {
            "the database cannot be used"
        })
    }
}

fn inner<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    // What an `io::Error` wraps is not its source, but that one's.
    match cause.downcast_ref::<io::Error>() {
        Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => cause.source(),
    }
}

fn of_tls(error: &rustls::Error) -> &'static str {
    let rustls::Error::InvalidCertificate(error) = error else {
        return "no TLS can be agreed on with the database";
    };
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the database's certificate has expired"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the database's certificate is another host's than the address names"
        }
        CertificateError::UnknownIssuer => {
            "the database's certificate is of no authority that is trusted: give the file of its authority as sslrootcert"
        }
        _ => "the database's certificate was not accepted",
    }
}

fn in_words(code: &SqlState) -> Option<&'static str> {
    let code = code.code();
    Some(match code {
        "28P01" | "28000" => "the database refuses the user or the password",
        "3D000" => "there is no such database",
        "42501" => "the database's role may not do this: docs/pkb.md has the GRANTs that it needs",
        "25006" => "the database takes no writes: it is a standby or read only",
        "53100" => "the database's disk is full",
        "53300" => "the database takes no more connections",
        "55P03" => "the database gave up waiting for a lock",
        "57014" => "the database ended the statement: its time was over",
        "08P01" => "the pooler before the database cannot reach it, or does not take what was sent",
        "54000" => "an id is longer than the database takes",
        "57P01" | "57P02" | "57P03" => "the database is starting or shutting down",
        "42P01" | "42703" => "the database has not the tables of this version of the SDK",
        "40001" | "40P01" => "the database gave up on a conflict with another transaction",
        _ => return None,
    })
}
