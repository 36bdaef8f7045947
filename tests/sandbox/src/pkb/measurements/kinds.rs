//! What can be measured, and what each API calls it.

/// A kind of measurement.
pub struct Kind {
    /// What the REST API calls it.
    pub api_ref: &'static str,
    pub name: &'static str,
    pub category: Category,
    pub loinc: &'static str,
    /// The numbers that one measurement has.
    pub parts: &'static [Part],
}

/// One number of a measurement.
pub struct Part {
    pub api_ref: &'static str,
    pub name: &'static str,
    pub loinc: &'static str,
    pub unit: &'static str,
    /// The unit in UCUM.
    pub ucum: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Category {
    Laboratory,
    VitalSigns,
}

impl Category {
    pub const SYSTEM: &str = "http://hl7.org/fhir/observation-category";

    pub fn code(self) -> &'static str {
        match self {
            Self::Laboratory => "laboratory",
            Self::VitalSigns => "vital-signs",
        }
    }

    pub fn display(self) -> &'static str {
        match self {
            Self::Laboratory => "Laboratory",
            Self::VitalSigns => "Vital Signs",
        }
    }
}

pub static WEIGHT: Kind = Kind {
    api_ref: "weight",
    name: "Weight",
    category: Category::VitalSigns,
    loinc: "29463-7",
    parts: &[Part {
        api_ref: "weight",
        name: "Weight",
        loinc: "29463-7",
        unit: "kg",
        ucum: "kg",
    }],
};

pub static BLOOD_PRESSURE: Kind = Kind {
    api_ref: "blood-pressure",
    name: "Blood pressure",
    category: Category::VitalSigns,
    loinc: "85354-9",
    parts: &[
        Part {
            api_ref: "systolic",
            name: "Systolic blood pressure",
            loinc: "8480-6",
            unit: "mmHg",
            ucum: "mm[Hg]",
        },
        Part {
            api_ref: "diastolic",
            name: "Diastolic blood pressure",
            loinc: "8462-4",
            unit: "mmHg",
            ucum: "mm[Hg]",
        },
    ],
};

pub static HEART_RATE: Kind = Kind {
    api_ref: "heart-rate",
    name: "Heart rate",
    category: Category::VitalSigns,
    loinc: "8867-4",
    parts: &[Part {
        api_ref: "heart-rate",
        name: "Heart rate",
        loinc: "8867-4",
        unit: "beats/minute",
        ucum: "/min",
    }],
};

pub static HBA1C: Kind = Kind {
    api_ref: "hba1c",
    name: "HbA1c",
    category: Category::Laboratory,
    loinc: "59261-8",
    parts: &[Part {
        api_ref: "hba1c",
        name: "HbA1c",
        loinc: "59261-8",
        unit: "mmol/mol",
        ucum: "mmol/mol",
    }],
};

/// All of them.
pub static KINDS: [&Kind; 4] = [&WEIGHT, &BLOOD_PRESSURE, &HEART_RATE, &HBA1C];

/// The kind that the REST API calls so.
pub fn kind(api_ref: &str) -> Option<&'static Kind> {
    KINDS.into_iter().find(|kind| kind.api_ref == api_ref)
}
