//! The page that says why a person cannot go on, and what they can do.

use askama::Template;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::pages::page;

const MALFORMED: &str = "A part of it is missing or is not what it should be.";

#[derive(Template)]
#[template(path = "problem.html")]
pub struct Problem {
    status: StatusCode,
    title: &'static str,
    explanation: &'static str,
    advice: &'static str,
}

impl Problem {
    /// The link that led here does not work; the explanation is followed by what to do.
    pub fn unusable_link(explanation: &'static str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            title: "This link cannot be used",
            explanation,
            advice: "Go back to the application and start again.",
        }
    }

    pub fn not_found() -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            title: "There is no such page",
            explanation: "The address may be mistyped.",
            advice: "The front page lists what the sandbox has.",
        }
    }
}

impl From<QueryRejection> for Problem {
    fn from(_: QueryRejection) -> Self {
        Self::unusable_link(MALFORMED)
    }
}

impl From<FormRejection> for Problem {
    fn from(_: FormRejection) -> Self {
        Self::unusable_link(MALFORMED)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        page(self.status, &self)
    }
}
