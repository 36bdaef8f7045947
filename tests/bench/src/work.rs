//! The works, as the column of Rust does them: how often, how many at once, and how each is warmed up.

use std::sync::Arc;

use clap::{Args, ValueEnum};
use digime_bench::{Announcement, BenchError};

use crate::application::{Application, DOCUMENT, PUSHED};
use crate::measurement::{Measurement, Stopwatch};
use crate::repetition::repeat;
use crate::searching::Searching;
use crate::waiting;

/// What is to be measured.
#[derive(Args)]
pub struct Task {
    /// What is done
    work: Work,
    /// How many calls, files, pages, sessions or mebibytes
    size: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Work {
    Authorize,
    Exchange,
    Cold,
    Callback,
    Init,
    Push,
    Push16,
    Document,
    Read,
    Documents,
    Large,
    Upload,
    Download,
    Search,
    Waiting,
    WaitingFixed,
}

impl Task {
    /// Does it and measures it, after a tenth of it to warm up.
    pub async fn measure(self, platform: Announcement) -> Result<Measurement, BenchError> {
        match self.work {
            Work::Cold | Work::Callback => self.measure_first(platform).await,
            Work::Init => self.measure_init(&platform),
            Work::Search => self.measure_search(platform).await,
            Work::Waiting => self.measure_waiting(platform, None).await,
            Work::WaitingFixed => {
                self.measure_waiting(platform, Some(waiting::FIXED_MS))
                    .await
            }
            _ => self.measure_calls(platform).await,
        }
    }

    async fn measure_calls(self, platform: Announcement) -> Result<Measurement, BenchError> {
        let application = Arc::new(Application::new(platform)?);
        match self.work {
            Work::Large => Work::Read.run(&application, 1).await?,
            work => work.run(&application, self.size.div_ceil(10)).await?,
        }
        let stopwatch = Stopwatch::start();
        self.work.run(&application, self.size).await?;
        Ok(stopwatch.stop(self.size))
    }

    /// From before there is a client to the token of a user.
    async fn measure_first(self, platform: Announcement) -> Result<Measurement, BenchError> {
        let stopwatch = Stopwatch::start();
        let application = Application::new(platform)?;
        if matches!(self.work, Work::Cold) {
            application.authorize().await?;
        }
        application.exchange().await?;
        Ok(stopwatch.stop(1))
    }

    fn measure_init(self, platform: &Announcement) -> Result<Measurement, BenchError> {
        let _first = Application::new(platform.clone())?;
        let stopwatch = Stopwatch::start();
        for _ in 0..self.size {
            Application::new(platform.clone())?;
        }
        Ok(stopwatch.stop(self.size))
    }

    async fn measure_search(self, platform: Announcement) -> Result<Measurement, BenchError> {
        let application = Searching::new(platform.place).await?;
        application.search(self.size.div_ceil(10)).await?;
        let stopwatch = Stopwatch::start();
        application.search(self.size).await?;
        Ok(stopwatch.stop(self.size))
    }

    async fn measure_waiting(
        self,
        platform: Announcement,
        polling_interval: Option<u64>,
    ) -> Result<Measurement, BenchError> {
        let application = Arc::new(Application::new(platform)?);
        let stopwatch = Stopwatch::start();
        let waited = waiting::wait(&application, self.size, polling_interval).await?;
        Ok(stopwatch.stop(self.size).with_waited(waited))
    }
}

impl Work {
    async fn run(self, application: &Arc<Application>, size: u64) -> Result<(), BenchError> {
        match self {
            Self::Authorize => {
                repeat(
                    application,
                    size,
                    1,
                    |it| async move { it.authorize().await },
                )
                .await
            }
            Self::Exchange => {
                repeat(
                    application,
                    size,
                    1,
                    |it| async move { it.exchange().await },
                )
                .await
            }
            Self::Push => {
                repeat(
                    application,
                    size,
                    1,
                    |it| async move { it.push(&PUSHED).await },
                )
                .await
            }
            Self::Push16 => {
                repeat(
                    application,
                    size,
                    16,
                    |it| async move { it.push(&PUSHED).await },
                )
                .await
            }
            Self::Document => {
                repeat(application, size, 1, |it| async move {
                    it.push(&DOCUMENT).await
                })
                .await
            }
            Self::Read => application.read(&format!("files-{size}"), size).await,
            Self::Documents => application.read(&format!("documents-{size}"), size).await,
            Self::Large => application.read("large", 1).await,
            Self::Upload => application.upload(size).await,
            Self::Download => application.download(size).await,
            Self::Cold
            | Self::Callback
            | Self::Init
            | Self::Search
            | Self::Waiting
            | Self::WaitingFixed => Ok(()),
        }
    }
}
