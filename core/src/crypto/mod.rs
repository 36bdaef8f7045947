//! Keys and their uses. Primitives stay in `hazmat`, which nothing outside this folder can reach.

mod hazmat;
mod pem;
pub(crate) mod pkce;
mod private_key;

pub(crate) use private_key::PrivateKey;
