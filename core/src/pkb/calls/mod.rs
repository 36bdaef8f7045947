//! The calls of Patients Know Best: a file for each, named after it.

crate::operation::operations! {
    crate::pkb::Client;
    add_measurement: AddMeasurement,
    close: Close,
    complete_link: CompleteLink,
    fhir_read: FhirRead,
    fhir_search: FhirSearch,
    find_links: FindLinks,
    get_access_token: GetAccessToken,
    get_consents: GetConsents,
    get_current_user: GetCurrentUser,
    get_last_change: GetLastChange,
    get_link: GetLink,
    get_link_url: GetLinkUrl,
    get_measurement_types: GetMeasurementTypes,
    get_measurements: GetMeasurements,
    get_public_id: GetPublicId,
    get_record_status: GetRecordStatus,
    get_sign_in_url: GetSignInUrl,
    get_system_token: GetSystemToken,
    invite_to_record: InviteToRecord,
    join_organisation: JoinOrganisation,
    request: ApiRequest,
    rotate_keys: RotateKeys,
    unlink: Unlink,
}
