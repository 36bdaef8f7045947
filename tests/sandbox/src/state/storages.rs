//! Storages in the cloud: whose they are, and the files in them.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;

use crate::random;

/// A storage. It is provisional until somebody consents to a link that refers to it.
pub struct Storage {
    pub kid: String,
    owner: Option<String>,
    /// By path in lower case, which is how the cloud tells files apart.
    files: BTreeMap<String, StoredFile>,
}

/// A file as it was uploaded.
pub struct StoredFile {
    pub id: String,
    /// In the case that it was uploaded with; begins with a slash.
    pub path: String,
    pub content: Bytes,
}

impl Storage {
    pub fn put(&mut self, path: String, content: Bytes) -> &StoredFile {
        let file = StoredFile {
            id: random::token(),
            content,
            path,
        };
        let key = file.path.to_lowercase();
        self.files
            .entry(key)
            .and_modify(|known| known.content = file.content.clone())
            .or_insert(file)
    }

    pub fn get(&self, path: &str) -> Option<&StoredFile> {
        self.files.get(&path.to_lowercase())
    }

    pub fn delete(&mut self, path: &str) -> bool {
        self.files.remove(&path.to_lowercase()).is_some()
    }

    /// The files in a folder, which ends with a slash, and in those inside it.
    pub fn inside(&self, folder: &str) -> impl Iterator<Item = (&String, &StoredFile)> {
        let folder = folder.to_lowercase();
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(&folder))
    }

    /// Empties a folder, and tells whether there was anything in it.
    pub fn empty(&mut self, folder: &str) -> bool {
        let folder = folder.to_lowercase();
        let before = self.files.len();
        self.files.retain(|path, _| !path.starts_with(&folder));
        self.files.len() < before
    }
}

/// Every storage, by id.
#[derive(Default)]
pub struct Storages {
    made: HashMap<String, Storage>,
}

impl Storages {
    /// Makes a provisional storage, and tells its id.
    pub fn make(&mut self, kid: String) -> String {
        let id = random::token();
        let storage = Storage {
            kid,
            owner: None,
            files: BTreeMap::new(),
        };
        self.made.insert(id.clone(), storage);
        id
    }

    pub fn get(&mut self, id: &str) -> Option<&mut Storage> {
        self.made.get_mut(id)
    }

    /// Gives a storage to a user; false if there is none, it is another's, or the user has one already.
    pub fn give(&mut self, id: &str, user_id: &str) -> bool {
        if self.of(user_id).is_some_and(|(own, _)| own != id) {
            return false;
        }
        let Some(storage) = self.made.get_mut(id) else {
            return false;
        };
        storage.owner.get_or_insert_with(|| user_id.to_owned()) == user_id
    }

    /// The storage of a user, and its id.
    pub fn of(&self, user_id: &str) -> Option<(&String, &Storage)> {
        self.made
            .iter()
            .find(|(_, storage)| storage.owner.as_deref() == Some(user_id))
    }

    /// Ends the storages of a user.
    pub fn forget(&mut self, user_id: &str) {
        self.made
            .retain(|_, storage| storage.owner.as_deref() != Some(user_id));
    }
}
