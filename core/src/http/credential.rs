//! Who a request says that it is from. A platform that signs each request adds a credential of its own.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::{Error, Secret, World};

/// Who makes a request. It is asked anew for each attempt.
pub(crate) trait Credential: Send + Sync {
    /// The value of the `Authorization` header.
    fn authorization(&self, world: &World) -> Result<String, Error>;

    /// What of it nobody may read again, beside what it signs.
    fn secrets(&self) -> Vec<Secret<String>> {
        Vec::new()
    }

    /// The same on behalf of whoever has this access token; none where a request is made on nobody's.
    fn acting_for(&self, _access_token: &Secret<String>) -> Option<Arc<dyn Credential>> {
        None
    }
}

/// Whoever has this token (RFC 6750 section 2.1).
pub(super) struct Bearer(pub Secret<String>);

impl Credential for Bearer {
    fn authorization(&self, _world: &World) -> Result<String, Error> {
        Ok(format!("Bearer {}", self.0.expose()))
    }

    fn secrets(&self) -> Vec<Secret<String>> {
        vec![self.0.clone()]
    }
}

/// A client by its id and secret (RFC 6749 section 2.3.1).
pub(super) struct Basic {
    pub client_id: String,
    pub client_secret: Secret<String>,
}

impl Basic {
    /// Both as one word (RFC 7617 section 2); each is form-encoded first.
    fn word(&self) -> String {
        let encode =
            |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let (id, secret) = (&self.client_id, self.client_secret.expose());
        STANDARD.encode(format!("{}:{}", encode(id), encode(secret)))
    }
}

impl Credential for Basic {
    fn authorization(&self, _world: &World) -> Result<String, Error> {
        Ok(format!("Basic {}", self.word()))
    }

    fn secrets(&self) -> Vec<Secret<String>> {
        vec![self.client_secret.clone(), self.word().into()]
    }
}
