//! The digi.me platform, offline: the module map.

mod addresses;
mod announcement;
mod api;
mod clock;
mod config;
mod contract;
mod control;
mod drain;
mod error;
mod fhir;
mod jwt;
mod keys;
mod pages;
mod pkce;
mod random;
mod redirect_uri;
mod server;
mod signed;
mod sources;
mod state;
mod tally;

pub use addresses::Addresses;
pub use announcement::{AnnouncedContract, AnnouncedContracts, Announcement};
pub use config::{Config, ConfigError, ConfigFile, Lifetimes};
pub use keys::KeyError;
pub use server::Server;
