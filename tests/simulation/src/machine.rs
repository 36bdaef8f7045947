//! A machine: what its clocks say, and when it stands still.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use digime_sdk::world::Clock;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::executor::{Executor, Key, Micros, Until, lock};

/// What time it is when a schedule begins, in microseconds since 1970.
const BEGIN: i64 = 1_767_225_600 * MILLION;
/// What a steady clock says then.
const RUNNING: Micros = 100_000_000;
const MILLION: i64 = 1_000_000;

/// Microseconds since 1970, by the clock of who needs none.
#[must_use]
pub fn true_time(at: Micros) -> Micros {
    unsigned(BEGIN + signed(at))
}

/// A machine.
pub struct Machine {
    /// Its place among the machines.
    pub number: usize,
    executor: Arc<Executor>,
    /// How many millionths its clocks are too fast.
    drift: i64,
    state: Mutex<State>,
}

struct State {
    /// From when on its time was ahead by how many microseconds.
    set: Vec<(Micros, i64)>,
    /// For how long it has slept.
    slept: Micros,
    /// When it stood still.
    still: Vec<(Micros, Micros)>,
    held: Vec<Key>,
}

fn signed(number: Micros) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> Micros {
    Micros::try_from(number).unwrap_or_default()
}

impl Machine {
    /// One whose time is ahead by so many microseconds.
    #[must_use]
    pub fn new(number: usize, executor: &Arc<Executor>, ahead: i64, drift: i64) -> Arc<Self> {
        Arc::new(Self {
            number,
            executor: Arc::clone(executor),
            drift,
            state: Mutex::new(State {
                set: vec![(0, ahead)],
                slept: 0,
                still: Vec::new(),
                held: Vec::new(),
            }),
        })
    }

    fn drifted(&self, time: Micros) -> Micros {
        unsigned(signed(time) + signed(time) * self.drift / MILLION)
    }

    fn wall(&self, time: Micros, ahead: i64) -> Micros {
        unsigned(BEGIN + signed(self.drifted(time)) + ahead)
    }

    /// Its steady clock.
    pub fn steady_micros(&self) -> Micros {
        let slept = lock(&self.state).slept;
        RUNNING + self.drifted(self.executor.now().saturating_sub(slept))
    }

    /// Milliseconds since 1970, by its clock, at a time.
    pub fn wall_ms(&self, at: Micros) -> i64 {
        self.latest_wall_ms(at, at)
    }

    /// The latest that its clock said between two times.
    pub fn latest_wall_ms(&self, from: Micros, to: Micros) -> i64 {
        let state = lock(&self.state);
        let ends = state.set.iter().skip(1).map(|(end, _)| *end);
        let ends = ends.chain([Micros::MAX]);
        let said = state.set.iter().zip(ends);
        let said = said.filter(|((since, _), end)| *since <= to && *end > from);
        let said = said.map(|((_, ahead), end)| self.wall(end.min(to), *ahead));
        signed(said.max().unwrap_or_default() / 1000)
    }

    /// Sets its time, so that it is ahead by so many microseconds.
    pub fn set(&self, ahead: i64) {
        lock(&self.state).set.push((self.executor.now(), ahead));
    }

    /// Whether its time was set between two times.
    pub fn was_set(&self, from: Micros, to: Micros) -> bool {
        let state = lock(&self.state);
        let mut set = state.set.iter().skip(1);
        set.any(|(at, _)| *at >= from && *at <= to)
    }

    /// Lets it stand still until a time.
    pub fn stand_still(self: &Arc<Self>, until: Micros, sleeps: bool) {
        let now = self.executor.now();
        let mut state = lock(&self.state);
        state.still.push((now, until));
        if sleeps {
            state.slept += until.saturating_sub(now);
        }
        drop(state);
    }

    /// Lets what was held back go on.
    pub fn wake(&self) {
        let held = std::mem::take(&mut lock(&self.state).held);
        self.executor.release(held);
    }

    /// Whether it stands still; what was to be done is done afterwards.
    pub fn holds(&self, key: Key) -> bool {
        let mut state = lock(&self.state);
        let until = state.still.last().map_or(0, |(_, until)| *until);
        let stands = self.executor.now() < until;
        if stands {
            state.held.push(key);
        }
        stands
    }

    /// When it stands still no more.
    pub fn stands_until(&self) -> Micros {
        lock(&self.state)
            .still
            .last()
            .map_or(0, |(_, until)| *until)
    }

    /// When it stood still.
    pub fn still(&self) -> Vec<(Micros, Micros)> {
        lock(&self.state).still.clone()
    }

    /// For how long it stood still between two times.
    pub fn still_between(&self, from: Micros, to: Micros) -> Micros {
        let state = lock(&self.state);
        let within =
            |(since, until): &(Micros, Micros)| (*until).min(to).saturating_sub((*since).max(from));
        state.still.iter().map(within).sum()
    }
}

/// The clocks of a machine, as a process sees them.
pub struct MachineClock(pub Arc<Machine>);

impl Clock for MachineClock {
    fn now(&self) -> SystemTime {
        let machine = &self.0;
        let now = machine.executor.now();
        let ahead = lock(&machine.state)
            .set
            .last()
            .map_or(0, |(_, ahead)| *ahead);
        UNIX_EPOCH + Duration::from_micros(machine.wall(now, ahead))
    }

    fn steady(&self) -> Duration {
        Duration::from_micros(self.0.steady_micros())
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let machine = Arc::clone(&self.0);
        // Never shorter than was asked for, or who asks again for what is left would do so for ever.
        let long = duration.as_nanos().div_ceil(1000);
        let long = u64::try_from(long).unwrap_or(u64::MAX);
        let due = machine.steady_micros().saturating_add(long);
        let waits = Waits {
            machine,
            due,
            until: None,
        };
        Box::pin(waits)
    }
}

/// Waits by a steady clock, which may stand still meanwhile.
struct Waits {
    machine: Arc<Machine>,
    due: Micros,
    until: Option<Until>,
}

impl Future for Waits {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        loop {
            let left = self.due.saturating_sub(self.machine.steady_micros());
            if left == 0 {
                return Poll::Ready(());
            }
            if let Some(until) = &mut self.until
                && until.poll_unpin(context).is_pending()
            {
                return Poll::Pending;
            }
            // A fast clock gets there sooner, a slow one looks twice.
            let time = left.saturating_sub(left / 2000).max(1);
            self.until = Some(self.machine.executor.after(time));
        }
    }
}
