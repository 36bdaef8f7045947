//! A store that the application wrote in its own language: an object whose methods are called by name.

#[cfg(feature = "__binding")]
use schemars::{JsonSchema, SchemaGenerator};
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny};
use serde::{Deserialize, Serialize};
#[cfg(feature = "__binding")]
use serde_json::{Value, json};

use super::store::{Stored, chosen};
use super::{AttemptRecord, LinkFilter, LinkKey, LinkRecord, LinkStore, StoreFailure};
use crate::Error;
use crate::binding::{HostFunction, Told, given};
use crate::error::{ErrorKind, Words};

/// The methods. Each takes one object, and may answer at once or later.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HostStore {
    get_link: Method,
    find_links: Method,
    list_links: Method,
    put_link: Method,
    remove_link: Method,
    get_attempt: Method,
    put_attempt: Method,
    remove_attempts: Method,
    filter_links: Option<Method>,
}

#[derive(Debug, Clone)]
struct Method(HostFunction);

impl<'de> Deserialize<'de> for Method {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        HostFunction::deserialize(deserializer).map(Self)
    }
}

#[cfg(feature = "__binding")]
impl HostStore {
    /// The methods by their names, as schemas of what each is given and answers.
    pub(crate) fn methods(generator: &mut SchemaGenerator) -> Value {
        fn method<A: JsonSchema, T: JsonSchema>(
            generator: &mut SchemaGenerator,
            description: &str,
        ) -> Value {
            let (argument, answer) = (
                generator.subschema_for::<A>(),
                generator.subschema_for::<T>(),
            );
            json!({ "description": description, "argument": argument, "answer": answer })
        }
        fn optional(mut method: Value) -> Value {
            method["optional"] = true.into();
            method
        }
        json!({
            "getLink": method::<LinkQuery<'static>, Option<LinkRecord>>(
                generator,
                "The link of a user, if there is one.",
            ),
            "findLinks": method::<PublicIdQuery<'static>, Vec<LinkRecord>>(
                generator,
                "The links with a public id: one at most, unless they share it.",
            ),
            "listLinks": method::<LinkPageQuery<'static>, Vec<LinkRecord>>(
                generator,
                "Up to `limit` links in the order of their users' ids, from the first whose id is greater than `after`.",
            ),
            "putLink": method::<LinkChange, bool>(
                generator,
                "Writes a link over the one of this user whose version is `expectedVersion`; without a version, where the user has\n\
                 none. False, and nothing is changed, where that is not how things are, or another user's link has the\n\
                 public id and neither has `sharesPublicId`. All members of the record are kept, also those that the store\n\
                 does not know: a later version of the SDK may have added them.",
            ),
            "removeLink": method::<LinkRemoval<'static>, bool>(
                generator,
                "Removes the link of that version. False, and nothing is changed, where it has another, or is gone.",
            ),
            "getAttempt": method::<AttemptQuery<'static>, Option<AttemptRecord>>(
                generator,
                "The attempt to link with this id, if there is one.",
            ),
            "putAttempt": method::<AttemptChange, bool>(
                generator,
                "Writes an attempt, with all its members, as `putLink` does a link.",
            ),
            "removeAttempts": method::<AttemptRemoval<'static>, ()>(
                generator,
                "Removes the attempts that expired before a time, in milliseconds since 1970; with a user's id also all of theirs, whenever they expire.",
            ),
            "filterLinks": optional(method::<LinkFilterQuery<'static>, Vec<LinkRecord>>(
                generator,
                "Some of the links that `filter` lets through, `limit` at most, in the order of `listLinks`, from the first whose user's id is\n\
                 greater than `after`; none only where none is left. A member of `filter` that is null says nothing. A store may be without\n\
                 this method: links are chosen from all that `listLinks` gives then.",
            )),
        })
    }
}

impl Method {
    fn call<'a, T: DeserializeOwned + Send + 'a>(
        &'a self,
        told: impl Serialize + Send + 'a,
    ) -> Stored<'a, T> {
        self.ask_for(&[], told)
    }

    /// Asks for records that have these members, and others.
    fn ask_for<'a, T: DeserializeOwned + Send + 'a>(
        &'a self,
        members: &'static [&'static str],
        told: impl Serialize + Send + 'a,
    ) -> Stored<'a, T> {
        Box::pin(async move {
            let answer = self.0.invoke(told).await.map_err(|error| failed(&error))?;
            let answer = given(answer, members);
            let misread = |unfit: Words| {
                let whose = " (docs/stores.md has what each method of a store of your own answers)";
                StoreFailure::in_words(unfit.own(whose))
            };
            self.0.read(answer, members).map_err(misread)
        })
    }
}

fn failed(error: &Error) -> StoreFailure {
    match error.kind() {
        ErrorKind::Host { path } => StoreFailure::host(path.clone()),
        _ => StoreFailure::new(error.to_string()),
    }
}

/// What `getLink` is asked.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub(crate) struct LinkQuery<'a> {
    platform: &'a str,
    app_user_id: &'a str,
}

/// What `findLinks` is asked.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub(crate) struct PublicIdQuery<'a> {
    platform: &'a str,
    public_id: &'a str,
}

