//! The user: the contract that they consented to, their tokens, and how requests are made for them.

mod acting;
mod authorized;
mod contract;
mod parsed_keys;
mod signing;
mod token_endpoint;
mod token_hook;
mod tokens;
mod user_access_token;

pub use contract::ContractDetails;
pub use token_hook::TokenHook;
pub use user_access_token::{Beside, Token, User, UserAccessToken};

pub(crate) use acting::Acting;
pub(crate) use authorized::Authorized;
pub(crate) use contract::Contract;
pub(super) use parsed_keys::ParsedKeys;
pub(super) use token_endpoint::{no_token, tokens_in_time};
pub(super) use tokens::Tokens;
