//! One state of the world of the model: the record, the platform, the processes, and what is remembered to judge them by.

/// Time goes by in half seconds: half of what is counted, and the longest that one look counts for.
pub(crate) const SECOND: i8 = 2;
pub(crate) const LONGEST_LOOK: i8 = 1;
/// A lease of three seconds, the shortest that can be set.
pub(crate) const LEASE: i8 = 6;
/// By when the request must have left, and how much of the lease is kept for storing the answer.
pub(crate) const LEAVES_WITHIN: i8 = LEASE / 3;
pub(crate) const STORING: i8 = LEASE / 6;
/// How often a lease may be taken that is too old when it is there: fewer than in the code, where the eighth is like the second.
pub(crate) const MOST_LEASES: u8 = 2;
/// How far a clock is set ahead, and back.
pub(crate) const AHEAD: i8 = LEASE;
pub(crate) const BACK: i8 = -2;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct State {
    /// None when the patient has unlinked.
    pub record: Option<Record>,
    pub platform: Platform,
    pub processes: Vec<Process>,
    /// How many faults there may still be.
    pub faults: u8,
    pub seen: Remembered,
    pub broken: Option<crate::Promise>,
}

/// The record of the link. Of the pair of tokens it has a number: each new pair has a greater one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Record {
    pub pair: u8,
    pub status: Status,
    pub lease: Option<Lease>,
    /// Whether it is sealed under the new key.
    pub new_key: bool,
    /// Only whether two are the same counts.
    pub version: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Status {
    Active,
    Uncertain,
    Expired,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Lease {
    pub id: u8,
    pub counted: i8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Platform {
    /// The pair whose refresh token it takes.
    pub current: u8,
    /// The first pair of the patient's session.
    pub session: u8,
    /// Whether that goes on: a refresh token that comes a second time ends it.
    pub alive: bool,
    /// Whether the access token in the record still serves.
    pub serves: bool,
}

/// What no process knows, to judge them by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Remembered {
    /// For how long, in true time, the lease in the record has stood since it was taken.
    pub stood: i8,
    /// The pairs that were ever stored: a bit each.
    pub stored: u8,
    /// What became of the first answer for the refresh token of the platform's last session that was presented last.
    pub answer: Answered,
    /// Whether nothing was written since the patient linked.
    pub untouched: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Answered {
    /// It is on its way to who presented the token, or in their hand.
    Held,
    /// It was lost, or who had it died.
    Lost,
    /// It is stored.
    Stored,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Process {
    pub lives: Lives,
    /// Whether it has the new key, and seals with it.
    pub new_key: bool,
    pub flight: Option<Flight>,
    /// A write that it has given up and that may still reach the store.
    pub stray: Option<(Write, Decided)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Lives {
    Running,
    /// Stopped (SIGSTOP), while its clocks go on.
    Paused,
    /// With its machine, whose steady clock stands still.
    Asleep,
}

/// A refresh under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Flight {
    /// The pair that it is to replace.
    pub spent: u8,
    /// Whether the access token of that still serves.
    pub early: bool,
    pub lease: u8,
    /// How much time has passed since before the lease was asked for.
    pub begun: Passed,
    pub disturbed: Option<Disturbed>,
    pub taken: u8,
    pub failed: bool,
    pub watch: Option<Seen>,
    pub step: Step,
    /// Whether, when it took the lease, the refresh token had been presented by one who may not have its answer, so that it may be
    /// presented again.
    pub repeats: bool,
    /// Whether it has presented the refresh token, and was kept from its work since.
    pub presented: Option<Kept>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Kept(pub bool);

/// What has befallen the clocks since a turn began. Of both together no clock that a process has would tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Disturbed {
    SetBack,
    Asleep,
}

/// How much time has passed, by the clock that may be set and the one that stands still while the machine sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Passed {
    pub wall: i8,
    pub steady: i8,
}

impl Passed {
    pub(crate) fn at_most(self) -> i8 {
        self.wall.max(self.steady)
    }

    pub(crate) fn at_least(self) -> i8 {
        self.wall.min(self.steady).max(0)
    }

    /// Time passes; beyond `enough` it makes no difference.
    pub(crate) fn pass(&mut self, wall: i8, steady: i8, enough: i8) {
        self.wall = (self.wall + wall).clamp(BACK, enough);
        self.steady = (self.steady + steady).min(enough);
    }
}

/// What was seen of another's lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Seen {
    pub lease: u8,
    pub version: u8,
    pub last: Passed,
    pub stood: i8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Step {
    /// Is about to read the record, and to decide.
    Turn,
    /// Waits for another.
    Wait,
    /// Has the lease.
    Exchange,
    /// Has presented the refresh token, and waits so long for the answer; none will come if it is lost.
    Answer {
        waits: i8,
        answer: Option<Reply>,
    },
    /// Has a new pair, and stores it when so much time has passed.
    Keep {
        fresh: u8,
        pause: i8,
    },
    GiveUp {
        uncertain: bool,
    },
    /// Is told that the session is over.
    Expire,
    /// Has sent a write to the store.
    Write {
        write: Write,
        of: Decided,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Reply {
    Fresh(u8),
    Over,
}

/// What is written if the record has the version `expected`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Write {
    pub expected: u8,
    pub record: Record,
    /// Whether time may pass until it is acknowledged.
    pub slow: bool,
    pub done: Option<Done>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Done {
    /// Written; and whether the refresh token had been presented then by one who may not have its answer.
    Written {
        version: u8,
        repeats: bool,
    },
    Refused,
}

/// What a write is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Decided {
    Take,
    Count,
    Keep { fresh: u8 },
    GiveUp { uncertain: bool },
    Expire,
}

impl State {
    pub(crate) fn first(model: &crate::Model) -> Self {
        let process = Process {
            lives: Lives::Running,
            new_key: false,
            flight: None,
            stray: None,
        };
        Self {
            record: Some(Record::linked(0, 0, false)),
            platform: Platform {
                current: 0,
                session: 0,
                alive: true,
                serves: true,
            },
            processes: vec![process; model.processes],
            faults: model.faults,
            seen: Remembered {
                stood: 0,
                stored: 1,
                answer: Answered::Stored,
                untouched: true,
            },
            broken: None,
        }
    }

    /// The same, written so that states that differ in names alone are one: which process is which, ids of leases, and versions.
    pub(crate) fn without_names(&self) -> Self {
        let mut state = self.clone();
        state.processes.sort_unstable();
        let (mut versions, mut leases) = (Names::default(), Names::default());
        state.each_name(
            |version| *version = versions.of(*version),
            |lease| *lease = leases.of(*lease),
        );
        state
    }

    /// A version, or an id of a lease, that nothing has.
    pub(crate) fn new_name(&mut self) -> u8 {
        let greatest = std::cell::Cell::new(0);
        let look = |name: &mut u8| greatest.set(greatest.get().max(*name));
        self.each_name(look, look);
        greatest.get() + 1
    }

    fn each_name(&mut self, mut version: impl FnMut(&mut u8), mut lease: impl FnMut(&mut u8)) {
        if let Some(record) = &mut self.record {
            version(&mut record.version);
            record.lease.iter_mut().for_each(|held| lease(&mut held.id));
        }
        for process in &mut self.processes {
            let mut written = process
                .stray
                .iter_mut()
                .map(|(write, _)| write)
                .collect::<Vec<_>>();
            if let Some(flight) = &mut process.flight {
                lease(&mut flight.lease);
                if let Some(seen) = &mut flight.watch {
                    version(&mut seen.version);
                    lease(&mut seen.lease);
                }
                if let Step::Write { write, .. } = &mut flight.step {
                    written.push(write);
                }
            }
            for write in written {
                version(&mut write.expected);
                write.record.version = write.expected;
                if let Some(Done::Written {
                    version: written, ..
                }) = &mut write.done
                {
                    version(written);
                }
                let held = write.record.lease.iter_mut();
                held.for_each(|held| lease(&mut held.id));
            }
        }
    }
}

impl Record {
    /// Not while another refreshes, nor where the refresh token may be spent and the access token is all that is left.
    pub(crate) fn may_be_refreshed_early(self) -> bool {
        self.lease.is_none() && self.status == Status::Active
    }

    pub(crate) fn linked(pair: u8, version: u8, new_key: bool) -> Self {
        Self {
            pair,
            status: Status::Active,
            lease: None,
            new_key,
            version,
        }
    }
}

/// Names in the order in which they are met.
#[derive(Default)]
struct Names(Vec<u8>);

impl Names {
    fn of(&mut self, name: u8) -> u8 {
        let known = self.0.iter().position(|known| *known == name);
        let place = known.unwrap_or_else(|| {
            self.0.push(name);
            self.0.len() - 1
        });
        u8::try_from(place).unwrap_or(u8::MAX)
    }
}
