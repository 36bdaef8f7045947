//! Calls whose token others replace while they are under way.

use std::sync::Arc;

use digime_sdk::digime::Client;
use futures_util::future::BoxFuture;

use super::{call, client, config, connect, shared};
use crate::meanwhile::Meanwhile;
use crate::sandbox::Sandbox;

const ACCOUNTS: &str = "/v1.7/permission-access/accounts";

#[tokio::test]
async fn a_call_refreshes_itself_however_often_others_have_replaced_the_token_of_its_user_before() {
    let sandbox = Arc::new(Sandbox::start().await);
    let (store, _) = shared();
    let other = Arc::new(client(&sandbox, store.clone()));
    connect(&sandbox, &other, "user-1").await;
    let happens = |left: usize| -> BoxFuture<'static, ()> {
        let (sandbox, other) = (Arc::clone(&sandbox), Arc::clone(&other));
        Box::pin(async move {
            sandbox.expire_access_tokens().await;
            call(&other, "user-1").await.unwrap();
            if left == 0 {
                sandbox.expire_access_tokens().await;
            }
        })
    };
    let world = Meanwhile::of(ACCOUNTS, (0..4).map(happens).collect());
    let overtaken = Client::in_world(config(&sandbox, store), world).unwrap();
    call(&overtaken, "user-1").await.unwrap();
    assert_eq!(sandbox.refreshes().await, 5);
}
