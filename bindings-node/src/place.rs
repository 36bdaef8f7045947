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
            return Err(Unfit::Endless(
                "is nested too deeply, or contains itself".into(),
            ));
        }
        Ok(())
    }

    /// Whether its path tells enough of what is nested too deeply.
    pub(crate) fn is_telling(&self) -> bool {
        self.depth <= TELLING_NAMES
    }

    /// Its path with the root, as errors have it.
    pub(crate) fn whole_path(&self) -> String {
        let dot = if self.path.is_empty() || self.path.starts_with('[') {
            ""
        } else {
            "."
        };
        format!("{}{dot}{}", self.root, self.path)
    }
}

/// Why a value does not cross.
pub(crate) enum Unfit {
    /// The caller's own code threw, in a getter, a proxy or `toJSON`; what it threw is on its way to the caller.
    Thrown(napi::Error),
    /// It has no meaning to the core.
    Meaningless(Cow<'static, str>),
    /// It has no end, or too far away.
    Endless(Cow<'static, str>),
}

impl Unfit {
    /// It has no meaning to the core, for this reason.
    pub(crate) fn meaningless(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Meaningless(reason.into())
    }

    /// The failed step that a call is whose options, or whatever `root` is, do not cross as a whole.
    pub(crate) fn into_step<'env>(self, env: &'env Env, root: &str) -> Result<Object<'env>> {
        match self {
            Self::Thrown(error) => Err(error),
            Self::Meaningless(reason) | Self::Endless(reason) => {
                to_js::failed(env, &Error::type_validation(root, reason))
            }
        }
    }
}

impl From<napi::Error> for Unfit {
    fn from(error: napi::Error) -> Self {
        Self::Thrown(error)
    }
}
