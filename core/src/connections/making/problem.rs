//! Why an attempt does not come to a connection, as far as the platform has no part in it.

/// Why an attempt does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttemptProblem {
    /// There is none with this state.
    Unknown,
    /// Another user asked for it.
    Mismatch,
    /// The person came back too late.
    Late,
    /// Its tokens have expired before a connection was made of them.
    TokensExpired,
    /// The platform does not accept the code.
    CodeRefused,
    /// It was interrupted or refused before.
    Failed,
    /// The connection that it led to has been removed since.
    Removed,
}

/// Which of an app user and a public id is connected already, to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conflict {
    AppUser,
    PublicId,
}
