//! What people are to be asked on the pages, and what they have agreed to.

use std::sync::Arc;

use url::Url;

use crate::callback::Callback;
use crate::contract::Contract;
use crate::state::Opening;

/// What a client asked for in `oauth/authorize`.
#[derive(Clone)]
pub struct AuthorizationRequest {
    pub contract: Arc<Contract>,
    pub callback: Callback,
    pub code_challenge: String,
    /// The user whose access token was shown; without one, a new user is made.
    pub user_id: Option<String>,
    /// The session that starts when the person agrees.
    pub session: Opening,
}

/// What a client asked for in `oauth/token/reference`.
#[derive(Clone)]
pub struct Visit {
    pub contract: Arc<Contract>,
    pub user_id: String,
    pub callback: Callback,
    /// Without one there are no new tokens to be had.
    pub code_challenge: Option<String>,
    /// The session that starts when the person agrees.
    pub session: Opening,
}

/// What a client asked for in `permission-access/revoke`.
#[derive(Clone)]
pub struct Revocation {
    pub contract: Arc<Contract>,
    pub user_id: String,
    pub account_id: String,
    pub redirect_uri: Url,
}

/// What a person agreed to on the consent page.
pub struct Approval {
    pub contract_id: String,
    pub code_challenge: String,
    pub user_id: String,
}
