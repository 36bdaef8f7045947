//! The works, as the column of Rust does them: how often, how many at once, and how each is warmed up.

use std::sync::Arc;

use clap::{Args, ValueEnum};
use digime_bench::{Announcement, BenchError};

use crate::application::Application;
use crate::measurement::{Measurement, Stopwatch};
use crate::repetition::repeat;

/// What is to be measured.
#[derive(Args)]
pub struct Task {
    /// What is done
    work: Work,
    /// How many calls, files or mebibytes
    size: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Work {
    Authorize,
    Exchange,
    Push,
    Push16,
    Read,
    Large,
    Upload,
    Download,
}

impl Task {
    /// Does it and measures it, after a tenth of it to warm up.
    pub async fn measure(self, platform: Announcement) -> Result<Measurement, BenchError> {
        let application = Arc::new(Application::new(platform)?);
        match self.work {
            Work::Large => Work::Read.run(&application, 1).await?,
            work => work.run(&application, self.size.div_ceil(10)).await?,
        }
        let stopwatch = Stopwatch::start();
        self.work.run(&application, self.size).await?;
        Ok(stopwatch.stop(self.size))
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
            Self::Push => repeat(application, size, 1, |it| async move { it.push().await }).await,
            Self::Push16 => {
                repeat(application, size, 16, |it| async move { it.push().await }).await
            }
            Self::Read => application.read(&format!("files-{size}"), size).await,
            Self::Large => application.read("large", 1).await,
            Self::Upload => application.upload(size).await,
            Self::Download => application.download(size).await,
        }
    }
}
