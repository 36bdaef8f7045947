//! The Patient (STU3) by which an organisation takes a patient in: made of what PKB's REST API says, checked by what PKB documents of it.

use serde_json::{Value as Json, json};

use crate::error::{Invalid, Words};
use crate::pkb::CurrentUser;
use crate::{Document, Error, JsonObject};

/// The extension that names a team of the organisation.
const TEAM_ALIAS: &str = "http://fhir.patientsknowbest.com/structuredefinition/team-alias";
/// FHIR's codes of genders.
const GENDERS: [&str; 4] = ["female", "male", "other", "unknown"];

/// The middle names in what PKB's FHIR API says of a user; its REST API has none. They are those of the name by which both know them.
pub(in crate::pkb) fn middle_names(patient: &JsonObject, user: &CurrentUser) -> Vec<String> {
    let names = patient.member("name").and_then(|names| names.items());
    let given_of = |name: Document| {
        let given = name.member("given")?.items()?;
        let given: Vec<_> = given.iter().filter_map(Document::string).collect();
        let is_theirs =
            name.string_at("family") == user.last_name && given.first() == user.first_name.as_ref();
        is_theirs.then(|| given.into_iter().skip(1).collect())
    };
    let mut theirs = names.into_iter().flatten().filter_map(given_of);
    theirs.next().unwrap_or_default()
}

/// What PKB says of a user, as a Patient.
pub(in crate::pkb) fn of_user(user: &CurrentUser, middle_names: &[String]) -> Json {
    let mut name = json!({});
    let mut set = |member: &str, value: Option<Json>| {
        if let Some(value) = value {
            name[member] = value;
        }
    };
    set("family", user.last_name.as_deref().map(Json::from));
    let given = user.first_name.iter().chain(middle_names);
    let given: Vec<_> = given.map(String::as_str).collect();
    set("given", (!given.is_empty()).then(|| json!(given)));
    set("prefix", user.title.as_deref().map(|title| json!([title])));
    let identifiers = user.national_ids.iter().filter_map(|id| {
        let system = id.system.as_deref()?;
        Some(json!({ "system": system, "value": id.value }))
    });
    let telecom = [("phone", &user.phone), ("email", &user.email)];
    let telecom = telecom.into_iter().filter_map(|(system, value)| {
        let value = value.as_deref()?;
        Some(json!({ "system": system, "value": value }))
    });
    let mut patient = json!({ "resourceType": "Patient", "name": [name] });
    let mut set = |member: &str, value: Json| {
        let is_empty = match &value {
            Json::Array(items) => items.is_empty(),
            Json::Object(members) => members.is_empty(),
            value => value.is_null(),
        };
        if !is_empty {
            patient[member] = value;
        }
    };
    set("identifier", identifiers.collect());
    set("telecom", telecom.collect());
    set("birthDate", user.dob.as_deref().into());
    set("gender", user.gender.as_deref().and_then(gender).into());
    set("address", address(user).into_iter().collect());
    match user.date_deceased.as_deref() {
        Some(died) if is_date(died.get(..10).unwrap_or_default()) => {
            set("deceasedDateTime", died.into());
        }
        // How PKB writes it is not documented.
        Some(_) => set("deceasedBoolean", true.into()),
        None => {}
    }
    patient
}

fn address(user: &CurrentUser) -> Option<Json> {
    let mut address = serde_json::Map::new();
    let lines = [&user.address1, &user.address2].into_iter().flatten();
    let lines: Vec<_> = lines.map(String::as_str).collect();
    if !lines.is_empty() {
        address.insert("line".to_owned(), json!(lines));
    }
    for (member, value) in [
        ("city", &user.city),
        ("state", &user.state),
        ("postalCode", &user.postal_code),
        ("country", &user.country),
    ] {
        if let Some(value) = value {
            address.insert(member.to_owned(), json!(value));
        }
    }
    (!address.is_empty()).then_some(Json::Object(address))
}

fn gender(of_rest: &str) -> Option<&'static str> {
    match of_rest {
        "M" => Some("male"),
        "F" => Some("female"),
        "I" => Some("other"),
        "U" => Some("unknown"),
        _ => None,
    }
}

/// `2000-01-31`
fn is_date(text: &str) -> bool {
    let fits = |(byte, picture): (u8, &u8)| match picture {
        b'0' => byte.is_ascii_digit(),
        picture => byte == *picture,
    };
    text.len() == 10 && text.bytes().zip(b"0000-00-00").all(fits)
}

