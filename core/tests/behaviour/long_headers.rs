//! A description of a file that travels in a header may be more than a gateway takes: it is said before, and in the error.

use std::sync::{Arc, Mutex};

use digime_sdk::World;
use digime_sdk::digime::{Client, PushDataOptions, PushDataToLibraryOptions};
use digime_sdk::world::{Event, Observer};

use crate::push::receipt;
use crate::scripted::{contract, token};
use crate::wire::Server;

#[derive(Default)]
struct Watching(Mutex<Vec<Event>>);

impl Observer for Watching {
    fn observe(&self, event: &Event) {
        self.0.lock().unwrap().push(event.clone());
    }
}

/// What is said of a push whose file has a tag of this length, before it is sent and when it is answered so.
async fn said_of(tag: usize, answer: &str) -> (Option<usize>, String) {
    let server = Server::answering(answer).await;
    let watching = Arc::new(Watching::default());
    let world = World {
        observer: Some(Arc::clone(&watching) as Arc<_>),
        ..World::real().unwrap()
    };
    let client = Client::in_world(server.config(), world).unwrap();
    let mut file = receipt("{}");
    file.file_descriptor.tags = Some(vec!["t".repeat(tag)]);
    let options = PushDataToLibraryOptions::builder()
        .contract_details(contract())
        .user_access_token(token("access-1", "refresh-1"))
        .data(file)
        .build();
    let pushed = client.push_data(PushDataOptions::Library(options)).await;
    let events = watching.0.lock().unwrap();
    let long = events.iter().find_map(|event| match event {
        Event::LongHeader { bytes, header, .. } => {
            assert_eq!(*header, "filedescriptor");
            Some(*bytes)
        }
        _ => None,
    });
    (long, pushed.unwrap_err().to_string())
}

#[tokio::test]
async fn a_long_description_is_told_of_before_it_is_sent_and_where_it_may_be_why_the_push_failed() {
    for refusal in [
        "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n\r\n",
        "",
    ] {
        let (long, message) = said_of(7000, refusal).await;
        let bytes = long.unwrap();
        assert!(bytes > 8 * 1024, "{bytes}");
        assert!(
            message.contains(&format!("{bytes} bytes")),
            "{refusal}: {message}"
        );
        let (short, message) = said_of(70, refusal).await;
        assert_eq!(short, None);
        assert!(!message.contains("bytes"), "{refusal}: {message}");
    }
    let refusal = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";
    let (_, message) = said_of(7000, refusal).await;
    assert!(!message.contains("bytes"), "{message}");
}
