//! Which sources a person is offered: by what they hold, and by who keeps them.

use serde::{Deserialize, Serialize};

/// Limits the sources that a person can choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct SourcesScope {
    /// Sources that hold any of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_type: Option<Vec<DataType>>,
    /// Sources of this kind of organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_type: Option<OrganizationType>,
}

/// What a source holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum DataType {
    /// Medication information.
    MedicationInformation,
    /// Laboratory results.
    LaboratoryResults,
    /// Appointments.
    Appointments,
    /// Patient summary hospital data.
    PatientSummaryHospitalData,
    /// Gp data.
    GpData,
    /// Mental health patient summary.
    MentalHealthPatientSummary,
    /// Documents.
    Documents,
    /// Measurements vital signs.
    MeasurementsVitalSigns,
    /// Allergy intolerances.
    AllergyIntolerances,
    /// Images.
    Images,
    /// Medication related intolerances.
    MedicationRelatedIntolerances,
    /// Referral to questionnaire.
    ReferralToQuestionnaire,
    /// Questionnaire response.
    QuestionnaireResponse,
    /// Longterm healthcare patient summary.
    LongtermHealthcarePatientSummary,
    /// Patient corrections request.
    PatientCorrectionsRequest,
    /// Vaccinations.
    Vaccinations,
    /// Integral birth care process.
    IntegralBirthCareProcess,
}

/// Who keeps a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum OrganizationType {
    /// General practitioner.
    GeneralPractitioner,
    /// Health center.
    HealthCenter,
    /// Hospital.
    Hospital,
    /// Private treatment center.
    PrivateTreatmentCenter,
    /// Specialist centre.
    SpecialistCentre,
    /// Radiotherapy center.
    RadiotherapyCenter,
    /// Dialysis center.
    DialysisCenter,
    /// Obstetrics and maternity care.
    ObstetricsAndMaternityCare,
    /// Mental health care.
    MentalHealthCare,
    /// Youth health care.
    YouthHealthCare,
    /// Psychology and psychotherapy.
    PsychologyAndPsychotherapy,
    /// Nursing and care homes and home care.
    NursingAndCareHomesAndHomeCare,
    /// Disability care.
    DisabilityCare,
    /// Mentally disabled care.
    MentallyDisabledCare,
    /// Daycare centers.
    DaycareCenters,
    /// Rehabilitation center.
    RehabilitationCenter,
    /// Pharmacy.
    Pharmacy,
    /// Audiological center.
    AudiologicalCenter,
    /// Medical aids.
    MedicalAids,
    /// Physiotherapy.
    Physiotherapy,
    /// Protected and supported living.
    ProtectedAndSupportedLiving,
    /// Dentist.
    Dentist,
    /// Ambulance.
    Ambulance,
    /// Health insurers.
    HealthInsurers,
}
