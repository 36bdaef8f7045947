//! What keeping a connection asks of its platform: all else about tokens that serve once is the same for every one.

use std::time::Duration;

use super::access::Serving;
use super::{Grant, InTime, LinkDocument, Refusal, Tokens, Told};
use crate::connections::making::Made;
use crate::connections::{AttemptProblem, Attempts, Conflict, Connection, Connections, LinkRecord};
use crate::http::Limit;
use crate::single_flight::SingleFlight;
use crate::{Error, World};

/// A client of a platform, as far as it keeps connections with it.
pub(crate) trait Keeper: Clone + Send + Sync + 'static {
    /// Whether several users may be connected with one public id.
    const SHARES_PUBLIC_IDS: bool;

    /// Whether a person whose connection is over may come back with another public id.
    const RENEWS_PUBLIC_IDS: bool;

    /// The network, the clock and all else that is outside.
    fn world(&self) -> &World;

    /// Where the connections are.
    fn connections(&self) -> &Connections;

    /// What is under way of them in this process.
    fn keeping(&self) -> &Keeping;

    /// How long the call may take as a whole.
    fn call(&self) -> Option<Limit>;

    /// How long the call may wait for what goes on without it; none for as long as it takes.
    fn waiting(&self) -> Option<Limit>;

    /// The same for work that outlives the call that began it.
    #[must_use]
    fn outliving(&self) -> Self;

    /// Asks the platform for the tokens that something is good for, once.
    fn spend(
        &self,
        grant: Grant<'_>,
        time: InTime,
    ) -> impl Future<Output = Result<Tokens, Refusal>> + Send;

    /// Whose tokens these are, by the platform's own word.
    fn public_id(&self, tokens: &Tokens) -> impl Future<Output = Result<String, Error>> + Send;

    /// Tells the application what has become of a connection, now that the store has it.
    fn tell(&self, of: Told<'_>) -> impl Future<Output = Result<(), Error>> + Send;

    /// The error of a user who has no connection.
    fn not_connected(&self) -> Error;

    /// The error of a connection that is over, for this reason.
    fn over(&self, reason: &str) -> Error;

    /// Whether an error says that there is no connection any more that serves.
    fn is_over(&self, error: &Error) -> bool;

    /// The error of an attempt to connect that does not go on.
    fn stopped(&self, problem: AttemptProblem) -> Error;

    /// The error of a connection that stands where another is to be made.
    fn conflict(&self, conflict: Conflict) -> Error;

    /// Milliseconds since 1970.
    fn now_ms(&self) -> i64 {
        i64::try_from(self.world().now_ms()).unwrap_or(i64::MAX)
    }

    /// The attempts to connect.
    fn attempts(&self) -> Attempts<'_> {
        Attempts(self.connections())
    }

    /// A record that there must be, with its tokens.
    fn opened(&self, found: Option<LinkRecord>) -> Result<Connection<LinkDocument>, Error> {
        self.connections()
            .open(found.ok_or_else(|| self.not_connected())?)
    }

    /// The connection of a user, with its tokens.
    fn connection(
        &self,
        app_user_id: &str,
    ) -> impl Future<Output = Result<Connection<LinkDocument>, Error>> + Send {
        async move { self.opened(self.connections().record(app_user_id).await?) }
    }
}

/// What is under way of the connections of a client, and how much time it has.
pub(crate) struct Keeping {
    /// How long one process may take for what is spent, before another takes over.
    pub lease: Duration,
    /// How long before its end an access token is replaced.
    pub margin: Duration,
    /// The refreshes, by what each replaces and why: the digest of app user, access token and that.
    pub(super) refreshes: SingleFlight<Serving>,
    /// The ends that are being stored, by the digest of app user and access token.
    pub(super) ends: SingleFlight<Option<Tokens>>,
    /// The completions, by the digest of what was given: each goes on when the call that began it has gone.
    pub(in crate::connections) completions: SingleFlight<Made>,
}

impl Keeping {
    pub(crate) fn new(lease: Duration, margin: Duration) -> Self {
        Self {
            lease,
            margin,
            refreshes: SingleFlight::forgetting(),
            ends: SingleFlight::forgetting(),
            completions: SingleFlight::forgetting(),
        }
    }
}
