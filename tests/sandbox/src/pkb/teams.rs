//! The teams of the sandbox's organisation: by which alias a patient is put into each, and what it may see of them.

pub struct Team {
    pub alias: &'static str,
    pub public_id: &'static str,
    /// The privacy labels of what it sees.
    pub labels: &'static [&'static str],
}

/// The default team first: its public id is the organisation's.
pub static TEAMS: [Team; 3] = [
    Team {
        alias: "sandbox-surgery",
        public_id: crate::pkb::people::ORGANISATION,
        labels: &["GENERAL_HEALTH", "SOCIAL_CARE"],
    },
    Team {
        alias: "diabetes",
        public_id: "6bae9071-1e2d-4c6a-9d4f-7a1f8b5e3c21",
        labels: &["GENERAL_HEALTH"],
    },
    Team {
        alias: "mind",
        public_id: "7cbfa182-2f3e-4d7b-8e50-8b209c6f4d32",
        labels: &["MENTAL_HEALTH"],
    },
];

/// The team that everybody is in.
pub fn default_team() -> &'static Team {
    &TEAMS[0]
}

pub fn team(alias: &str) -> Option<&'static Team> {
    TEAMS.iter().find(|team| team.alias == alias)
}
