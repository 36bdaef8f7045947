//! Where a person is sent back to, and what the application is told there.

use axum::response::{IntoResponse, Redirect, Response};
use url::Url;

/// A registered address, and what the application wants to hear again.
#[derive(Clone)]
pub struct Callback {
    pub uri: Url,
    pub state: Option<String>,
}

impl Callback {
    /// The person agreed.
    pub fn succeed(&self, told: &[(&str, &str)]) -> Response {
        let mut parameters = vec![("success", "true")];
        parameters.extend(self.state());
        parameters.extend(told);
        back(&self.uri, &parameters)
    }

    /// The person declined.
    pub fn cancel(&self) -> Response {
        let mut parameters = vec![("success", "false"), ("errorCode", "USER_CANCEL")];
        parameters.extend(self.state());
        back(&self.uri, &parameters)
    }

    fn state(&self) -> Option<(&str, &str)> {
        self.state.as_deref().map(|state| ("state", state))
    }
}

/// Sends the person back, with these parameters after those that the address has.
pub fn back(uri: &Url, parameters: &[(&str, &str)]) -> Response {
    let mut uri = uri.clone();
    uri.query_pairs_mut().extend_pairs(parameters);
    Redirect::to(uri.as_str()).into_response()
}
