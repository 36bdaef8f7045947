//! What the criteria of a query for sources must be made of: one that the platform cannot compare finds nothing, and says nothing.

use crate::digime::SourcesBodyParams;
use crate::error::{Invalid, Words};
use crate::{Document, Open};

const SEARCHED: [&str; 5] = [
    "name",
    "abbreviation",
    "alias",
    "medicalCenter",
    "practitioner",
];
const STATES: [&str; 5] = [
    "approved",
    "pending",
    "deprecated",
    "blocked",
    "sampledataonly",
];
const OF_IDS: [&str; 5] = ["service", "country", "category", "platform", "type"];
const OF_TEXTS: [&str; 2] = ["reference", "alias"];

/// Refuses what is not as the platform documents it, by its path. Members that it does not document are none of the SDK's business.
pub(in crate::digime) fn check(params: &Open<SourcesBodyParams>) -> Result<(), Invalid> {
    let order = params.sort.as_ref().map(|sort| sort.name.as_deref());
    if order.is_some_and(|name| !matches!(name, Some("asc" | "desc"))) {
        let path = "options.sourcesBodyParams.sort.name";
        return Err(Invalid::new(path, "expected \"asc\" or \"desc\""));
    }
    if let Some(search) = &params.query.search {
        for name in SEARCHED {
            let path = "options.sourcesBodyParams.query.search.";
            demand(search, path, name, are_texts, "a list of texts")?;
        }
    }
    let filter = |name, is_right: Check, expected: &str| {
        let path = "options.sourcesBodyParams.query.filter.";
        demand(&params.query.filter, path, name, is_right, expected)
    };
    let states = format!("a list of \"{}\"", STATES.join("\", \""));
    filter("publishedStatus", are_states, &states)?;
    filter("id", are_numbers, "a list of numbers")?;
    filter("sourceId", is_number, "a number")?;
    for name in OF_IDS {
        filter(name, has_ids, "an object with a list of numbers, `id`")?;
    }
    for name in OF_TEXTS {
        filter(name, are_texts, "a list of texts")?;
    }
    Ok(())
}

type Check = fn(&Document) -> bool;

/// Refuses a member that is there and is not right.
fn demand(
    of: &Document,
    path: &'static str,
    name: &str,
    is_right: Check,
    expected: &str,
) -> Result<(), Invalid> {
    match of.member(name) {
        Some(member) if !is_right(&member) => {
            let path = Words::from(path).given(name);
            Err(Invalid::new(path, format!("expected {expected}")))
        }
        _ => Ok(()),
    }
}

fn are_states(document: &Document) -> bool {
    let is_state = |item: &Document| item.string().is_some_and(|state| STATES.contains(&&*state));
    all_items(document, is_state)
}

fn are_texts(document: &Document) -> bool {
    all_items(document, |item| item.kind() == "a string")
}

fn are_numbers(document: &Document) -> bool {
    all_items(document, is_number)
}

fn has_ids(document: &Document) -> bool {
    document.member("id").is_some_and(|ids| are_numbers(&ids))
}

fn is_number(document: &Document) -> bool {
    document.kind() == "a number"
}

fn all_items(document: &Document, is_right: impl Fn(&Document) -> bool) -> bool {
    document
        .items()
        .is_some_and(|items| items.iter().all(is_right))
}
