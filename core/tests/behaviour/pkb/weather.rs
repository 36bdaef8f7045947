//! Ordinary misfortunes on the way to the token endpoint, to the store, and of clocks, as a test decides.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use digime_sdk::World;
use digime_sdk::connections::MemoryStore;
use digime_sdk::pkb::{Client, Config};
use digime_sdk::transport::{Body, HttpTransport, ResponseBody, Sent, Transport, TransportFailure};
use digime_sdk::world::Clock;
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::sync::Notify;

use super::wrapped_store::{Change, Happening, Stored, WrappedStore};
use crate::clock::TestClock;

/// What happens to one request to the token endpoint.
pub enum Gale {
    /// The process is frozen before anything is done.
    Frozen(Duration),
    /// It is frozen when there is a connection, just before the first byte.
    FrozenBeforeItsBody(Duration),
    /// It is frozen when the answer is in its socket already.
    FrozenWithItsAnswer(Duration),
    /// It takes so long, and fails.
    Fails(Duration, TransportFailure),
    /// Its answer is there, and on its way until the test lets it come.
    OnItsWay(Arc<Held>),
    /// It is sent, and nothing ever comes.
    Silence(Arc<Notify>),
}

#[derive(Default)]
pub struct Held {
    pub answered: Notify,
    pub comes: Notify,
}

/// A network whose weather at the token endpoint a test makes.
pub struct Weather {
    network: HttpTransport,
    clock: Arc<TestClock>,
    gales: Mutex<VecDeque<Gale>>,
    /// How often the token endpoint was to be reached.
    requests: AtomicU32,
    /// How long all pauses had been together when it first was.
    first_after: Mutex<Option<Duration>>,
}

impl Weather {
    pub fn new(clock: &Arc<TestClock>, gales: impl IntoIterator<Item = Gale>) -> Arc<Self> {
        Arc::new(Self {
            network: HttpTransport::new().unwrap(),
            clock: Arc::clone(clock),
            gales: Mutex::new(gales.into_iter().collect()),
            requests: AtomicU32::default(),
            first_after: Mutex::default(),
        })
    }

    pub fn requests(&self) -> u32 {
        self.requests.load(Ordering::SeqCst)
    }

    pub fn first_after(&self) -> Option<Duration> {
        *self.first_after.lock().unwrap()
    }
}

/// A client whose clock and whose way to the token endpoint are a test's.
pub fn under(config: Config, clock: Arc<dyn Clock>, weather: &Arc<Weather>) -> Client {
    let world = World {
        clock,
        transport: Arc::clone(weather) as Arc<_>,
        ..World::real().unwrap()
    };
    Client::in_world(config, world).unwrap()
}

type Answer = Result<http::Response<ResponseBody>, TransportFailure>;

impl Transport for Weather {
    fn send(&self, request: http::Request<Body>, connect: Duration) -> BoxFuture<'_, Answer> {
        if !request.uri().path().ends_with("apiToken.action") {
            return self.network.send(request, connect);
        }
        self.requests.fetch_add(1, Ordering::SeqCst);
        let paused = self.clock.paused();
        self.first_after.lock().unwrap().get_or_insert(paused);
        let gale = self.gales.lock().unwrap().pop_front();
        Box::pin(async move {
            match gale {
                None => self.network.send(request, connect).await,
                Some(Gale::Frozen(time)) => {
                    self.clock.advance(time);
                    self.network.send(request, connect).await
                }
                Some(Gale::FrozenBeforeItsBody(time)) => {
                    let clock = Arc::clone(&self.clock);
                    let request = request.map(|body| before(body, move || clock.advance(time)));
                    self.network.send(request, connect).await
                }
                Some(Gale::FrozenWithItsAnswer(time)) => {
                    let answer = whole(self.network.send(request, connect).await?).await;
                    self.clock.advance(time);
                    tokio::task::yield_now().await;
                    answer
                }
                Some(Gale::Fails(after, failure)) => {
                    if failure.sent() != Sent::Nothing {
                        take(request.into_body()).await;
                    }
                    self.clock.advance(after);
                    Err(failure)
                }
                Some(Gale::OnItsWay(held)) => {
                    let answer = whole(self.network.send(request, connect).await?).await;
                    held.answered.notify_one();
                    held.comes.notified().await;
                    answer
                }
                Some(Gale::Silence(sent)) => {
                    take(request.into_body()).await;
                    sent.notify_one();
                    std::future::pending().await
                }
            }
        })
    }
}