/// A patient of the application's, at `path`, or of PKB's, with its teams, and with an email address only where that is to be invited.
pub(in crate::pkb) fn prepared(
    patient: &JsonObject,
    path: Option<&'static str>,
    teams: &[String],
    invites: bool,
) -> Result<Document, Error> {
    let checked = Checked { patient, path };
    checked.all()?;
    let mut prepared: Document = (**patient).clone();
    let telecom = checked.items("telecom");
    let is_email = |contact: &Document| contact.string_at("system").as_deref() == Some("email");
    let emails = telecom.iter().filter(|contact| is_email(contact)).count();
    match (emails, invites) {
        (0, true) => {
            let reason = "cannot be: PKB invites by email, and the patient has no email address";
            return Err(Invalid::new("options.invite", reason).into());
        }
        (1.., false) => {
            let mut others = telecom
                .iter()
                .filter(|contact| !is_email(contact))
                .peekable();
            prepared = match others.peek() {
                Some(_) => prepared.with_member("telecom", &array(others)),
                None => prepared.without_member("telecom"),
            };
        }
        _ => {}
    }
    if !teams.is_empty() {
        let own = checked.items("extension");
        let named = teams
            .iter()
            .map(|team| Document::from(json!({ "url": TEAM_ALIAS, "valueString": team })));
        let named: Vec<_> = named.collect();
        prepared = prepared.with_member("extension", &array(own.iter().chain(&named)));
    }
    Ok(prepared)
}

/// What is checked, and where the application gave it.
struct Checked<'a> {
    patient: &'a Document,
    path: Option<&'static str>,
}

impl Checked<'_> {
    /// The rules that PKB documents.
    fn all(&self) -> Result<(), Error> {
        let is_patient = self.patient.string_at("resourceType").as_deref() == Some("Patient");
        self.must(is_patient, ".resourceType", "must be Patient")?;
        let names = self.items("name");
        let name = names.first();
        let family = name.and_then(|name| name.string_at("family"));
        self.must(is_filled(family), ".name[0].family", "is required")?;
        let given = name.and_then(|name| name.member("given")?.items()?.first()?.string());
        self.must(is_filled(given), ".name[0].given[0]", "is required")?;
        let born = self.patient.string_at("birthDate");
        let is_born = born.is_some_and(|born| is_date(&born));
        self.must(is_born, ".birthDate", "is required, as 2000-01-31")?;
        let gender = self.patient.string_at("gender");
        let is_gender = gender.is_some_and(|gender| GENDERS.contains(&&*gender));
        let reason = "is required: male, female, other or unknown";
        self.must(is_gender, ".gender", reason)?;
        let identifiers = self.items("identifier");
        let are_whole = identifiers.iter().all(|identifier| {
            is_filled(identifier.string_at("system")) && is_filled(identifier.string_at("value"))
        });
        let reason = "must have a system and a value each";
        self.must(are_whole, ".identifier", reason)?;
        let telecom = self.items("telecom");
        let count = |system: &str| {
            let of_system = telecom
                .iter()
                .filter(|contact| contact.string_at("system").as_deref() == Some(system));
            of_system.count()
        };
        let are_few = count("phone") <= 1 && count("email") <= 1;
        let reason = "must have no more than one phone and one email";
        self.must(are_few, ".telecom", reason)?;
        let addresses = self.items("address");
        let lines = addresses
            .first()
            .and_then(|address| address.member("line")?.items());
        let are_short = lines.is_none_or(|lines| lines.len() <= 2);
        self.must(are_short, ".address[0].line", "must be two lines at most")?;
        let died = ["deceasedBoolean", "deceasedDateTime"];
        let died = died.map(|member| self.patient.member(member).is_some());
        let reason = "cannot be given together with deceasedBoolean";
        self.must(died != [true, true], ".deceasedDateTime", reason)?;
        let names_team =
            |extension: &Document| extension.string_at("url").as_deref() == Some(TEAM_ALIAS);
        let names_none = !self.items("extension").iter().any(names_team);
        let reason = "must name no team: give teams and defaultTeam";
        self.must(names_none, ".extension", reason)
    }

    fn must(&self, holds: bool, member: &'static str, reason: &'static str) -> Result<(), Error> {
        if holds {
            return Ok(());
        }
        Err(match self.path {
            // It is not the application that can mend it.
            None => Invalid::new(
                "options.appUserId",
                Words::from(
                    "is somebody of whom PKB does not say what it demands here (give patient): ",
                )
                .given(&format!("{} {reason}", member.trim_start_matches('.'))),
            ),
            Some(path) => Invalid::new(Words::from(path).given(member), reason),
        }
        .into())
    }

    fn items(&self, member: &str) -> Vec<Document> {
        let items = self.patient.member(member).and_then(|items| items.items());
        items.unwrap_or_default()
    }
}

fn is_filled(text: Option<String>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

/// The documents as they are, in a list.
fn array<'a>(items: impl Iterator<Item = &'a Document>) -> Document {
    let items: Vec<_> = items.map(Document::text).collect();
    let text = format!("[{}]", items.join(","));
    text.parse()
        .unwrap_or_else(|_| Json::Array(Vec::new()).into())
}
