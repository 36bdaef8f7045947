//! The client: settings, a world, the links, and what is under way.

use std::fmt;
use std::sync::Arc;

use super::Config;
use super::manners::Manners;
use super::settings::{self, Settings};
use super::tokens::system_token::SystemTokens;
use crate::binding::Dialect;
use crate::closing::UnderWay;
use crate::connections::Connections;
use crate::connections::keeping::Keeping;
use crate::http::{Limit, ResponseHook, Sender, Sending, TimeoutOptions, Timeouts};
use crate::operation::PlatformClient;
use crate::trust::Trust;
use crate::world::EventHook;
use crate::{Error, World};

/// A client of Patients Know Best. Clones share connections, the store and refreshes.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    timeouts: Timeouts,
    call: Option<Limit>,
    on_response: Option<ResponseHook>,
}

struct Inner {
    settings: Settings,
    world: World,
    under_way: UnderWay,
    links: Connections,
    keeping: Keeping,
    system_tokens: SystemTokens,
    manners: Manners,
}

impl Client {
    /// A client of the real world. Nothing is sent, and no store opened, before the first call.
    pub fn new(config: Config) -> Result<Self, Error> {
        Self::hosted(config, None)
    }

    /// The same in another language, by whose conventions it finds certificates.
    pub(crate) fn hosted(config: Config, host: Option<Dialect>) -> Result<Self, Error> {
        let network = config.network();
        let trust = network.trust(host);
        let world = World::hosted(network, host, config.transport.clone())?;
        Self::assemble(config, world, trust)
    }

    /// A client of a world of your own: another transport, clock or randomness.
    pub fn in_world(config: Config, world: World) -> Result<Self, Error> {
        config.network().must_be_as_it_is()?;
        Self::assemble(config, world, Trust::default())
    }

    fn assemble(mut config: Config, world: World, trust: Trust) -> Result<Self, Error> {
        let world = world.observed_by(config.on_event.take().map(EventHook::observer));
        let manners = Manners::of(config.per_patient)?;
        let (settings, links, keeping) = settings::understand(config, &world, trust)?;
        let timeouts = settings.timeouts;
        let under_way = UnderWay::default();
        let inner = Arc::new(Inner {
            settings,
            world: world.counted(&under_way),
            under_way,
            links,
            keeping,
            system_tokens: SystemTokens::default(),
            manners,
        });
        Ok(Self {
            inner,
            timeouts,
            call: None,
            on_response: None,
        })
    }

    /// The same client with other time-outs; what is left out stays as it is.
    #[must_use]
    pub fn with_timeouts(&self, timeouts: &TimeoutOptions) -> Self {
        Self {
            timeouts: timeouts.over(self.timeouts),
            ..self.clone()
        }
    }

    /// The same client for calls of which this is told, beside their results, what the platform has answered.
    #[must_use]
    pub fn with_on_response(&self, hook: ResponseHook) -> Self {
        Self {
            on_response: Some(hook),
            ..self.clone()
        }
    }

    /// The same client for work that outlives the call that began it.
    pub(super) fn outliving(&self) -> Self {
        Self {
            call: None,
            ..self.clone()
        }
    }

    /// How long a call may wait for what goes on without it; none for as long as it takes.
    pub(super) fn waiting(&self) -> Option<Limit> {
        Limit::of_waiting(&self.sending())
    }

    /// How long the whole call may take.
    pub(super) fn call(&self) -> Option<Limit> {
        self.call
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    pub(super) fn world(&self) -> &World {
        &self.inner.world
    }

    pub(super) fn links(&self) -> &Connections {
        &self.inner.links
    }

    /// What is under way of the links.
    pub(super) fn kept(&self) -> &Keeping {
        &self.inner.keeping
    }

    /// How many requests about one patient there may be.
    pub(super) fn manners(&self) -> &Manners {
        &self.inner.manners
    }

    pub(super) fn system_tokens(&self) -> &SystemTokens {
        &self.inner.system_tokens
    }
}

impl Sender for Client {
    fn sending(&self) -> Sending<'_> {
        Sending {
            world: &self.inner.world,
            timeouts: self.timeouts,
            call: self.call,
            retry_options: &self.inner.settings.retry_options,
            trace_context: self.inner.settings.trace_context.as_ref(),
            on_response: self.on_response.as_ref(),
            congestion: None,
        }
    }
}

impl PlatformClient for Client {
    fn with_timeouts(&self, timeouts: &TimeoutOptions) -> Self {
        Self::with_timeouts(self, timeouts)
    }

    fn with_on_response(&self, hook: ResponseHook) -> Self {
        Self::with_on_response(self, hook)
    }

    fn beginning(&self) -> Self {
        Self {
            call: Limit::of_call(&self.timeouts, self.world().moment()),
            ..self.clone()
        }
    }

    async fn bound<F>(&self, call: &'static str, work: F) -> Result<F::Output, Error>
    where
        F: Future<Output: Send> + Send,
    {
        let limit = self.call.map(Limit::after_those_within);
        Limit::bound(limit, &*self.world().clock, call, work).await
    }

    fn under_way(&self) -> &UnderWay {
        &self.inner.under_way
    }

    fn world(&self) -> &World {
        &self.inner.world
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("pkb::Client")
            .field("endpoints", &self.inner.settings.endpoints)
            .finish_non_exhaustive()
    }
}
