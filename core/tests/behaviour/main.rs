//! What the core promises, as sentences, through its public surface and over real sockets.

#![expect(clippy::disallowed_methods, reason = "a test lives in real time")]
#![expect(clippy::unwrap_used, reason = "a test fails where its assumptions do")]

mod again;
mod all_files;
mod answers;
mod at_once;
mod bodies;
mod broken_transport;
mod certificates;
mod clock;
mod connect;
mod connections;
mod conversation;
mod documents;
mod envelope;
mod events;
mod faulty_store;
mod files;
mod kept_in_readings;
mod kept_tokens;
mod key_set_address;
mod keys;
mod late_tokens;
mod library;
mod long_headers;
mod meanwhile;
mod network;
mod opaque;
mod options;
mod own_transport;
mod paced;
mod pkb;
mod platform_tokens;
mod platform_words;
mod polling;
mod provider_data;
mod push;
mod refresh;
mod refused_lists;
mod responses;
mod retry;
mod rooms;
mod sandbox;
mod scripted;
mod secrets;
mod shared_waits;
mod skin;
mod storage;
mod store_contract;
mod timeouts;
mod traces;
mod trust;
mod vectors;
mod waiting_time;
mod wire;
