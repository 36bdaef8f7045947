//! Where a value stands in what the caller gave, and how it is refused there.

use std::borrow::Cow;

use digime_sdk::Error;
use napi::Env;
use napi::bindgen_prelude::{JsValue, Object, Result, Unknown};

use crate::to_js;

/// How deep values may be nested: far beyond any document, and far from the end of the stack.
const MAX_DEPTH: usize = 128;

/// A path into something that contains itself is as long as `MAX_DEPTH`; this many names of it tell enough.
const TELLING_NAMES: usize = 8;

/// Where a value stands.
pub(crate) struct Place<'env> {
    /// The names that lead there from the root, as the caller spells them.
    pub path: String,
    /// What it is a member of; the root is its own.
    pub holder: Unknown<'env>,
    root: &'static str,
    depth: usize,
}

impl<'env> Place<'env> {
    /// The place of `value`, which errors call `root`.
    pub(crate) fn root(root: &'static str, value: Unknown<'env>) -> Self {
        Self {
            path: String::new(),
            holder: value,
            root,
            depth: 0,
        }
    }

    /// The place of a member of the object that stands here.
    pub(crate) fn member(&self, object: &Object<'env>, name: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        self.inside(object, format!("{}{dot}{name}", self.path))
    }

    /// The place of an item of the array that stands here.
    pub(crate) fn item(&self, array: &Object<'env>, index: u32) -> Self {
        self.inside(array, format!("{}[{index}]", self.path))
    }

    /// The place of what the object that stands here turns itself into.
    pub(crate) fn replacement(&self, object: &Object<'env>) -> Self {
        self.inside(object, self.path.clone())
    }

    fn inside(&self, holder: &Object<'env>, path: String) -> Self {
        Self {
            path,
            holder: holder.to_unknown(),
            root: self.root,
            depth: self.depth + 1,
        }
    }

    /// Refuses what stands too deep.
    pub(crate) fn check_depth(&self) -> std::result::Result<(), Unfit> {
        if self.depth > MAX_DEPTH {
            return Err(self.meaningless("is nested too deeply, or contains itself"));
        }
        Ok(())
    }

    /// Refuses what stands here.
    pub(crate) fn meaningless(&self, reason: impl Into<Cow<'static, str>>) -> Unfit {
        let names: String = self
            .path
            .split_inclusive(['.', '['])
            .take(TELLING_NAMES)
            .collect();
        let names = names.trim_end_matches(['.', '[']);
        let dot = if names.is_empty() || names.starts_with('[') {
            ""
        } else {
            "."
        };
        Unfit::Meaningless {
            path: format!("{}{dot}{names}", self.root),
            reason: reason.into(),
        }
    }
}

/// Why a value does not cross.
pub(crate) enum Unfit {
    /// The caller's own code threw, in a getter, a proxy or `toJSON`; what it threw is on its way to the caller.
    Thrown(napi::Error),
    /// It has no meaning to the core.
    Meaningless {
        /// Which value, from the root on.
        path: String,
        /// What is wrong with it.
        reason: Cow<'static, str>,
    },
}

impl From<napi::Error> for Unfit {
    fn from(error: napi::Error) -> Self {
        Self::Thrown(error)
    }
}

impl Unfit {
    /// The failed step that a call is with this value among its options.
    pub(crate) fn into_step(self, env: &Env) -> Result<Object<'_>> {
        match self {
            Self::Thrown(error) => Err(error),
            Self::Meaningless { path, reason } => {
                to_js::failed(env, &Error::type_validation(path, reason))
            }
        }
    }
}
