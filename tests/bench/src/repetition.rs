//! A call that is made again and again: by one task, of which each call is timed, or by several at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use digime_bench::BenchError;
use tokio::task::JoinSet;

use crate::measurement::{Measurement, Stopwatch};

/// Makes `count` calls, so many at once as there are tasks.
pub async fn repeat<A, F>(
    application: &Arc<A>,
    count: u64,
    tasks: usize,
    call: fn(Arc<A>) -> F,
) -> Result<(), BenchError>
where
    A: Send + Sync + 'static,
    F: Future<Output = Result<(), BenchError>> + Send + 'static,
{
    let begun = Arc::new(AtomicU64::new(0));
    let mut under_way = JoinSet::new();
    for _ in 0..tasks {
        let (application, begun) = (Arc::clone(application), Arc::clone(&begun));
        under_way.spawn(async move {
            while begun.fetch_add(1, Ordering::Relaxed) < count {
                call(Arc::clone(&application)).await?;
            }
            Ok::<_, BenchError>(())
        });
    }
    while let Some(ended) = under_way.join_next().await {
        ended??;
    }
    Ok(())
}

/// Measures `count` calls, so many at once as there are tasks, after a tenth of them to warm up.
pub async fn at_once<A, F>(
    application: &Arc<A>,
    count: u64,
    tasks: usize,
    call: fn(Arc<A>) -> F,
) -> Result<Measurement, BenchError>
where
    A: Send + Sync + 'static,
    F: Future<Output = Result<(), BenchError>> + Send + 'static,
{
    repeat(application, count.div_ceil(10), tasks, call).await?;
    let stopwatch = Stopwatch::start();
    repeat(application, count, tasks, call).await?;
    Ok(stopwatch.stop(count))
}

/// Measures `count` calls, one after another, after a tenth of them to warm up; and how long most of them took at the longest.
pub async fn one_at_a_time<A, F>(
    application: &Arc<A>,
    count: u64,
    call: fn(Arc<A>) -> F,
) -> Result<Measurement, BenchError>
where
    A: Send + Sync + 'static,
    F: Future<Output = Result<(), BenchError>> + Send + 'static,
{
    repeat(application, count.div_ceil(10), 1, call).await?;
    let mut taken = Vec::new();
    let stopwatch = Stopwatch::start();
    for _ in 0..count {
        let begun = Instant::now();
        call(Arc::clone(application)).await?;
        taken.push(begun.elapsed());
    }
    Ok(stopwatch.stop(count).with_median(taken))
}
