//! Searches by token: codes, with or without their system, and parts of what is shown for them.

use serde_json::Value;

/// Whether a value has one of the tokens of a list.
pub fn has(value: &Value, wanted: &str) -> bool {
    wanted
        .split(',')
        .any(|wanted| match wanted.split_once('|') {
            None => has_code(value, None, wanted),
            Some((system, code)) => has_code(value, Some(system), code),
        })
}

/// Whether what is shown for a value has this text in it, in whatever case.
pub fn is_shown_with(value: &Value, wanted: &str) -> bool {
    let fits = |text: &Value| {
        let text = text.as_str().unwrap_or_default().to_lowercase();
        text.contains(&wanted.to_lowercase())
    };
    match value {
        Value::Array(items) => items.iter().any(|item| is_shown_with(item, wanted)),
        Value::Object(_) => {
            fits(&value["text"])
                || fits(&value["display"])
                || is_shown_with(&value["coding"], wanted)
        }
        _ => false,
    }
}

/// Of a code, a Coding, a `CodeableConcept`, an Identifier, or a list of these. No code is any of the system, and an empty system is none.
fn has_code(value: &Value, system: Option<&str>, code: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| has_code(item, system, code)),
        Value::Object(members) => {
            if let Some(codings) = members.get("coding") {
                return has_code(codings, system, code);
            }
            let member = |name| members.get(name).and_then(Value::as_str);
            let is_of_system =
                system.is_none_or(|system| member("system").unwrap_or_default() == system);
            let own = member("code").or(member("value"));
            is_of_system && (code.is_empty() || own == Some(code))
        }
        Value::String(text) => system.is_none() && text == code,
        Value::Bool(_) | Value::Null | Value::Number(_) => false,
    }
}
