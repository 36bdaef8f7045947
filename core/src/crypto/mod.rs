//! Keys and their uses. Primitives stay in `hazmat`, which nothing outside this folder can reach.

pub(crate) mod buffer;
pub(crate) mod digest;
pub(crate) mod envelope;
#[cfg(digime_sdk_fuzzing)]
mod fuzzing;
mod hazmat;
mod pem;
pub(crate) mod pkce;
mod private_key;
mod sealing_key;

pub(crate) use private_key::PrivateKey;
pub(crate) use sealing_key::SealingKey;
