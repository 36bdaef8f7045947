//! The numbered steps from one schema of a store in SQL to the next, and which processes can work with what has come of them.
//!
//! While an application is rolled out, old and new processes share a store: a step changes nothing that the processes of the version before
//! rely on. Where one has to, it says so by the oldest step that a process must know from then on.

use super::StoreFailure;

/// How many steps there are.
const STEPS: usize = 2;

/// The steps for SQLite. A step that was released does not change any more.
#[cfg(feature = "sqlite")]
pub(super) const SQLITE: [&str; STEPS] = [
    include_str!("migrations/1.sqlite.sql"),
    include_str!("migrations/2.sqlite.sql"),
];

/// The steps for PostgreSQL.
#[cfg(feature = "postgres")]
pub(super) const POSTGRES: [&str; STEPS] = [
    include_str!("migrations/1.postgres.sql"),
    include_str!("migrations/2.postgres.sql"),
];

/// The step from which on a platform may say that its people share public ids.
pub(super) const SHARED_PUBLIC_IDS: i64 = 2;

/// What a store says of itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schema {
    /// The last step that was made; 0 where there are no tables.
    pub number: i64,
    /// The oldest that a process must know.
    pub oldest: i64,
}

impl Schema {
    /// As version 1 of the SDK left it, which wrote down no more than this.
    pub(super) fn of_version(version: i64) -> Self {
        Self {
            number: version,
            oldest: version,
        }
    }

    /// Whether steps are left.
    pub(super) fn is_behind(self) -> bool {
        usize::try_from(self.number).is_ok_and(|made| made < STEPS)
    }

    /// The steps that are left, `schema` being empty or a name with a dot.
    pub(super) fn left<'a>(
        self,
        steps: &'a [&str],
        schema: &'a str,
    ) -> impl Iterator<Item = String> + 'a {
        let made = usize::try_from(self.number).unwrap_or(0);
        let left = steps.iter().skip(made);
        left.map(move |step| step.replace("{schema}", schema))
    }

    /// The schema, if this version of the SDK can work with it.
    pub(super) fn known(self) -> Result<Self, StoreFailure> {
        if usize::try_from(self.oldest).is_ok_and(|oldest| oldest <= STEPS) {
            return Ok(self);
        }
        Err(StoreFailure::new(format!(
            "it has schema {}, which only a version of the SDK can use that knows schema {}; this one knows schema {STEPS}",
            self.number, self.oldest
        )))
    }
}

/// The failure of a store that has no tables, and in which this process may make none.
pub(super) fn not_made(reason: &StoreFailure) -> StoreFailure {
    StoreFailure::new(format!(
        "it has no tables yet, and they cannot be made ({reason}): whoever may make them runs the SQL that docs/pkb.md has under \"The store\""
    ))
}
