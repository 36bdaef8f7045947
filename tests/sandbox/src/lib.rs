//! digi.me and Patients Know Best, offline: the module map.

mod addresses;
mod announcement;
mod api;
mod calendar;
mod callback;
mod clock;
mod cloud;
mod compression;
mod config;
mod connection;
mod contract;
mod control;
mod drain;
mod encryption;
mod error;
mod faults;
mod fhir;
mod gateway;
mod jwt;
mod keys;
mod library;
mod notice;
mod pages;
mod pkb;
mod pkce;
mod random;
mod redirect_uri;
mod route;
mod server;
mod signed;
mod sources;
mod state;
mod tally;

pub use addresses::Addresses;
pub use announcement::{AnnouncedContract, AnnouncedContracts, Announcement};
pub use config::{Config, ConfigError, ConfigFile, Lifetimes, Pace};
pub use keys::KeyError;
pub use pkb::{
    AnnouncedCustomerClient, AnnouncedPerson, AnnouncedPkb, AnnouncedSystemClient,
    CustomerAddresses, PersonKind, PkbAddresses, PkbSettings,
};
pub use server::Server;
