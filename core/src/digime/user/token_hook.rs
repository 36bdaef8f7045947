//! The function of the application that learns a user's new tokens.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::Callback;
use crate::digime::UserAccessToken;

/// Called with the new token as soon as a refresh has brought one, and awaited before it is used: store it there, the old one is
/// spent. Where it fails, so does the call, and nothing more is sent.
pub type TokenHook = Callback<UserAccessToken>;

impl TokenHook {
    /// The same function, told each token once however many calls bring it; all of them wait until it has been stored.
    pub(crate) fn once_per_token(self) -> Self {
        let told: Arc<Mutex<Option<UserAccessToken>>> = Arc::default();
        Self::new(move |token| {
            let (hook, told) = (self.clone(), Arc::clone(&told));
            async move {
                let mut told = told.lock().await;
                if told.as_ref() != Some(&token) {
                    hook.tell(token.clone()).await?;
                    *told = Some(token);
                }
                Ok(())
            }
        })
    }
}
