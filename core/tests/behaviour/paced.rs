//! A platform in virtual time: what it does takes as long as a test says, and is over at once.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use digime_sdk::World;
use digime_sdk::digime::{Callback, Client, Config, FileData, FileError, ReadAllFilesOptions};
use digime_sdk::transport::{Body, ResponseBody, Transport, TransportFailure};
use digime_sdk::world::Clock;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, stream};
use http::Request;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::envelope::seal;
use crate::library::read_all_files;
use crate::sandbox::CONTRACT_KEY;

/// Where the platform is said to be.
pub const HOST: &str = "127.0.0.1";

/// The clock of tokio's, which goes on to the next timer whenever there is nothing else to do.
#[derive(Clone, Copy)]
struct VirtualClock(Instant);

impl Clock for VirtualClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_hours(500_000) + self.steady()
    }

    fn steady(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        tokio::time::sleep(duration).boxed()
    }
}

/// A question to the platform.
#[derive(Debug, Clone)]
pub struct Asked {
    /// When it came, from the begin of the test on.
    pub at: Duration,
    /// What is asked for, below the origin.
    pub path: String,
    /// The file that is asked for; none where it is the list.
    pub file: Option<String>,
    /// How many files are on their way, with this one.
    pub under_way: usize,
}

/// What the platform answers, and how long it takes.
pub struct Answer {
    status: u16,
    retry_after: Option<u64>,
    body: Bytes,
    takes: Duration,
}

impl Answer {
    pub fn list(list: &Value) -> Self {
        Self::of(200, list.to_string().into())
    }

    pub fn file(sealed: &Bytes) -> Self {
        Self::of(200, sealed.clone())
    }

    pub fn text(text: String) -> Self {
        Self::of(200, text.into())
    }

    pub fn status(status: u16) -> Self {
        Self::of(status, Bytes::new())
    }

    fn of(status: u16, body: Bytes) -> Self {
        Self {
            status,
            retry_after: None,
            body,
            takes: Duration::ZERO,
        }
    }

    pub fn taking(self, takes: Duration) -> Self {
        Self { takes, ..self }
    }

    pub fn retrying_after(self, seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }
}

type Answering = Box<dyn Fn(&Asked) -> Answer + Send + Sync>;

/// The platform.
pub struct Paced {
    clock: VirtualClock,
    answering: Answering,
    asked: Mutex<Vec<Asked>>,
    under_way: Arc<Mutex<usize>>,
    told: Arc<Mutex<Vec<(Duration, String)>>>,
    failed: Arc<Mutex<Vec<String>>>,
}

impl Paced {
    /// One that answers so, in the paused time of tokio's.
    pub fn platform(answering: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            clock: VirtualClock(Instant::now()),
            answering: Box::new(answering),
            asked: Mutex::default(),
            under_way: Arc::default(),
            told: Arc::default(),
            failed: Arc::default(),
        })
    }

    /// One whose session is complete and has so many files, each of which is answered for so.
    pub fn with_files(
        number: usize,
        answering: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Arc<Self> {
        let files: Vec<_> = (0..number)
            .map(|n| json!({ "name": format!("{n}.json"), "updatedDate": 1 }))
            .collect();
        let list = json!({ "status": { "state": "completed" }, "fileList": files });
        Self::platform(move |asked| match asked.file {
            Some(_) => answering(asked),
            None => Answer::list(&list),
        })
    }

    pub fn client(self: &Arc<Self>) -> Client {
        /// Making one reads the system's certificates.
        static REAL: LazyLock<World> = LazyLock::new(|| World::real().unwrap());
        let world = World {
            transport: Arc::new(Line(Arc::clone(self))),
            clock: Arc::new(self.clock),
            ..REAL.clone()
        };
        let mut config = Config::new("test-application-id".parse().unwrap());
        config.base_url = Some(format!("http://{HOST}/v1.7/"));
        Client::in_world(config, world).unwrap()
    }

    /// Options that note what is told.
    pub fn noting(&self) -> ReadAllFilesOptions {
        let (clock, told) = (self.clock, Arc::clone(&self.told));
        let failed = Arc::clone(&self.failed);
        let mut options = read_all_files();
        options.on_file_data = Some(Callback::new(move |file: FileData| {
            told.lock().unwrap().push((clock.steady(), file.file_name));
            std::future::ready(Ok(()))
        }));
        options.on_file_error = Some(Callback::new(move |file: FileError| {
            failed.lock().unwrap().push(file.file_name);
            std::future::ready(Ok(()))
        }));
        options
    }

    /// Which files were told of, and when.
    pub fn told(&self) -> Vec<(Duration, String)> {
        self.told.lock().unwrap().clone()
    }

    /// Which files could not be read.
    pub fn failed(&self) -> Vec<String> {
        self.failed.lock().unwrap().clone()
    }

    /// All that was asked.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// When the list was asked for.
    pub fn polls(&self) -> Vec<Duration> {
        let asked = self.asked();
        let lists = asked.iter().filter(|asked| asked.file.is_none());
        lists.map(|asked| asked.at).collect()
    }

    /// When files were asked for, and how many at once.
    pub fn files(&self) -> Vec<(Duration, usize)> {
        let asked = self.asked();
        let files = asked.iter().filter(|asked| asked.file.is_some());
        files.map(|asked| (asked.at, asked.under_way)).collect()
    }

    /// How many files are on their way.
    pub fn under_way(&self) -> usize {
        *self.under_way.lock().unwrap()
    }

    pub fn most_at_once(&self) -> usize {
        let files = self.files();
        files.iter().map(|(_, at_once)| *at_once).max().unwrap_or(0)
    }

    /// How much time has gone by.
    pub fn passed(&self) -> Duration {
        self.clock.steady()
    }
}

/// The way to the platform.
struct Line(Arc<Paced>);

/// A file on its way.
struct OnItsWay(Arc<Mutex<usize>>);

impl OnItsWay {
    fn begin(under_way: &Arc<Mutex<usize>>) -> Self {
        *under_way.lock().unwrap() += 1;
        Self(Arc::clone(under_way))
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        *self.0.lock().unwrap() -= 1;
    }
}

impl Transport for Line {
    fn send(
        &self,
        request: Request<Body>,
        _: Duration,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportFailure>> {
        let path = request.uri().path().to_owned();
        let file = path.split('/').nth(5).map(str::to_owned);
        let platform = &self.0;
        let on_its_way = file.is_some().then(|| OnItsWay::begin(&platform.under_way));
        let asked = Asked {
            at: platform.clock.steady(),
            path,
            file,
            under_way: *platform.under_way.lock().unwrap(),
        };
        let answer = (platform.answering)(&asked);
        platform.asked.lock().unwrap().push(asked);
        async move {
            if !answer.takes.is_zero() {
                tokio::time::sleep(answer.takes).await;
            }
            drop(on_its_way);
            let metadata = json!({ "metadata": { "mimetype": "text/plain" } }).to_string();
            let mut response = http::Response::builder()
                .status(answer.status)
                .header("content-length", answer.body.len())
                .header("x-metadata", URL_SAFE_NO_PAD.encode(metadata));
            if let Some(seconds) = answer.retry_after {
                response = response.header("retry-after", seconds);
            }
            let body = stream::iter([Ok(answer.body)]).boxed();
            Ok(response.body(body).unwrap())
        }
        .boxed()
    }
}

/// A small file, as the platform has it.
pub fn small_file() -> Bytes {
    static SEALED: LazyLock<Bytes> = LazyLock::new(|| seal(CONTRACT_KEY, b"content").into());
    SEALED.clone()
}
