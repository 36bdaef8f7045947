//! Raw primitives of aws-lc-rs, each with the one set of parameters that this SDK uses.

pub(super) mod aes_cbc;
pub(super) mod aes_gcm;
pub(super) mod rsa_oaep;
pub(super) mod rsa_pss;
