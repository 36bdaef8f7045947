//! What can go wrong before a replay can judge anything.

use std::io;
use std::path::PathBuf;

/// A scenario, a test key or a loopback socket that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// A file or folder of scenarios cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// Why it could not be.
        source: io::Error,
    },
    /// A file does not have the form that the README describes.
    #[error("{} is not a scenario: {source}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and where.
        source: serde_json::Error,
    },
    /// The id inside a file and the place of the file disagree.
    #[error("{} calls itself `{id}`; the id must be the end of its path, without `.json`", path.display())]
    Misplaced {
        /// The file.
        path: PathBuf,
        /// What it calls itself.
        id: String,
    },
    /// A folder without scenarios would pass without having tested anything.
    #[error("there is no scenario in {}", _0.display())]
    NoScenarios(PathBuf),
    /// A mark cannot be replaced by what it stands for.
    #[error("a mark of scenario {scenario} cannot be used: {reason}")]
    Mark {
        /// The scenario.
        scenario: String,
        /// What is wrong with the mark.
        reason: String,
    },
    /// An answer that the platform is to give cannot be sent.
    #[error("http[{index}].response of scenario {scenario} cannot be sent: {reason}")]
    Answer {
        /// The scenario.
        scenario: String,
        /// The position of the exchange.
        index: usize,
        /// What is wrong with the answer.
        reason: String,
    },
    /// No loopback port could be had.
    #[error("cannot listen on 127.0.0.1: {0}")]
    Listen(#[from] io::Error),
}
