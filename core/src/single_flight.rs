//! One piece of work for all who need its outcome: it outlives those who wait for it, and carries the caller's functions.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt, Shared};
use tokio::sync::watch;

use crate::binding::carry;
use crate::world::Moment;
use crate::{Error, World};

/// What the work is known by: a digest, so that no map holds a token.
pub(crate) type Key = [u8; 32];

/// What comes of work; none where it gave up since nobody waited for it any more.
pub(crate) type Outcome<T> = Option<Result<T, Error>>;

type Awaited<T> = Shared<BoxFuture<'static, Outcome<T>>>;

/// Work under way, and what has come of some of it.
pub(crate) struct SingleFlight<T> {
    flights: Flights<T>,
    remembered: Option<Duration>,
}

type Flights<T> = Arc<Mutex<HashMap<Key, Flight<T>>>>;

struct Flight<T> {
    outcome: Awaited<T>,
    waiting: watch::Sender<usize>,
    /// When its outcome was first handed to somebody.
    delivered: Option<Moment>,
}

impl<T: Clone + Send + Sync + 'static> SingleFlight<T> {
    /// Work that is forgotten when it ends.
    pub(crate) fn forgetting() -> Self {
        Self {
            flights: Arc::default(),
            remembered: None,
        }
    }

    /// Work of which a success goes on answering, for so long after somebody has had it first. One that nobody has had, since all had gone,
    /// is kept until somebody asks. What failed is forgotten, unless the error brings something along that is nowhere else.
    pub(crate) fn remembering(remembered: Duration) -> Self {
        Self {
            flights: Arc::default(),
            remembered: Some(remembered),
        }
    }

    /// The outcome of the work under this key: of what is under way or remembered, else of what begins here. It goes on when all who wait
    /// for it have gone, unless it gives up by itself.
    pub(crate) async fn join<F>(
        &self,
        world: &World,
        key: Key,
        work: impl Fn(Waiting) -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Outcome<T>> + Send + 'static,
    {
        loop {
            let (outcome, _here) = self.joined(world, key, &work);
            if let Some(outcome) = self.delivered(world, key, outcome).await {
                return outcome;
            }
        }
    }

    /// Begins the work under this key, unless it is under way or remembered, for whoever asks for it next. Who holds what this gives is one who waits.
    pub(crate) fn begin_ahead<F>(
        &self,
        world: &World,
        key: Key,
        work: impl Fn(Waiting) -> F,
    ) -> Here
    where
        F: Future<Output = Outcome<T>> + Send + 'static,
    {
        self.joined(world, key, &work).1
    }

    /// The outcome of the work under this key; none where there is none under way or remembered.
    pub(crate) async fn known(&self, world: &World, key: Key) -> Outcome<T> {
        let joined = with(&self.flights, |flights| {
            let flight = flights.get(&key)?;
            Some((flight.outcome.clone(), Here::at(&flight.waiting)))
        });
        let (outcome, _here) = joined?;
        self.delivered(world, key, outcome).await
    }

    /// Whether work under this key has come to its end and is remembered.
    pub(crate) fn remembers(&self, key: Key) -> bool {
        with(&self.flights, |flights| {
            let flight = flights.get(&key);
            flight.is_some_and(|flight| flight.outcome.peek().is_some())
        })
    }

    fn joined<F>(&self, world: &World, key: Key, work: &impl Fn(Waiting) -> F) -> (Awaited<T>, Here)
    where
        F: Future<Output = Outcome<T>> + Send + 'static,
    {
        let remembered = self.remembered.unwrap_or_default();
        let is_current = |flight: &Flight<T>| {
            flight
                .delivered
                .is_none_or(|when| when.at_least(&*world.clock) < remembered)
        };
        with(&self.flights, |flights| {
            if self.remembered.is_some() {
                flights.retain(|_, flight| is_current(flight));
            }
            match flights.entry(key) {
                Entry::Occupied(flight) => {
                    let flight = flight.get();
                    (flight.outcome.clone(), Here::at(&flight.waiting))
                }
                Entry::Vacant(place) => {
                    let (flight, here) = self.begin(world, key, work);
                    (place.insert(flight).outcome.clone(), here)
                }
            }
        })
    }

    fn begin<F>(&self, world: &World, key: Key, work: &impl Fn(Waiting) -> F) -> (Flight<T>, Here)
    where
        F: Future<Output = Outcome<T>> + Send + 'static,
    {
        let (waiting, watched) = watch::channel(0);
        let here = Here::at(&waiting);
        let work = work(Waiting(watched));
        let (flights, remembers) = (Arc::clone(&self.flights), self.remembered.is_some());
        let task = world.spawn(carry(async move {
            // It goes out of the map however it ends, by a panic too.
            let mut over = Over(Some((flights, key)));
            let outcome = work.await;
            let is_worth_it = outcome.as_ref().is_some_and(|outcome| match outcome {
                Ok(_) => true,
                Err(error) => error.carried().is_some(),
            });
            if remembers && is_worth_it {
                over.0 = None;
            }
            outcome
        }));
        let outcome = task.map(|ended| ended.unwrap_or_else(|broke_off| Some(Err(broke_off))));
        let flight = Flight {
            outcome: outcome.boxed().shared(),
            waiting,
            delivered: None,
        };
        (flight, here)
    }

    async fn delivered(&self, world: &World, key: Key, awaited: Awaited<T>) -> Outcome<T> {
        let outcome = awaited.clone().await;
        with(&self.flights, |flights| {
            if let Some(flight) = flights
                .get_mut(&key)
                .filter(|flight| flight.outcome.ptr_eq(&awaited))
            {
                flight.delivered.get_or_insert_with(|| world.moment());
            }
        });
        outcome
    }
}

fn with<T, R>(flights: &Flights<T>, look: impl FnOnce(&mut HashMap<Key, Flight<T>>) -> R) -> R {
    look(&mut flights.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Takes work that is over out of the map. No other can stand under its key before.
struct Over<T>(Option<(Flights<T>, Key)>);

impl<T> Drop for Over<T> {
    fn drop(&mut self) {
        if let Some((flights, key)) = self.0.take() {
            let flight = with(&flights, |flights| flights.remove(&key));
            drop(flight);
        }
    }
}

/// Somebody who waits.
pub(crate) struct Here(watch::Sender<usize>);

impl Here {
    fn at(waiting: &watch::Sender<usize>) -> Self {
        waiting.send_modify(|waiting| *waiting += 1);
        Self(waiting.clone())
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.0.send_modify(|waiting| *waiting -= 1);
    }
}

/// Who waits for a piece of work, as the work sees it.
#[derive(Clone)]
pub(crate) struct Waiting(watch::Receiver<usize>);

impl Waiting {
    /// Waits until nobody does any more.
    pub(crate) async fn nobody(&mut self) {
        // The flight holds the other end for as long as the work is under way.
        if self.0.wait_for(|waiting| *waiting == 0).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
