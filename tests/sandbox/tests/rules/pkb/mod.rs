//! The rules of Patients Know Best.

mod afterwards;
mod authorize;
mod clients;
mod control;
mod faults;
mod fhir;
mod messaging;
mod observations;
mod records;
mod refresh;
mod refusals;
mod rest;
mod system;
mod tokens;
