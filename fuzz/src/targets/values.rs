//! Values over the border of a language: options, configurations and answers of functions, of the described types and of none. Each call ends
//! with a result or with an error that is data, and what JSON is sent and handed back is what was given.

use std::time::Duration;

use arbitrary::{Result, Unstructured};
use bytes::Bytes;
use digime_sdk::Error;
use digime_sdk::binding::{Call, Client, Config, Dialect, Reply, Step, Value};
use serde_json::Value as Json;

use crate::schema::{Maker, config, operations, timeouts};
use crate::script::{Answer, ECHO};
use crate::stage::Stage;
use crate::{digime, discretion, pkb};

/// How many questions of a call are answered.
const MOST_STEPS: u32 = 64;

/// The input: what is done, and what it is done with.
pub fn run(input: &[u8]) {
    let mut input = Unstructured::new(input);
    // Where an input ends, so does what is made of it.
    let _ = begin(&mut input);
}

fn begin(input: &mut Unstructured<'_>) -> Result<()> {
    let dialect = if input.arbitrary()? {
        Dialect::JavaScript
    } else {
        Dialect::Python
    };
    match input.int_in_range(0..=9)? {
        0 => configure(input, dialect),
        1 => there_and_back(input, dialect),
        _ => call(input, dialect),
    }
}

fn configure(input: &mut Unstructured<'_>, dialect: Dialect) -> Result<()> {
    let platform = *input.choose(&["digime", "pkb"])?;
    let mut maker = Maker { input, dialect };
    let value = maker.of(config(platform), "", 0)?;
    if let Err(error) = Config::read(platform, value, dialect) {
        discreet(&error);
    }
    Ok(())
}

fn discreet(error: &Error) {
    discretion::check(error, &digime::SECRETS);
    discretion::check(error, &pkb::SECRETS);
}

fn call(input: &mut Unstructured<'_>, dialect: Dialect) -> Result<()> {
    let (platform, name, schema) = input.choose(operations())?;
    let mut maker = Maker { input, dialect };
    let mut options = maker.of(schema, "", 0)?;
    if let Value::Object(entries) = &mut options
        && maker.input.ratio(1, 6)?
    {
        entries.push(("timeouts".to_owned(), maker.of(timeouts(), "timeouts", 0)?));
    }
    let script: Vec<u8> = maker.input.arbitrary()?;
    let stage = Stage::new(if script.is_empty() {
        vec![Answer::json("{}"), Answer::json("[]")]
    } else {
        Answer::all(&script)
    });
    let client = match platform.as_str() {
        "digime" => Client::DigiMe(digime::client(&stage)),
        _ => Client::Pkb(pkb::linked(&stage)),
    };
    match Call::start(&client, name, options, dialect) {
        Ok(call) => converse(&stage, &call, &mut maker),
        Err(error) => {
            discreet(&error);
            Ok(())
        }
    }
}

/// Answers what a call asks until it has ended.
fn converse(stage: &Stage, call: &Call, maker: &mut Maker<'_, '_>) -> Result<()> {
    let mut reply = None;
    for _ in 0..MOST_STEPS {
        let step = stage.run(call.next(reply.take()));
        // Work that is asked for beside a call has ended with the turn of the executor.
        reply = Some(match step {
            Step::Done(value) => {
                read(stage, value);
                return Ok(());
            }
            Step::Failed(error) => {
                discretion::check_failed(&error, &digime::SECRETS);
                discretion::check_failed(&error, &pkb::SECRETS);
                return Ok(());
            }
            Step::Closed => return Ok(()),
            Step::Read { .. } | Step::ReadKept { .. } => match maker.input.int_in_range(0..=5)? {
                0 => Reply::Failed,
                1 | 2 => Reply::Value(Value::Null),
                3 => Reply::Value(maker.anything("", 2)?),
                _ => Reply::Value(Value::Bytes(Bytes::copy_from_slice(
                    maker.input.arbitrary()?,
                ))),
            },
            Step::Invoke { path, .. } => {
                assert!(!path.is_empty());
                match maker.input.int_in_range(0..=3)? {
                    0 => Reply::Failed,
                    1 => Reply::Value(Value::Null),
                    _ => Reply::Value(maker.anything("", 3)?),
                }
            }
        });
    }
    call.close();
    // A call that was closed asks for nothing but what must not be left half done.
    for _ in 0..MOST_STEPS {
        match stage.run(call.next(Some(Reply::Failed))) {
            Step::Closed => return Ok(()),
            Step::Invoke { .. } => {}
            other => panic!("{other:?} of a call that was closed"),
        }
    }
    panic!("a call that was closed does not end");
}

fn read(stage: &Stage, value: Value) {
    match value {
        Value::Output(stream) => while let Some(Ok(_)) = stage.run(stream.next()) {},
        Value::Array(values) => values.into_iter().for_each(|value| read(stage, value)),
        Value::Object(entries) => entries
            .into_iter()
            .for_each(|(_, value)| read(stage, value)),
        _ => {}
    }
}

/// A body is sent as the JSON that it is, and one that is answered comes back with every letter.
fn there_and_back(input: &mut Unstructured<'_>, dialect: Dialect) -> Result<()> {
    let value = Maker { input, dialect }.json(4)?;
    let Some(expected) = reference(&value) else {
        return Ok(());
    };
    // Text and bytes are sent as they are, and null is nothing.
    if matches!(value, Value::String(_) | Value::Null) {
        return Ok(());
    }
    let text = expected.to_string();
    // The answer would have something else in its place.
    if text.contains(ECHO) {
        return Ok(());
    }
    let stage = Stage::new([Answer::json(text.clone())]);
    stage.pass(Duration::from_secs(1));
    let client = Client::Pkb(pkb::linked(&stage));
    let options = Value::Object(
        [
            ("appUserId", pkb::ALICE.into()),
            ("method", "PUT".into()),
            ("path", "/json/anything".into()),
            ("body", value),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into(),
    );
    let call = Call::start(&client, "request", options, dialect);
    let call = call.unwrap_or_else(|error| panic!("{error}"));
    let Step::Done(answer) = stage.run(call.next(None)) else {
        panic!("it did not succeed");
    };
    let sent = stage.sent();
    let sent: Json = serde_json::from_slice(&sent[0].body).unwrap();
    assert!(same(&sent, &expected), "{sent} instead of {expected}");
    match answer.get("body") {
        Some(Value::Json(document)) => assert_eq!(document.text(), text),
        Some(Value::String(body)) => assert_eq!(expected, **body),
        Some(Value::Null) => assert!(expected.is_null()),
        other => panic!("{other:?} instead of JSON"),
    }
    Ok(())
}

/// The JSON that a value is; none of one that JSON has no place for.
fn reference(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Integer(value) => (*value).into(),
        Value::Float(value) => serde_json::Number::from_f64(*value)?.into(),
        Value::String(value) => value.as_str().into(),
        Value::Array(items) => items.iter().map(reference).collect::<Option<_>>()?,
        Value::Object(entries) => {
            let mut members = serde_json::Map::new();
            for (name, value) in entries {
                // Of two members of a name the last counts; which it is in a host's object the host knows.
                if members.insert(name.clone(), reference(value)?).is_some() {
                    return None;
                }
            }
            members.into()
        }
        _ => return None,
    })
}

/// Whether two documents are one, whole numbers being the same with and without a fraction.
fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}
