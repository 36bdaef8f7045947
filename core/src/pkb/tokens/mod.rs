//! The tokens of PKB: what its endpoints are asked for, those of the System Client, and who is told.

pub(super) mod hooks;
pub(super) mod system_token;
pub(super) mod token_endpoint;
