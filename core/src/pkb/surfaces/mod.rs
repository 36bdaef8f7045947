//! The APIs of Patients Know Best: where each is, whose token it takes, and who may not call it.

mod addresses;
mod api;
mod apis;
mod configured;
mod reading;
mod surface;

pub(super) use addresses::{Addresses, Places};
pub(super) use api::Api;
pub(super) use apis::SystemClients;
pub use configured::{Endpoints, OneTimePassword, RestEndpoint, SurfaceEndpoint};
pub use surface::{FhirSurface, Surface};
