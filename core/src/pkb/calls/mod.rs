//! The calls of Patients Know Best: a file for each, named after it.

crate::operation::operations! {
    crate::pkb::Client;
    close: Close,
    complete_link: CompleteLink,
    fhir_read: FhirRead,
    fhir_search: FhirSearch,
    find_links: FindLinks,
    get_access_token: GetAccessToken,
    get_current_user: GetCurrentUser,
    get_link: GetLink,
    get_link_url: GetLinkUrl,
    get_public_id: GetPublicId,
    get_system_token: GetSystemToken,
    keep_alive: KeepAlive,
    list_links: ListLinks,
    request: ApiRequest,
    rotate_keys: RotateKeys,
    unlink: Unlink,
}
