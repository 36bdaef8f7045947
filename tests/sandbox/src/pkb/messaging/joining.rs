//! The rules for the elements of a Patient who joins.

use serde_json::Value;

use crate::pkb::fhir::Outcome;
use crate::pkb::moment;
use crate::pkb::teams::{Team, default_team, team};

const TEAM_ALIAS: &str = "http://fhir.patientsknowbest.com/structuredefinition/team-alias";
const GENDERS: [&str; 4] = ["female", "male", "other", "unknown"];

/// What of a Patient who joins is remembered.
pub struct Joining {
    /// Systems and values.
    pub identifiers: Vec<(String, String)>,
    pub has_email: bool,
    pub teams: Vec<&'static Team>,
}

impl Joining {
    pub fn of(patient: &Value) -> Result<Self, Outcome> {
        let must = |holds: bool, text: &'static str| {
            if holds {
                Ok(())
            } else {
                Err(Outcome::invalid(text))
            }
        };
        must(
            patient["resourceType"] == "Patient",
            "The body must be a Patient",
        )?;
        let name = &patient["name"][0];
        must(
            filled(&name["family"]) && filled(&name["given"][0]),
            "A family name and a given name are required",
        )?;
        let born = patient["birthDate"].as_str().and_then(moment::without_zone);
        must(
            born.is_some_and(|born| born.len() == 10),
            "birthDate is required",
        )?;
        let gender = patient["gender"].as_str();
        must(
            gender.is_some_and(|gender| GENDERS.contains(&gender)),
            "gender is required",
        )?;
        let identifiers = list(&patient["identifier"]);
        let identifiers: Option<Vec<_>> = identifiers.iter().map(pair).collect();
        let identifiers = identifiers
            .ok_or_else(|| Outcome::invalid("An identifier must have a system and a value"))?;
        let of_system = |system: &str| {
            let telecom = list(&patient["telecom"]).iter();
            telecom
                .filter(|contact| contact["system"] == system)
                .count()
        };
        must(
            of_system("phone") <= 1 && of_system("email") <= 1,
            "One phone and one email are used",
        )?;
        let died = [&patient["deceasedBoolean"], &patient["deceasedDateTime"]];
        must(
            died.iter().any(|died| died.is_null()),
            "A patient has died or at a time",
        )?;
        let teams = list(&patient["extension"]).iter();
        let teams: Option<Vec<_>> = teams
            .filter(|extension| extension["url"] == TEAM_ALIAS)
            .map(|extension| team(extension["valueString"].as_str()?))
            .collect();
        let mut teams =
            teams.ok_or_else(|| Outcome::invalid("The organisation has no team of this alias"))?;
        let is_default = |team: &&Team| team.alias == default_team().alias;
        must(
            teams.is_empty() || teams.iter().any(is_default),
            "The default team of the organisation must be among the teams",
        )?;
        if teams.is_empty() {
            teams.push(default_team());
        }
        Ok(Self {
            identifiers,
            has_email: of_system("email") > 0,
            teams,
        })
    }
}

fn filled(text: &Value) -> bool {
    text.as_str().is_some_and(|text| !text.is_empty())
}

fn list(items: &Value) -> &[Value] {
    items.as_array().map_or(&[], Vec::as_slice)
}

fn pair(identifier: &Value) -> Option<(String, String)> {
    let text = |member: &str| {
        let text = identifier[member].as_str()?;
        (!text.is_empty()).then(|| text.to_owned())
    };
    Some((text("system")?, text("value")?))
}
