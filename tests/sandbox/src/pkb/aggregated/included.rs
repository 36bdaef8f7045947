//! What comes along with the resources that a search has found.

use std::collections::HashSet;

use crate::pkb::aggregated::shown;
use crate::pkb::r4::Resource;
use crate::pkb::state::Memory;
use crate::pkb::upstream::local;

/// What the References in these members lead to, each once.
pub fn included(memory: &Memory, found: &[Resource], members: &[&str]) -> Vec<Resource> {
    let mut seen: HashSet<(&str, &str)> = HashSet::new();
    let references = found.iter().flat_map(|resource| {
        members
            .iter()
            .flat_map(|member| resource.references(member))
    });
    references
        .filter_map(local)
        .filter(|target| seen.insert(*target))
        .filter_map(|(kind, id)| shown::read(memory, kind, id))
        .collect()
}
