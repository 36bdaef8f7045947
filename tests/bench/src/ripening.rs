//! Sessions whose files become ready one after another, by the clock.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

/// How many files each of them has; the last is ready when the session ends.
const FILES: u32 = 3;

/// Those that are under way.
#[derive(Default)]
pub struct Ripening {
    sessions: Mutex<HashMap<String, Session>>,
}

struct Session {
    begun: Instant,
    begun_at: Duration,
    lists: u64,
    ready: u32,
    files: Vec<Value>,
}

impl Ripening {
    /// The list of a session that lasts so long from the first time that it is asked for. The name of a file says when it was ready, in milliseconds since 1970, and
    /// how often the list had been asked for when it first stood there: of the last file, that is how often it was asked for at all.
    pub fn list(&self, session: &str, lasting: Duration) -> Value {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let found = sessions
            .entry(session.to_owned())
            .or_insert_with(Session::begin);
        let list = found.list(lasting);
        if found.ready == FILES {
            sessions.remove(session);
        }
        list
    }
}

impl Session {
    fn begin() -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            begun: Instant::now(),
            begun_at: since_1970.unwrap_or_default(),
            lists: 0,
            ready: 0,
            files: Vec::new(),
        }
    }

    fn list(&mut self, lasting: Duration) -> Value {
        self.lists += 1;
        let passed = self.begun.elapsed();
        while self.ready < FILES && passed >= lasting * (self.ready + 1) / FILES {
            self.ready += 1;
            let ready_at = self.begun_at + lasting * self.ready / FILES;
            let name = format!("file-{}-{}", ready_at.as_millis(), self.lists);
            self.files.push(json!({ "name": name, "updatedDate": 1 }));
        }
        let ended = self.ready == FILES;
        let state = if ended { "completed" } else { "running" };
        json!({ "status": { "state": state }, "fileList": self.files })
    }
}
