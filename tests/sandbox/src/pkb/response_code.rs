//! Why a call is refused, in the platform's own code system, and the status that goes with each.
//!
//! The platform publishes the codes, not their status; it is the one that HTTP gives the reason.

use axum::http::StatusCode;
use axum::http::header::{HeaderName, WWW_AUTHENTICATE};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ResponseCode {
    AccTokenExpired,
    AccessFrozenOutward,
    ApiSessionExpired,
    ApiSessionInvalid,
    BadAuthentication,
    NoAssociation,
    NoConsent,
    UserTypeNotPerm,
}

impl ResponseCode {
    pub const SYSTEM: &str = "http://fhir.patientsknowbest.com/codesystem/response-code";

    pub fn name(self) -> &'static str {
        match self {
            Self::AccTokenExpired => "ACC_TOKEN_EXPIRED",
            Self::AccessFrozenOutward => "ACCESS_FROZEN_OUTWARD",
            Self::ApiSessionExpired => "API_SESSION_EXPIRED",
            Self::ApiSessionInvalid => "API_SESSION_INVALID",
            Self::BadAuthentication => "BAD_AUTHENTICATION",
            Self::NoAssociation => "NO_ASSOCIATION",
            Self::NoConsent => "NO_CONSENT",
            Self::UserTypeNotPerm => "USER_TYPE_NOT_PERM",
        }
    }

    pub fn message(self) -> &'static str {
        match self {
            Self::AccTokenExpired => "The access token has expired; a refresh may give another",
            Self::AccessFrozenOutward => "The patient's access is frozen",
            Self::ApiSessionExpired => "The API session is over; none of its tokens can be used",
            Self::ApiSessionInvalid => {
                "The API session is invalid, because a refresh token was used twice"
            }
            Self::BadAuthentication => "The call has no access token, or one that is unknown",
            Self::NoAssociation => "The system client does not act for this organisation",
            Self::NoConsent => "The patient has not consented to this",
            Self::UserTypeNotPerm => "This is not for users of this type",
        }
    }

    pub fn status(self) -> StatusCode {
        match self {
            Self::AccTokenExpired
            | Self::ApiSessionExpired
            | Self::ApiSessionInvalid
            | Self::BadAuthentication => StatusCode::UNAUTHORIZED,
            Self::AccessFrozenOutward
            | Self::NoAssociation
            | Self::NoConsent
            | Self::UserTypeNotPerm => StatusCode::FORBIDDEN,
        }
    }

    /// The header that HTTP wants beside a 401.
    pub fn challenge(self) -> Option<(HeaderName, &'static str)> {
        (self.status() == StatusCode::UNAUTHORIZED).then_some((WWW_AUTHENTICATE, "Bearer"))
    }
}
