//! Tasks on one thread under virtual time: a seed picks which of those that are ready goes on, and time passes when none is.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::future::BoxFuture;

use crate::chance::Chance;

/// Microseconds since the schedule began, by no machine's clock.
pub type Micros = u64;

pub const MILLISECOND: Micros = 1000;
pub const SECOND: Micros = 1_000_000;

/// Whose a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The network, the store, the people who start processes.
    Outside,
    /// The process with this number: it dies with it.
    Process(usize),
}

/// Tasks, and the time.
pub struct Executor {
    now: AtomicU64,
    ready: Arc<Ready>,
    inner: Mutex<Inner>,
}

struct Inner {
    chance: Chance,
    slots: Vec<Slot>,
    free: Vec<usize>,
    timers: BTreeMap<(Micros, u64), Waker>,
    timers_made: u64,
}

struct Slot {
    owner: Owner,
    generation: u64,
    task: Option<(BoxFuture<'static, ()>, Arc<Wakes>)>,
}

/// A task, and which of those that its place has had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    place: usize,
    generation: u64,
}

#[derive(Default)]
struct Ready(Mutex<Vec<Key>>);

struct Wakes {
    key: Key,
    queued: AtomicBool,
    ready: Arc<Ready>,
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.queued.swap(true, Ordering::Relaxed) {
            lock(&self.ready.0).push(self.key);
        }
    }
}

/// What is locked here is locked by one thread alone.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Executor {
    /// One whose picks come from here.
    #[must_use]
    pub fn new(chance: Chance) -> Arc<Self> {
        Arc::new(Self {
            now: AtomicU64::new(0),
            ready: Arc::default(),
            inner: Mutex::new(Inner {
                chance,
                slots: Vec::new(),
                free: Vec::new(),
                timers: BTreeMap::new(),
                timers_made: 0,
            }),
        })
    }

    /// The time.
    pub fn now(&self) -> Micros {
        self.now.load(Ordering::Relaxed)
    }

    /// Lets a task go on beside the others.
    pub fn spawn(&self, owner: Owner, work: impl Future<Output = ()> + Send + 'static) {
        self.spawn_boxed(owner, Box::pin(work));
    }

    /// The same.
    pub fn spawn_boxed(&self, owner: Owner, work: BoxFuture<'static, ()>) {
        let mut inner = lock(&self.inner);
        let place = inner.free.pop().unwrap_or(inner.slots.len());
        if place == inner.slots.len() {
            inner.slots.push(Slot {
                owner,
                generation: 0,
                task: None,
            });
        }
        let ready = Arc::clone(&self.ready);
        let slot = &mut inner.slots[place];
        let key = Key {
            place,
            generation: slot.generation,
        };
        let wakes = Wakes {
            key,
            queued: AtomicBool::new(false),
            ready,
        };
        slot.owner = owner;
        let wakes = Arc::new(wakes);
        slot.task = Some((work, Arc::clone(&wakes)));
        drop(inner);
        wakes.wake();
    }

    /// One of the tasks that are ready, and whose it is. It is to be polled, or held back.
    pub fn pick(&self) -> Option<(Key, Owner)> {
        let mut inner = lock(&self.inner);
        let mut ready = lock(&self.ready.0);
        while !ready.is_empty() {
            let place = inner.chance.place(ready.len());
            let key = ready.swap_remove(place);
            let slot = &inner.slots[key.place];
            if slot.generation == key.generation && slot.task.is_some() {
                return Some((key, slot.owner));
            }
        }
        None
    }

    /// Lets tasks that were held back be picked again.
    pub fn release(&self, held: Vec<Key>) {
        lock(&self.ready.0).extend(held);
    }

    /// Lets a task do its next step.
    pub fn poll(&self, key: Key) {
        let taken = lock(&self.inner).slots[key.place].task.take();
        let Some((mut work, to_wake)) = taken else {
            return;
        };
        to_wake.queued.store(false, Ordering::Relaxed);
        let waker = Waker::from(Arc::clone(&to_wake));
        let polled = work.as_mut().poll(&mut Context::from_waker(&waker));
        let mut inner = lock(&self.inner);
        if polled.is_pending() {
            inner.slots[key.place].task = Some((work, to_wake));
        } else {
            inner.let_go(key.place);
            drop(inner);
            drop(work);
        }
    }

    /// Ends all tasks of an owner.
    pub fn end(&self, owner: Owner) {
        let mut ended = Vec::new();
        let mut inner = lock(&self.inner);
        for place in 0..inner.slots.len() {
            if inner.slots[place].owner == owner && inner.slots[place].task.is_some() {
                ended.extend(inner.slots[place].task.take());
                inner.let_go(place);
            }
        }
        drop(inner);
        drop(ended);
    }

    /// How many tasks an owner has.
    pub fn count(&self, owner: Owner) -> usize {
        let inner = lock(&self.inner);
        let own = |slot: &&Slot| slot.owner == owner && slot.task.is_some();
        inner.slots.iter().filter(own).count()
    }

    /// Lets time pass until something is to happen; false where nothing ever is.
    pub fn advance(&self) -> bool {
        let mut inner = lock(&self.inner);
        let Some((&(due, _), _)) = inner.timers.first_key_value() else {
            return false;
        };
        self.now.fetch_max(due, Ordering::Relaxed);
        while let Some(first) = inner.timers.first_entry()
            && first.key().0 <= due
        {
            first.remove().wake();
        }
        true
    }

    /// Waits until a time.
    pub fn until(self: &Arc<Self>, due: Micros) -> Until {
        Until {
            executor: Arc::clone(self),
            due,
            timer: None,
        }
    }

    /// Waits for so long.
    pub fn after(self: &Arc<Self>, time: Micros) -> Until {
        self.until(self.now().saturating_add(time))
    }
}

impl Inner {
    fn let_go(&mut self, place: usize) {
        self.slots[place].generation += 1;
        self.free.push(place);
    }
}

/// Waits for a time.
pub struct Until {
    executor: Arc<Executor>,
    due: Micros,
    timer: Option<u64>,
}

impl Future for Until {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.executor.now() >= self.due {
            return Poll::Ready(());
        }
        let executor = Arc::clone(&self.executor);
        let mut inner = lock(&executor.inner);
        let number = self.timer.unwrap_or_else(|| {
            inner.timers_made += 1;
            inner.timers_made
        });
        self.timer = Some(number);
        let waker = context.waker().clone();
        inner.timers.insert((self.due, number), waker);
        Poll::Pending
    }
}

impl Drop for Until {
    fn drop(&mut self) {
        if let Some(number) = self.timer {
            lock(&self.executor.inner)
                .timers
                .remove(&(self.due, number));
        }
    }
}
