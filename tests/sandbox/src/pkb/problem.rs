//! The page that a person is left with: something is wrong, and nothing goes back to the application.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::pages::page;
use crate::pkb::parameters::Repeated;

#[derive(Template)]
#[template(path = "pkb/problem.html")]
pub struct Problem {
    status: StatusCode,
    title: &'static str,
    explanation: &'static str,
}

impl Problem {
    /// What the application asks for cannot be had.
    pub fn refused(explanation: &'static str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            title: "This application's request cannot be answered",
            explanation,
        }
    }

    pub fn incomplete_answer() -> Self {
        Self::refused("It was neither approved nor denied.")
    }

    /// The person denied, and the application is not told.
    pub fn denied() -> Self {
        Self {
            status: StatusCode::OK,
            title: "You denied the request",
            explanation: "The application gets no access. You can close this page.",
        }
    }

    /// The patient may register; the sandbox goes no further.
    pub fn invited() -> Self {
        Self {
            status: StatusCode::OK,
            title: "You are invited",
            explanation: "Patients Know Best would have you register here.",
        }
    }

    /// The one-time password was good; the sandbox has no pages behind it.
    pub fn signed_in() -> Self {
        Self {
            status: StatusCode::OK,
            title: "You are logged in",
            explanation: "Patients Know Best would show its own page here.",
        }
    }

    /// A call failed.
    pub fn of(status: StatusCode) -> Self {
        Self {
            status,
            title: status.canonical_reason().unwrap_or("Error"),
            explanation: "An error has occurred.",
        }
    }

    pub fn shown(&self) -> Response {
        page(self.status, self)
    }
}

impl From<Repeated> for Problem {
    fn from(_: Repeated) -> Self {
        Self::refused("One of its parameters is there twice.")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.shown()
    }
}
