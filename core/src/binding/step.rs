//! What the two sides of a conversation say to each other.

use super::Value;

/// What the caller has to do next.
#[derive(Debug)]
pub enum Step {
    /// The call succeeded with this result. There is no further step.
    Done(Value),
    /// The call failed; the error as data: `class`, `name`, `message`, `code` and the fields of that class. There is no further step.
    Failed(Value),
    /// Read the next chunk of the stream at this path of the options: answer with bytes, or null at its end.
    Read {
        /// Where the stream stands in the options.
        path: String,
    },
    /// Read a piece of the bytes that are kept at this path of the options, from there on: answer with a copy of as many as are pleasant to
    /// hand over, at least one. Bytes that are not there any more are a failure.
    ReadKept {
        /// Where the bytes stand in the options.
        path: String,
        /// How many bytes come before the piece.
        from: u64,
    },
    /// Call the function at this path of the options, and answer with what it returned.
    Invoke {
        /// Where the function stands in the options, or `config.` and where it stands in the configuration.
        path: String,
        /// The function's one argument.
        argument: Value,
    },
    /// The call was closed before it ended.
    Closed,
}

/// The caller's answer to the step before.
#[derive(Debug)]
pub enum Reply {
    /// What was read, or what the function returned.
    Value(Value),
    /// The stream or the function failed. The caller keeps what it failed with: the field `host` of the last step says whose it was.
    Failed,
}
