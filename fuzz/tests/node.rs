//! What Node makes of the same words: its parser of addresses, and its gzip and brotli, which are C's.

#![expect(clippy::unwrap_used, reason = "a test fails where its assumptions do")]

mod mutation;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use digime_fuzz::targets::{callback, compression};
use serde_json::{Value, json};

use mutation::Mutator;

/// How many inputs each test makes.
const MANY: usize = 1000;

/// Inputs made of those of a target's corpus that begin so, without that.
fn inputs(target: &str, begin: &[u8]) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let contents = files.iter().map(|file| fs::read(file).unwrap());
    let corpus: Vec<_> = contents
        .filter_map(|content| content.strip_prefix(begin).map(<[u8]>::to_vec))
        .collect();
    let mut mutator = Mutator::new(target, corpus.clone());
    corpus
        .into_iter()
        .chain((0..MANY).map(|_| mutator.next()))
        .collect()
}

/// What Node answers to each question.
fn node(questions: &[Value]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracles/node.mjs");
    let mut node = Command::new("node")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: Vec<String> = questions.iter().map(Value::to_string).collect();
    let mut asking = node.stdin.take().unwrap();
    let asked = std::thread::spawn(move || asking.write_all((lines.join("\n") + "\n").as_bytes()));
    let answered = node.wait_with_output().unwrap();
    asked.join().unwrap().unwrap();
    let answers = String::from_utf8(answered.stdout).unwrap();
    let answers: Vec<Value> = answers
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), questions.len());
    answers
}

#[test]
fn a_callback_has_the_code_that_node_finds_in_it() {
    let state = callback::state();
    let addresses: Vec<String> = inputs("callback", b"\0")
        .iter()
        .map(|input| String::from_utf8_lossy(input).replace("{{state}}", state))
        .filter(|address| !address.is_empty())
        .collect();
    let questions: Vec<Value> = addresses
        .iter()
        .map(|address| json!({ "kind": "callback", "address": address, "state": state }))
        .collect();
    let mut found = 0;
    for (address, answer) in addresses.iter().zip(node(&questions)) {
        let exchanged = callback::exchanged(address);
        assert_eq!(exchanged.as_deref(), answer.as_str(), "{address:?}");
        found += usize::from(exchanged.is_some());
    }
    assert!(found > 0);
}

/// Whoever reads a file to its end finds rubbish after it, which Node leaves unread.
fn inflates(kind: &str, begin: &[u8], node_reads_more: bool) {
    let compressed = inputs("compression", begin);
    let questions: Vec<Value> = compressed
        .iter()
        .map(|bytes| json!({ "kind": kind, "compressed": STANDARD.encode(bytes) }))
        .collect();
    let mut found = 0;
    for (bytes, answer) in compressed.iter().zip(node(&questions)) {
        let answer = answer
            .as_str()
            .map(|content| STANDARD.decode(content).unwrap());
        let content = compression::content(kind, bytes);
        if content.is_none() && node_reads_more {
            continue;
        }
        assert!(content == answer, "{}", bytes.escape_ascii());
        found += usize::from(content.is_some());
    }
    assert!(found > 0);
}

#[test]
fn what_is_inflated_with_gzip_is_what_node_inflates() {
    inflates("gzip", b"\0\0\0", true);
}

#[test]
fn what_is_inflated_with_brotli_is_what_node_inflates_and_no_less() {
    inflates("brotli", b"\x02\x01\x00", false);
}
