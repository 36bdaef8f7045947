//! `close`: the end of a client.

use crate::Error;
use crate::digime::Client;
use crate::operation::{Operation, PlatformClient};

pub use crate::closing::{CloseOptions, CloseResponse};

crate::operation::call! {
    /// Ends the client, before the process ends: waits until the calls under way are done, and what goes on without them, such as storing the
    /// tokens of a refresh and telling your functions of them; at most for `timeout`. What is being iterated over is not waited for: it gives nothing
    /// more. Then it lets go of its connections and its store. Every other call is refused with a `ClientClosedError` from the moment this one is made,
    /// as is whoever asks for the next of what they iterate over; it may be made again, and waits again.
    Client::close: Close(CloseOptions) -> CloseResponse
}

impl Operation for Close {
    type Client = Client;
    const NAME: &'static str = "close";
    const ENDS: bool = true;
    const GOES_ON: bool = true;
    type Options = CloseOptions;
    type Response = CloseResponse;

    async fn run(client: &Client, options: CloseOptions) -> Result<CloseResponse, Error> {
        client.expect_no_more();
        let closed = client.under_way().close(client.world(), options).await;
        if closed.finished {
            client.let_go_of_store().await;
        }
        Ok(closed)
    }
}
