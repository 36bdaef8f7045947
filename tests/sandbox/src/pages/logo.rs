//! A logo for every source: its initials on a colour of its own.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use crate::pages::{Problem, page};
use crate::state::Platform;

#[derive(Template)]
#[template(path = "logo.svg")]
struct Logo {
    hue: u32,
    initials: String,
}

pub async fn logo(
    State(platform): State<Arc<Platform>>,
    Path(id): Path<u32>,
) -> Result<Response, Problem> {
    let source = platform
        .config
        .sources
        .find(id)
        .ok_or_else(Problem::not_found)?;
    let logo = Logo {
        // Multiplying by a number coprime to 360 keeps the hues of neighbouring ids apart.
        hue: id.wrapping_mul(137) % 360,
        initials: source
            .name
            .split_whitespace()
            .filter_map(|word| word.chars().find(|initial| initial.is_alphanumeric()))
            .take(2)
            .flat_map(char::to_uppercase)
            .collect(),
    };
    let mut response = page(StatusCode::OK, &logo);
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    Ok(response)
}
