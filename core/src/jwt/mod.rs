//! JSON Web Tokens: those that this SDK signs, and those of the platform, which it verifies.

pub(crate) mod jwks;
pub(crate) mod sign;
pub(crate) mod verify;
