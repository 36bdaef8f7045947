//! The client: a configuration, a world, and what is remembered between calls.

use std::fmt;
use std::sync::Arc;

use http::Method;
use url::Url;

use super::config::Settings;
use super::connection::{Kept, platform};
use super::failure::{REFERENCE, check, refusal};
use super::files::signed_descriptors::SignedDescriptors;
use super::user::{ParsedKeys, Tokens, no_token};
use super::{Config, Contract, ContractDetails};
use crate::binding::{Dialect, carry};
use crate::closing::UnderWay;
use crate::connections::Connections;
use crate::connections::keeping::{InTime, Keeping};
use crate::error::Invalid;
use crate::http::{
    Congestion, Limit, Request, Response, ResponseHook, Sender, Sending, TimeoutOptions, Timeouts,
    exchange,
};
use crate::jwt::jwks::KeySets;
use crate::jwt::verify::{Claims, Issuer, Unverified, Worth};
use crate::operation::PlatformClient;
use crate::single_flight::Here;
use crate::trust::Trust;
use crate::world::{Event, EventHook};
use crate::{Error, NonEmptyString, Secret, World};

/// In which headers the platform says what it thinks of this version of the SDK.
const STATUS: &str = "x-digi-sdk-status";
const STATUS_MESSAGE: &str = "x-digi-sdk-status-message";

/// A client of the digi.me platform. Clones share connections, parsed keys and refreshes.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    timeouts: Timeouts,
    call: Option<Limit>,
    on_response: Option<ResponseHook>,
    congestion: Option<Congestion>,
}

struct Inner {
    settings: Settings,
    world: World,
    under_way: UnderWay,
    keys: ParsedKeys,
    key_sets: KeySets,
    tokens: Tokens,
    descriptors: SignedDescriptors,
    /// None of a client without a store.
    connections: Option<Connections>,
    keeping: Keeping,
}