/// Takes the whole body, as who sends it.
async fn take(body: Body) {
    if let Body::Stream { mut chunks, .. } = body {
        while chunks.next().await.is_some() {}
    }
}

/// The body, before whose first chunk something happens.
fn before(body: Body, happens: impl FnOnce() + Send + 'static) -> Body {
    let Body::Stream { length, chunks } = body else {
        return body;
    };
    let mut happens = Some(happens);
    let chunks = stream::poll_fn({
        let mut chunks = chunks;
        move |context| {
            if let Some(happens) = happens.take() {
                happens();
            }
            chunks.poll_next_unpin(context)
        }
    });
    Body::Stream {
        length,
        chunks: chunks.boxed(),
    }
}

async fn whole(answer: http::Response<ResponseBody>) -> Answer {
    let (head, body) = answer.into_parts();
    let chunks: Vec<_> = body.try_collect().await?;
    let body = stream::iter(chunks.into_iter().map(Ok)).boxed();
    Ok(http::Response::from_parts(head, body))
}

/// What becomes of a write that the store has done.
pub enum Acknowledged {
    /// So much later.
    After(Duration),
    /// To nobody any more: who wrote it has died.
    Never,
}

/// A store whose acknowledgements a test holds back.
pub struct Slow {
    clock: Arc<TestClock>,
    next: Mutex<VecDeque<Acknowledged>>,
    always: Duration,
    /// Told when a write is acknowledged to nobody.
    pub dead: Notify,
}

impl Slow {
    pub fn store(
        records: &Arc<MemoryStore>,
        clock: &Arc<TestClock>,
        next: impl IntoIterator<Item = Acknowledged>,
    ) -> Arc<WrappedStore<Self>> {
        Self::make(records, clock, next.into_iter().collect(), Duration::ZERO)
    }

    pub fn always(
        records: &Arc<MemoryStore>,
        clock: &Arc<TestClock>,
        late: Duration,
    ) -> Arc<WrappedStore<Self>> {
        Self::make(records, clock, VecDeque::new(), late)
    }

    fn make(
        records: &Arc<MemoryStore>,
        clock: &Arc<TestClock>,
        next: VecDeque<Acknowledged>,
        always: Duration,
    ) -> Arc<WrappedStore<Self>> {
        let slow = Self {
            clock: Arc::clone(clock),
            next: Mutex::new(next),
            always,
            dead: Notify::new(),
        };
        WrappedStore::new(records, slow)
    }
}

impl Happening for Slow {
    fn change<'a>(&'a self, change: Change<'a>) -> Stored<'a, bool> {
        Box::pin(async move {
            let changed = change().await;
            let next = self.next.lock().unwrap().pop_front();
            match next {
                None => self.clock.advance(self.always),
                Some(Acknowledged::After(time)) => self.clock.advance(time),
                Some(Acknowledged::Never) => {
                    self.dead.notify_one();
                    std::future::pending::<()>().await;
                }
            }
            changed
        })
    }
}

/// A clock of a process that is killed when it has paused for so long: its next pause never ends.
pub struct Mortal {
    clock: Arc<TestClock>,
    left: Mutex<Duration>,
    pub dead: Notify,
}

impl Mortal {
    pub fn new(clock: &Arc<TestClock>, lives: Duration) -> Arc<Self> {
        Arc::new(Self {
            clock: Arc::clone(clock),
            left: Mutex::new(lives),
            dead: Notify::new(),
        })
    }

    pub fn revive(&self) {
        *self.left.lock().unwrap() = Duration::MAX;
    }
}

impl Clock for Mortal {
    fn now(&self) -> SystemTime {
        self.clock.now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut left = self.left.lock().unwrap();
        if *left < duration {
            self.dead.notify_one();
            return Box::pin(std::future::pending());
        }
        *left -= duration;
        self.clock.sleep(duration)
    }

    fn alarm(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.clock.alarm(duration)
    }
}

/// A clock to which something happens in each pause.
pub struct Disturbed {
    pub clock: Arc<TestClock>,
    /// The machine sleeps for so long, whatever pause was wanted.
    pub asleep: Duration,
    /// The time is set by so much, forwards and back again.
    pub set_by: Duration,
}

impl Clock for Disturbed {
    fn now(&self) -> SystemTime {
        let pauses = u32::try_from(self.clock.slept().len()).unwrap();
        self.clock.now() + self.set_by * (pauses % 2)
    }

    fn steady(&self) -> Duration {
        self.clock.steady()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.clock.advance(self.asleep);
        self.clock.sleep(duration)
    }

    fn alarm(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.clock.alarm(duration)
    }
}
