//! What is asked of an entry of a Bundle: a resource of a type, what is to be done with it, and what a resource that is new must not say.

use super::finding::{FindingSeverity, Look, Rule};
use super::kind::Kind;
use crate::document::tree::{At, Tree};

const RESOURCE: Rule = Rule {
    name: "entry-resource",
    asks: "an entry has a resource, which says its resourceType",
};
const REQUEST: Rule = Rule {
    name: "entry-request",
    asks: "an entry has a request with a method and a url",
};
const METHOD: Rule = Rule {
    name: "request-method",
    asks: "a Task is PUT in the place of the one that the provider has made, and everything else is POSTed",
};
const URL: Rule = Rule {
    name: "request-url",
    asks: "the url of a request is the type of its resource, with the id after it where that is PUT",
};
const POSTED_ID: Rule = Rule {
    name: "posted-id",
    asks: "a resource that is POSTed has no id: the provider gives it one",
};
const FULL_URL: Rule = Rule {
    name: "full-url",
    asks: "the fullUrl of a resource that is POSTed begins with urn:uuid: or urn:oid:, or is left out",
};
const PROFILE: Rule = Rule {
    name: "meta-profile",
    asks: "a resource other than a Binary names its profile in meta.profile",
};

/// An entry whose resource says what it is.
pub(super) struct Entry {
    pub resource: At,
    pub kind: String,
}

/// The entry, if its resource can be looked at.
pub(super) fn read(tree: &Tree<'_>, at: At) -> Option<Entry> {
    let resource = tree.member(at, "resource")?;
    Some(Entry {
        resource,
        kind: tree.text(resource, "resourceType")?.into_owned(),
    })
}

/// Looks at an entry of data of this kind.
pub(super) fn check(look: &mut Look<'_>, at: At, kind: Kind) {
    let method = method(&look.tree, at);
    let url = look.tree.along(at, &["request", "url"]);
    let url = url.and_then(|url| look.tree.string(url));
    let (url, method) = (url.as_deref(), method.as_deref());
    if url.is_none() || method.is_none() {
        look.lacks(&REQUEST, FindingSeverity::Error, at, "request");
    }
    let Some(Entry {
        resource,
        kind: name,
    }) = read(&look.tree, at)
    else {
        look.lacks(&RESOURCE, FindingSeverity::Error, at, "resource");
        return;
    };
    if let (Some(url), Some(method)) = (url, method) {
        check_request(look, at, &name, method, url, kind);
    }
    if method == Some("POST") {
        if look.tree.member(resource, "id").is_some() {
            look.lacks(&POSTED_ID, kind.severity(), resource, "id");
        }
        let full_url = look.tree.member(at, "fullUrl");
        let fits = full_url.is_none_or(|full_url| {
            look.tree
                .string(full_url)
                .is_some_and(|text| text.starts_with("urn:uuid:") || text.starts_with("urn:oid:"))
        });
        if !fits {
            look.lacks(&FULL_URL, kind.severity(), at, "fullUrl");
        }
    }
    check_profile(look, resource, &name, kind.severity());
}

/// Looks whether a resource of this type names its profile.
pub(super) fn check_profile(
    look: &mut Look<'_>,
    resource: At,
    name: &str,
    severity: FindingSeverity,
) {
    let profiles = look.tree.along(resource, &["meta", "profile"]);
    let named = profiles.is_some_and(|profiles| {
        look.tree
            .items(profiles)
            .any(|profile| look.tree.string(profile).is_some())
    });
    if name != "Binary" && !named {
        look.lacks(&PROFILE, severity, resource, "meta.profile");
    }
}

fn check_request(look: &mut Look<'_>, at: At, name: &str, method: &str, url: &str, kind: Kind) {
    let Some(request) = look.tree.member(at, "request") else {
        return;
    };
    let severity = match (name, kind) {
        ("Task" | "QuestionnaireResponse", Kind::Questionnaires) => FindingSeverity::Error,
        _ => FindingSeverity::Warning,
    };
    let expected = if name == "Task" { "PUT" } else { "POST" };
    if method != expected {
        look.lacks(&METHOD, severity, request, "method");
    }
    let after_type = url.strip_prefix(name);
    let fits = match method {
        "POST" => after_type == Some(""),
        "PUT" => after_type.is_some_and(|rest| {
            let id = look.tree.along(at, &["resource", "id"]);
            let id = id.and_then(|id| look.tree.string(id));
            match rest.strip_prefix('/') {
                Some(put) => id.as_deref() == Some(put),
                None => rest.len() > 1 && rest.starts_with('?'),
            }
        }),
        _ => true,
    };
    if !fits {
        look.lacks(&URL, FindingSeverity::Error, request, "url");
    }
}

fn method<'a>(tree: &Tree<'a>, at: At) -> Option<std::borrow::Cow<'a, str>> {
    tree.string(tree.along(at, &["request", "method"])?)
}