impl Client {
    /// A client of the real world.
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
        let opening = config.opening();
        let settings = Settings::of(config)?;
        let keeping = opening.keeping()?;
        let connections = opening.connections_if_any(String::new(), trust, &world)?;
        let timeouts = settings.timeouts;
        let under_way = UnderWay::default();
        let inner = Arc::new(Inner {
            settings,
            world: world.counted(&under_way),
            under_way,
            keys: ParsedKeys::default(),
            key_sets: KeySets::default(),
            tokens: Tokens::default(),
            descriptors: SignedDescriptors::default(),
            connections,
            keeping,
        });
        Ok(Self {
            inner,
            timeouts,
            call: None,
            on_response: None,
            congestion: None,
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

    /// The same client for what spends something that is good once: no time-out but that for silence takes its answer from it.
    pub(super) fn spending(&self) -> Self {
        Self {
            timeouts: Timeouts {
                total: None,
                ..self.timeouts
            },
            call: None,
            congestion: None,
            ..self.clone()
        }
    }

    /// The same client for requests that are made side by side: what one of them is told of how much the platform bears, all heed.
    pub(super) fn side_by_side(&self, congestion: &Congestion) -> Self {
        Self {
            congestion: Some(congestion.clone()),
            ..self.clone()
        }
    }

    /// The same client for what is spent under a lease: its answer has to be there in time.
    pub(super) fn within(&self, time: InTime) -> Self {
        let Sending { timeouts, call, .. } = time.within(self.sending());
        Self {
            timeouts,
            call,
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

    /// The connections of the application's users under a contract.
    pub(super) fn connections(&self, contract_id: &str) -> Result<Connections, Error> {
        let store = self.inner.connections.as_ref().ok_or_else(|| {
            Invalid::new(
                "config.store",
                "is missing, where connections are kept: \"memory\", the path of a SQLite file, an address of PostgreSQL, or a store of your own",
            )
        })?;
        let application_id = &self.settings().application_id;
        Ok(store.of_platform(platform(application_id, contract_id)))
    }

    /// The same, to be refreshed.
    pub(super) fn kept(&self, contract: &Contract) -> Result<Kept, Error> {
        let connections = self.connections(contract.id())?;
        Ok(Kept::new(self, contract, connections))
    }

    /// Lets go of the store, if there is one.
    pub(super) async fn let_go_of_store(&self) {
        if let Some(connections) = &self.inner.connections {
            connections.close().await;
        }
    }

    /// What is under way of the connections.
    pub(super) fn keeping(&self) -> &Keeping {
        &self.inner.keeping
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    pub(crate) fn world(&self) -> &World {
        &self.inner.world
    }

    pub(super) fn descriptors(&self) -> &SignedDescriptors {
        &self.inner.descriptors
    }

    pub(super) fn tokens(&self) -> &Tokens {
        &self.inner.tokens
    }

    /// A GET of a path of the API.
    pub(super) fn get(&self, path: &str) -> Result<Request, Error> {
        self.request(Method::GET, path)
    }

    /// A HEAD of a path of the API.
    pub(super) fn head(&self, path: &str) -> Result<Request, Error> {
        self.request(Method::HEAD, path)
    }

    /// A POST to a path of the API.
    pub(super) fn post(&self, path: &str) -> Result<Request, Error> {
        self.request(Method::POST, path)
    }

    /// A DELETE of a path of the API.
    pub(super) fn delete(&self, path: &str) -> Result<Request, Error> {
        self.request(Method::DELETE, path)
    }

    fn request(&self, method: Method, path: &str) -> Result<Request, Error> {
        let address = self.settings().api(path)?;
        Ok(Request::to_address(method, address, path))
    }

    /// Sends a request; an answer that is no success is an error.
    pub(super) async fn send(&self, request: Request) -> Result<Response, Error> {
        self.attempt(&request).await
    }

    /// The same with a request that may be sent again.
    pub(super) async fn attempt(&self, request: &Request) -> Result<Response, Error> {
        let response = exchange(self, request).await?;
        let said = |name: &str| response.header(name).map(|said| response.asked.said(said));
        let (status, message) = (said(STATUS), said(STATUS_MESSAGE));
        if status.is_some() || message.is_some() {
            self.world().observe(|| Event::Notice { status, message });
        }
        check(response)
    }

    /// Work that goes on although the call that started it is cancelled; it has the same caller.
    pub(super) async fn detached<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        self.world().spawn(carry(work)).await?
    }

    /// Has the platform's keys asked for beside a request that is to bring a token, where it is known before where they are: for as long as what this
    /// gives is held.
    #[must_use]
    pub(super) fn expect_token(&self) -> Option<Here> {
        let address = self.settings().key_set_url.as_ref()?;
        self.inner.key_sets.expect(self, address)
    }

    /// Has no keys asked for any more that nobody waits for.
    pub(super) fn expect_no_more(&self) {
        self.inner.key_sets.let_go();
    }

    /// The claims of the token that an answer must have, of which another can be had.
    pub(super) fn verified<'a>(
        &'a self,
        token: Option<&'a str>,
        response: &Response,
    ) -> impl Future<Output = Result<Claims, Error>> + Send + use<'a> {
        let token = token.ok_or_else(|| no_token(response));
        async move {
            let verified = self.verify(token?, Worth::Another);
            verified.await.map_err(Unverified::into_error)
        }
    }

    /// Verifies a token that the platform issued; its keys are at its own address.
    pub(super) async fn verify(&self, token: &str, worth: Worth) -> Result<Claims, Unverified> {
        let trusts = |address: &Url| self.settings().trusts(address);
        let issuer = Issuer {
            via: self,
            key_sets: &self.inner.key_sets,
            trusts: &trusts,
        };
        issuer.verify(token, worth).await
    }

    /// The contract, its key parsed: once, however many calls use it.
    pub(crate) fn contract(&self, details: &ContractDetails) -> Result<Contract, Error> {
        self.contract_at(details, "options.contractDetails.privateKey")
    }

    /// The same for calls that take the contract's id and key apart, as the JavaScript SDK has it.
    pub(crate) fn contract_of(
        &self,
        contract_id: NonEmptyString,
        private_key: Secret<NonEmptyString>,
    ) -> Result<Contract, Error> {
        self.contract_at(
            &ContractDetails {
                contract_id,
                private_key,
            },
            "options.privateKey",
        )
    }

    pub(super) fn contract_at(
        &self,
        details: &ContractDetails,
        path: &'static str,
    ) -> Result<Contract, Error> {
        let pem = details.private_key.expose();
        let (id, key) = self.inner.keys.parsed(pem, path)?;
        let application_id = self.inner.settings.application_id.clone();
        Ok(Contract::new(
            application_id,
            details.contract_id.clone(),
            id,
            key,
        ))
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
            congestion: self.congestion.as_ref(),
        }
    }

    fn refusal(&self, response: &Response) -> Error {
        refusal(response)
    }

    fn reference_header(&self) -> Option<&'static str> {
        Some(REFERENCE)
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

    fn under_way(&self) -> &UnderWay {
        &self.inner.under_way
    }

    fn world(&self) -> &World {
        &self.inner.world
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("settings", &self.inner.settings)
            .finish_non_exhaustive()
    }
}
