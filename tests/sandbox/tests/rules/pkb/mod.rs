//! The rules of Patients Know Best.

mod afterwards;
mod aggregated;
mod aggregated_pages;
mod authorize;
mod clients;
mod control;
mod customer;
mod customer_bundles;
mod customer_tokens;
mod faults;
mod fhir;
mod from_customer;
mod messaging;
mod observations;
mod records;
mod refresh;
mod refusals;
mod rest;
mod system;
mod tokens;