/// What `listLinks` is asked: up to `limit` links in the order of their users' ids, from the first whose id is greater than `after`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub(crate) struct LinkPageQuery<'a> {
    platform: &'a str,
    after: &'a str,
    limit: u32,
}

/// What `filterLinks` is asked.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub(crate) struct LinkFilterQuery<'a> {
    platform: &'a str,
    filter: LinkFilter,
    after: &'a str,
    limit: u32,
}

/// What `putLink` is told: the record, and the version that must be there to write over, none if nothing must be.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub(crate) struct LinkChange {
    #[cfg_attr(feature = "__binding", schemars(with = "LinkRecord"))]
    link: Told,
    expected_version: Option<i64>,
}

/// What `removeLink` is told.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub(crate) struct LinkRemoval<'a> {
    platform: &'a str,
    app_user_id: &'a str,
    expected_version: i64,
}

/// What `getAttempt` is asked.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub(crate) struct AttemptQuery<'a> {
    platform: &'a str,
    id: &'a str,
}

/// What `putAttempt` is told.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub(crate) struct AttemptChange {
    #[cfg_attr(feature = "__binding", schemars(with = "AttemptRecord"))]
    attempt: Told,
    expected_version: Option<i64>,
}

/// What `removeAttempts` is told: the time before which an attempt has expired that is to go, and the user all of whose attempts are, if one is
/// meant.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub(crate) struct AttemptRemoval<'a> {
    platform: &'a str,
    expired_before: i64,
    app_user_id: Option<&'a str>,
}

impl HostStore {
    fn remove<'a>(&'a self, removal: AttemptRemoval<'a>) -> Stored<'a, ()> {
        Box::pin(async move {
            // How many it removed, for one, is of no account.
            let _: IgnoredAny = self.remove_attempts.call(removal).await?;
            Ok(())
        })
    }
}

impl LinkStore for HostStore {
    fn link<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, Option<LinkRecord>> {
        self.get_link.ask_for(
            LinkRecord::MEMBERS,
            LinkQuery {
                platform: key.platform,
                app_user_id: key.app_user_id,
            },
        )
    }

    fn links_of<'a>(
        &'a self,
        platform: &'a str,
        public_id: &'a str,
    ) -> Stored<'a, Vec<LinkRecord>> {
        self.find_links.ask_for(
            LinkRecord::MEMBERS,
            PublicIdQuery {
                platform,
                public_id,
            },
        )
    }

    fn links_after<'a>(
        &'a self,
        platform: &'a str,
        after: &'a str,
        limit: u32,
    ) -> Stored<'a, Vec<LinkRecord>> {
        self.list_links.ask_for(
            LinkRecord::MEMBERS,
            LinkPageQuery {
                platform,
                after,
                limit,
            },
        )
    }

    fn links_where<'a>(
        &'a self,
        platform: &'a str,
        filter: LinkFilter,
        after: &'a str,
        limit: u32,
    ) -> Stored<'a, Vec<LinkRecord>> {
        let Some(method) = &self.filter_links else {
            let wanted = move |link: &LinkRecord| filter.lets_through(link);
            return Box::pin(chosen(self, platform, after, limit, wanted));
        };
        method.ask_for(
            LinkRecord::MEMBERS,
            LinkFilterQuery {
                platform,
                filter,
                after,
                limit,
            },
        )
    }

    fn put_link<'a>(&'a self, link: &'a LinkRecord, expected: Option<i64>) -> Stored<'a, bool> {
        let method = &self.put_link;
        method.call(LinkChange {
            link: Told::new(link, LinkRecord::MEMBERS, method.0.dialect()),
            expected_version: expected,
        })
    }

    fn remove_link<'a>(&'a self, key: LinkKey<'a>, version: i64) -> Stored<'a, bool> {
        self.remove_link.call(LinkRemoval {
            platform: key.platform,
            app_user_id: key.app_user_id,
            expected_version: version,
        })
    }

    fn attempt<'a>(&'a self, platform: &'a str, id: &'a str) -> Stored<'a, Option<AttemptRecord>> {
        self.get_attempt
            .ask_for(AttemptRecord::MEMBERS, AttemptQuery { platform, id })
    }

    fn put_attempt<'a>(
        &'a self,
        attempt: &'a AttemptRecord,
        expected: Option<i64>,
    ) -> Stored<'a, bool> {
        let method = &self.put_attempt;
        method.call(AttemptChange {
            attempt: Told::new(attempt, AttemptRecord::MEMBERS, method.0.dialect()),
            expected_version: expected,
        })
    }

    fn remove_attempts<'a>(&'a self, platform: &'a str, expired_before: i64) -> Stored<'a, ()> {
        self.remove(AttemptRemoval {
            platform,
            expired_before,
            app_user_id: None,
        })
    }

    fn remove_attempts_of<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, ()> {
        self.remove(AttemptRemoval {
            platform: key.platform,
            // Before that none can have expired: a store that knows no users here removes nothing.
            expired_before: 0,
            app_user_id: Some(key.app_user_id),
        })
    }
}
