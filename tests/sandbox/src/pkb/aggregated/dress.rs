//! What Aggregated adds to a resource's `meta`: by which way it came, when, from which organisation, and how private it is.

use serde_json::json;

use crate::pkb::privacy::LABELS;
use crate::pkb::r4::{Document, Resource};

const EXTENSIONS: &str = "http://fhir.patientsknowbest.com/structuredefinition";
const CODES: &str = "http://fhir.patientsknowbest.com/codesystem";
const SOURCE: &str = "http://fhir.patientsknowbest.com/codesystem/source-organization";
const USUAL_LABEL: &str = "GENERAL_HEALTH";

/// How a resource came to be in Aggregated.
pub struct Provenance<'a> {
    /// `FHIR_API` or `WEBAPP`.
    pub route: &'a str,
    /// With 4 to 6 digits of a second.
    pub recorded_at: &'a str,
    /// The code of the source organisation.
    pub organisation: &'a str,
}

pub fn dress(document: &mut Document, from: &Provenance) {
    let mut meta = document.object("meta");
    let extension = |name: &str| format!("{EXTENSIONS}/{name}");
    let system = format!("{CODES}/access-route");
    meta.set_item(
        "extension",
        "url",
        &json!({ "url": extension("access-route"), "valueCoding": { "system": system, "code": from.route } }),
    );
    meta.set_item(
        "extension",
        "url",
        &json!({ "url": extension("recorded-date"), "valueDateTime": from.recorded_at }),
    );
    let organisation = json!({ "system": SOURCE, "code": from.organisation });
    meta.set_item("security", "system", &organisation);
    if label(&meta.value()).is_none() {
        let label = json!({ "system": LABELS, "code": USUAL_LABEL });
        meta.set_item("security", "system", &label);
    }
    document.set("meta", &meta);
}

/// Whether one of these labels is the resource's. A Patient is shown whatever its label.
pub fn is_labelled(resource: &Resource, labels: &[&str]) -> bool {
    let label = label(&resource.value["meta"]);
    resource.kind == "Patient" || label.is_some_and(|label| labels.contains(&label))
}

fn label(meta: &serde_json::Value) -> Option<&str> {
    let codings = meta["security"].as_array()?.iter();
    let mut labels = codings.filter(|coding| coding["system"] == LABELS);
    labels.next()?["code"].as_str()
}
