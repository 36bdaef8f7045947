//! How far all callers are, in lines of JSON on standard output: `{"failed": …}` for each call that failed, `{"passed": …}` when
//! each caller has ended a call that began after the mark.

use std::time::Duration;

use serde_json::json;

use crate::caller::Ended;

/// The marks that the callers have passed, and what they did since it was last told.
pub struct Passage {
    by_place: Vec<u64>,
    told: u64,
    calls: u64,
    longest: Duration,
}

impl Passage {
    pub fn of(callers: usize) -> Self {
        Self {
            by_place: vec![0; callers],
            told: 0,
            calls: 0,
            longest: Duration::ZERO,
        }
    }

    pub fn record(&mut self, call: &Ended) {
        self.calls += 1;
        self.longest = self.longest.max(call.took);
        if let Some(error) = &call.failure {
            let failed = json!({
                "failed": error.class().code,
                "message": error.to_string(),
                "mark": call.mark,
            });
            println!("{failed}");
        }
        self.by_place[call.place] = call.mark;
        let passed = self.by_place.iter().copied().min().unwrap_or_default();
        if passed > self.told {
            self.told = passed;
            self.tell();
        }
    }

    /// Tells, and begins to count anew.
    pub fn tell(&mut self) {
        let longest = self.longest.as_millis();
        let passed = json!({ "passed": self.told, "calls": self.calls, "longestMs": longest });
        println!("{passed}");
        self.calls = 0;
        self.longest = Duration::ZERO;
    }
}
