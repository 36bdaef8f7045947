//! The sources that a person can choose from, and which of them suit a contract.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::Access;
use crate::library::DataSet;

/// What tells a service type of `MedMij`, the Dutch network of care providers.
pub const MEDMIJ: &str = "medmij";

/// The sample data that every source with data has.
pub const SAMPLE_DATA_SET: &str = "default";

/// The direction that an authorisation link asks for (`sourceType`).
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum SourceType {
    /// Data comes from the source into the library.
    #[default]
    Pull,
    /// Data goes to the source.
    Push,
}

impl SourceType {
    pub fn name(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "push",
        }
    }
}

/// A number and a name, as the platform describes groups.
#[derive(Clone, Deserialize)]
pub struct Named {
    pub id: u32,
    pub name: String,
}

/// A number, a name and a stable short name, as the platform describes service types and providers.
#[derive(Clone, Deserialize)]
pub struct Referenced {
    pub id: u32,
    pub name: String,
    pub reference: String,
}

/// Whether the platform offers a source to people.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum PublishedStatus {
    #[default]
    Approved,
    Pending,
    Deprecated,
    Blocked,
    SampleDataOnly,
}

/// Where data comes from or goes to.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    pub id: u32,
    pub name: String,
    /// What a person reads below the name.
    pub description: String,
    /// The directions that it can be used in.
    pub types: Vec<SourceType>,
    #[serde(default)]
    pub published_status: PublishedStatus,
    /// The ids of the countries that it is for.
    #[serde(default = "netherlands")]
    pub countries: Vec<u32>,
    /// The type of an account from which data is pulled; one to which data is pushed is of type PUSH.
    pub account_type: String,
    /// What can be fetched from it.
    pub data: Option<DataSet>,
    /// Whether its accounts cannot be used until the person has logged in once more.
    #[serde(default)]
    pub lapses: bool,
    /// That it is disturbed, in the platform's form.
    pub status: Option<Value>,
    /// What stands between it and the platform, in the platform's form.
    #[serde(rename = "sourceProxy")]
    pub proxy: Option<Value>,
    pub service_group: Named,
    pub service_type: Referenced,
    pub provider: Referenced,
}

impl Source {
    /// The person's own library, which a contract that pushes without a provider writes to.
    fn library() -> Self {
        let digi_me = || Referenced {
            id: 1,
            name: "digi.me".to_owned(),
            reference: "digime".to_owned(),
        };
        Self {
            id: 1,
            name: "My digi.me library".to_owned(),
            description:
                "Files are kept in your own library, where only you decide who reads them."
                    .to_owned(),
            types: Vec::new(),
            published_status: PublishedStatus::Approved,
            countries: netherlands(),
            account_type: "IMPORTED".to_owned(),
            data: None,
            lapses: false,
            status: None,
            proxy: None,
            service_group: Named {
                id: 1,
                name: "Library".to_owned(),
            },
            service_type: digi_me(),
            provider: digi_me(),
        }
    }
}

fn netherlands() -> Vec<u32> {
    vec![1]
}

/// Everything that a person can choose from.
pub struct Sources {
    listed: Vec<Source>,
    library: Source,
}

impl Sources {
    /// The sources that are given, or the sandbox's own.
    pub fn new(given: Option<Vec<Source>>) -> serde_json::Result<Self> {
        let listed = match given {
            Some(sources) => sources,
            None => serde_json::from_str(include_str!("../sources.json"))?,
        };
        Ok(Self {
            listed,
            library: Source::library(),
        })
    }

    /// What suits a contract and the direction that the link asks for; nothing, if a contract that reads is asked to push.
    pub fn offered(&self, access: Access, source_type: SourceType) -> Vec<&Source> {
        match (access, source_type) {
            (Access::Push, SourceType::Pull) => vec![&self.library],
            (Access::Read, SourceType::Push) => Vec::new(),
            (Access::Push, SourceType::Push) | (Access::Read, SourceType::Pull) => self
                .listed
                .iter()
                .filter(|source| {
                    source.published_status == PublishedStatus::Approved
                        && source.types.contains(&source_type)
                })
                .collect(),
        }
    }

    /// Every source but the library.
    pub fn listed(&self) -> &[Source] {
        &self.listed
    }

    pub fn find(&self, id: u32) -> Option<&Source> {
        self.listed
            .iter()
            .chain([&self.library])
            .find(|source| source.id == id)
    }
}
