//! Raw primitives of aws-lc-rs, each with the one set of parameters that the platform uses.

pub(super) mod aes_cbc;
pub(super) mod rsa_oaep;
pub(super) mod rsa_pss;
