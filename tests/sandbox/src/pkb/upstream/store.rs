//! The resources that Customer keeps, in the order in which they were created.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::json;

use crate::calendar;
use crate::pkb::r4::Resource;

/// Larger than what a number of JavaScript tells apart.
const FIRST_VERSION: u64 = 9_007_199_254_740_993;

pub struct Stored {
    pub resource: Resource,
    pub version: u64,
    pub updated_ms: u64,
    pub last_updated: String,
    created_at: String,
}

/// A copy is cheap, and shares what is not changed: a transaction works on one.
#[derive(Clone, Default)]
pub struct Upstream {
    resources: Vec<Arc<Stored>>,
    /// Where each of them is, by type and id as a reference has them.
    places: HashMap<String, usize>,
    written: u64,
}

/// Type and id of a reference to a resource of the same server.
pub fn local(reference: &str) -> Option<(&str, &str)> {
    let reference = reference.split("/_history/").next().unwrap_or_default();
    let (rest, id) = reference.rsplit_once('/')?;
    let kind = rest.rsplit_once('/').map_or(rest, |(_, kind)| kind);
    Some((kind, id))
}

impl Upstream {
    pub fn all(&self) -> &[Arc<Stored>] {
        &self.resources
    }

    pub fn of_type(&self, kind: &str) -> impl Iterator<Item = &Arc<Stored>> {
        self.resources
            .iter()
            .filter(move |stored| stored.resource.kind == kind)
    }

    pub fn get(&self, kind: &str, id: &str) -> Option<&Arc<Stored>> {
        let place = self.places.get(&format!("{kind}/{id}"))?;
        self.resources.get(*place)
    }

    /// What a reference leads to.
    pub fn referred(&self, reference: &str) -> Option<&Arc<Stored>> {
        let (kind, id) = local(reference)?;
        self.get(kind, id)
    }

    /// Keeps a resource under an id, and tells whether there was none before.
    pub fn put(&mut self, resource: Resource, id: &str, now: u64) -> (Arc<Stored>, bool) {
        self.written += 1;
        let name = format!("{}/{id}", resource.kind);
        let known = self.places.get(&name).copied();
        let version = FIRST_VERSION + self.written;
        let last_updated = calendar::precise(now, self.written);
        let created_at = known.map_or_else(
            || last_updated.clone(),
            |known| self.resources[known].created_at.clone(),
        );
        let mut document = resource.document;
        let mut meta = document.object("meta");
        meta.set("versionId", &version.to_string());
        meta.set("lastUpdated", &last_updated);
        let created = json!({ "url": "ex:createdAt", "valueInstant": created_at });
        meta.set_item("extension", "url", &created);
        document.set("meta", &meta);
        document.set("id", &id);
        let stored = Arc::new(Stored {
            resource: Resource::of(&resource.kind, document),
            version,
            updated_ms: now,
            last_updated,
            created_at,
        });
        if let Some(known) = known {
            self.resources[known] = Arc::clone(&stored);
        } else {
            self.places.insert(name, self.resources.len());
            self.resources.push(Arc::clone(&stored));
        }
        (stored, known.is_none())
    }

    /// Forgets a resource.
    pub fn remove(&mut self, kind: &str, id: &str) {
        let Some(place) = self.places.remove(&format!("{kind}/{id}")) else {
            return;
        };
        self.resources.remove(place);
        for later in self.places.values_mut().filter(|later| **later > place) {
            *later -= 1;
        }
    }
}
