//! What was found: which rule is broken, where, and how certain it is that a receiver refuses that. No value of what was looked at is in it.

use std::fmt;

use serde::Serialize;

use crate::document::tree::{At, Tree};

/// One thing that a care provider refuses, or may refuse. It says where it stands and what is asked for, and holds no value of the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ProviderDataFinding {
    /// Whether it is certain.
    pub severity: FindingSeverity,
    /// Where, in words of `FHIRPath`: `entry[2].resource.subject.display`, of what is missing too. It is empty for the whole. A name that cannot be
    /// that of an element is `?`.
    pub path: String,
    /// The rule's name, which stays the same in later versions: `reference-display`.
    pub rule: &'static str,
    /// What the rule asks for.
    pub message: &'static str,
}

/// `at entry[2].resource.subject.display: a Reference has a display (reference-display)`.
impl fmt::Display for ProviderDataFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            rule,
            message,
            ..
        } = self;
        let at = if path.is_empty() { "" } else { "at " };
        let colon = if path.is_empty() { "" } else { ": " };
        write!(f, "{at}{path}{colon}{message} ({rule})")
    }
}

/// How certain it is that it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum FindingSeverity {
    /// The standard refuses it, or the test scripts of `MedMij` do.
    Error,
    /// Some receivers refuse it and others do not, or it is likely and not known.
    Warning,
}

/// A rule: its name, and what it asks for.
pub(super) struct Rule {
    pub name: &'static str,
    pub asks: &'static str,
}

/// How many errors, and how many warnings, are told: whoever has more has one mistake many times.
const MOST: usize = 1000;

/// A document that is looked at, and what was found until now.
pub(super) struct Look<'a> {
    pub tree: Tree<'a>,
    found: Vec<Found>,
    errors: usize,
    warnings: usize,
}

struct Found {
    at: At,
    member: &'static str,
    severity: FindingSeverity,
    rule: &'static Rule,
}

impl<'a> Look<'a> {
    pub(super) fn at(tree: Tree<'a>) -> Self {
        Self {
            tree,
            found: Vec::new(),
            errors: 0,
            warnings: 0,
        }
    }

    /// A value breaks a rule.
    pub(super) fn breaks(&mut self, rule: &'static Rule, severity: FindingSeverity, at: At) {
        self.lacks(rule, severity, at, "");
    }

    /// A value breaks a rule by what a member of it is, or by not having it.
    pub(super) fn lacks(
        &mut self,
        rule: &'static Rule,
        severity: FindingSeverity,
        at: At,
        member: &'static str,
    ) {
        let count = match severity {
            FindingSeverity::Error => &mut self.errors,
            FindingSeverity::Warning => &mut self.warnings,
        };
        *count += 1;
        if *count <= MOST {
            self.found.push(Found {
                at,
                member,
                severity,
                rule,
            });
        }
    }

    /// All that was found, in the order of the document.
    pub(super) fn findings(mut self) -> Vec<ProviderDataFinding> {
        self.found.sort_by_key(|found| found.at);
        let told = self.found.iter().map(|found| {
            let mut path = self.tree.path(found.at);
            if !path.is_empty() && !found.member.is_empty() {
                path.push('.');
            }
            path.push_str(found.member);
            ProviderDataFinding {
                severity: found.severity,
                path,
                rule: found.rule.name,
                message: found.rule.asks,
            }
        });
        told.collect()
    }
}
