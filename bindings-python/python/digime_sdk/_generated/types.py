"""The types of options and responses. Printed by scripts/print_types.py: change the core instead."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Literal, Optional, TypedDict, Union

if TYPE_CHECKING:
    from typing_extensions import NotRequired

    from .._byte_stream import ByteStream
    from .._streams import FileData
    from ..errors import DigiMeSDKError
__all__ = [
    "Account",
    "AccountFilter",
    "Agent",
    "CAScope",
    "Category",
    "ContractDetails",
    "Country",
    "CreateProvisionalStorageOptions",
    "CreateProvisionalStorageResponse",
    "DataType",
    "DeleteAccountOptions",
    "DeleteAccountResponse",
    "DeleteStorageFilesOptions",
    "DeleteStorageFilesResponse",
    "DeleteUserOptions",
    "DeleteUserResponse",
    "DeletedResponse",
    "DiscoveryBodyParams",
    "DiscoveryQuery",
    "DownloadStorageFileOptions",
    "DownloadStorageFileResponse",
    "ExchangeCodeForTokenOptions",
    "FhirVersion",
    "FileDataEvent",
    "FileDescriptor",
    "FileDescriptorAccount",
    "FileErrorEvent",
    "FileLimits",
    "FileListEntry",
    "FileListStatus",
    "FileMetadata",
    "GetAuthorizeUrlOptions",
    "GetAuthorizeUrlResponse",
    "GetContractDetailsOptions",
    "GetContractDetailsResponse",
    "GetOnboardServiceUrlOptions",
    "GetOnboardServiceUrlResponse",
    "GetPortabilityReportOptions",
    "GetPortabilityReportResponse",
    "GetReauthorizeAccountUrlOptions",
    "GetReauthorizeAccountUrlResponse",
    "GetReauthorizeUrlOptions",
    "GetReauthorizeUrlResponse",
    "GetRevokeAccountPermissionUrlOptions",
    "GetRevokeAccountPermissionUrlResponse",
    "GetServiceSampleDataSetsOptions",
    "GetServiceSampleDataSetsResponse",
    "GetUserStorageOptions",
    "GetUserStorageResponse",
    "Library",
    "Limits",
    "LimitsDuration",
    "ListStorageFilesOptions",
    "ListStorageFilesResponse",
    "OrganizationType",
    "Platform",
    "PollingLimits",
    "Provider",
    "PullSessionOptions",
    "PushDataOptions",
    "PushDataToLibraryOptions",
    "PushDataToProviderOptions",
    "PushedFileMeta",
    "QueryCategoriesOptions",
    "QueryCategoriesResponse",
    "QueryCountriesOptions",
    "QueryCountriesResponse",
    "QueryPlatformsOptions",
    "QueryPlatformsResponse",
    "QuerySourcesOptions",
    "QuerySourcesResponse",
    "ReadAccountsOptions",
    "ReadAccountsResponse",
    "ReadAllFilesOptions",
    "ReadAllFilesResponse",
    "ReadFileListOptions",
    "ReadFileListResponse",
    "ReadFileMetadataOptions",
    "ReadFileMetadataResponse",
    "ReadFileOptions",
    "ReadFileResponse",
    "ReadFileStreamResponse",
    "ReadSessionOptions",
    "ReadSessionResponse",
    "ReadingProgress",
    "RefreshTokenOptions",
    "ReportFormat",
    "ReportServiceType",
    "RetryAttempt",
    "RetryOptions",
    "SampleDataOptions",
    "SampleDataSet",
    "ScopeCriteria",
    "SdkConfiguration",
    "ServiceGroup",
    "ServiceObjectType",
    "ServiceType",
    "Session",
    "SessionOptions",
    "Source",
    "SourceFetchFilter",
    "SourceType",
    "SourcesBodyParams",
    "SourcesQuery",
    "SourcesScope",
    "SourcesSort",
    "Standard",
    "Storage",
    "StorageFile",
    "TimeRange",
    "TimeoutOptions",
    "Token",
    "UploadFileToStorageOptions",
    "UploadFileToStorageResponse",
    "User",
    "UserAccessToken",
]

SourceType = Literal["pull", "push"]
"""Whether sources are added to read from, or to push to."""

DataType = Literal[
    "medication-information",
    "laboratory-results",
    "appointments",
    "patient-summary-hospital-data",
    "gp-data",
    "mental-health-patient-summary",
    "documents",
    "measurements-vital-signs",
    "allergy-intolerances",
    "images",
    "medication-related-intolerances",
    "referral-to-questionnaire",
    "questionnaire-response",
    "longterm-healthcare-patient-summary",
    "patient-corrections-request",
    "vaccinations",
    "integral-birth-care-process",
]
"""What a source holds."""

OrganizationType = Literal[
    "general-practitioner",
    "health-center",
    "hospital",
    "private-treatment-center",
    "specialist-centre",
    "radiotherapy-center",
    "dialysis-center",
    "obstetrics-and-maternity-care",
    "mental-health-care",
    "youth-health-care",
    "psychology-and-psychotherapy",
    "nursing-and-care-homes-and-home-care",
    "disability-care",
    "mentally-disabled-care",
    "daycare-centers",
    "rehabilitation-center",
    "pharmacy",
    "audiological-center",
    "medical-aids",
    "physiotherapy",
    "protected-and-supported-living",
    "dentist",
    "ambulance",
    "health-insurers",
]
"""Who keeps a source."""

ReportFormat = Literal["xml"]
"""The format of a report."""

ReportServiceType = Literal["medmij"]
"""The kind of service that a report is about."""

Library = Literal["library"]
"""The word `library`."""

Provider = Literal["provider"]
"""The word `provider`."""

FhirVersion = Literal["stu3", "3.0.2"]
"""A release of FHIR."""

Standard = Literal["fhir"]
"""A standard of health data."""


class CreateProvisionalStorageOptions(TypedDict):
    """The options of `create_provisional_storage`."""

    contract_details: ContractDetails
    """The contract."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class ContractDetails(TypedDict):
    """The contract that an application uses."""

    contract_id: str
    """The contract's id, as digi.me gave it."""
    private_key: str
    """The contract's RSA private key in PEM form, PKCS#1 or PKCS#8; line breaks may be written as `\\n`, as environment
    variables hold them.
    """


class CreateProvisionalStorageResponse(TypedDict):
    """The new storage."""

    storage: Storage
    """The storage."""


class Storage(TypedDict):
    """A storage in the platform's cloud."""

    id: str
    """The storage's id."""
    kid: str
    """The id of its key."""


class DeleteAccountOptions(TypedDict):
    """The options of `delete_account`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    user_access_token: UserAccessToken
    """The user's token."""
    account_id: str
    """The account, from `read_accounts`."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used. An expired token is refreshed only if this is given."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class UserAccessToken(TypedDict):
    """What an application keeps for each user who consented. Store it safely, and replace it whenever a call hands out
    a newer one.

    It is a document: its keys are the same in every language, so that applications in several languages can share a
    store.
    """

    accessToken: Token
    """The token that calls are made with."""
    refreshToken: Token
    """The token that buys the next pair, once."""
    user: NotRequired[User]
    """Whose they are."""
    consentid: NotRequired[str]
    """The consent that they stand for."""


class Token(TypedDict):
    """A token and how long it lives."""

    value: str
    """The token itself."""
    expiry: int
    """When it expires, in seconds since 1970."""


class User(TypedDict):
    """A user of the platform."""

    id: NotRequired[str]
    """The user's id, the same for every application."""


class DeleteAccountResponse(TypedDict):
    """The account is gone."""

    deleted: bool
    """Always `true`; a failure is an error."""
    response: DeletedResponse
    """What the platform answered."""


class DeletedResponse(TypedDict):
    """The platform's answer to a deletion."""

    status_code: int
    """The HTTP status."""
    status_message: str
    """The HTTP status in words."""
    headers: dict[str, Any]
    """The headers, names in lower case."""
    body: Any
    """The body: JSON as it is, other text as text, and an empty one as an empty string."""


class DeleteStorageFilesOptions(TypedDict):
    """The options of `delete_storage_files`."""

    contract_details: ContractDetails
    """The contract."""
    storage_id: str
    """The storage."""
    path: str
    """What to delete."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class DeleteStorageFilesResponse(TypedDict):
    """It is gone."""

    deleted: bool
    """Always `true`; a failure is an error."""
    status_code: int
    """The HTTP status."""
    status_message: str
    """The HTTP status in words."""


class DeleteUserOptions(TypedDict):
    """The options of `delete_user`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    user_access_token: UserAccessToken
    """The user's token."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used. An expired token is refreshed only if this is given."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class DeleteUserResponse(TypedDict):
    """The user is gone."""

    deleted: bool
    """Always `true`; a failure is an error."""
    response: DeletedResponse
    """What the platform answered."""


class DownloadStorageFileOptions(TypedDict):
    """The options of `download_storage_file`."""

    contract_details: ContractDetails
    """The contract."""
    storage_id: str
    """The storage."""
    path: str
    """The file's path."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class DownloadStorageFileResponse(TypedDict):
    """A file being read."""

    body: ByteStream
    """Its content."""
    content_length: NotRequired[int]
    """How many bytes it has, if the platform says so."""


class ExchangeCodeForTokenOptions(TypedDict):
    """The options of `exchange_code_for_token`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    code_verifier: str
    """The `code_verifier` of the `get_authorize_url` that sent the person away."""
    authorization_code: str
    """The `code` that the person came back with."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class GetAuthorizeUrlOptions(TypedDict):
    """The options of `get_authorize_url`."""

    contract_details: ContractDetails
    """The contract that the person is asked to consent to."""
    callback: str
    """Where the person comes back to (`redirect_uri`); it has to be registered with the contract."""
    state: str
    """What comes back with the person unchanged. Make it unguessable and compare it, against forged callbacks (RFC 6749
    section 10.12).
    """
    service_id: NotRequired[Optional[int]]
    """The service that the person is shown at once."""
    user_access_token: NotRequired[Optional[UserAccessToken]]
    """The token of a person whose library exists already: what they add goes there."""
    session_options: NotRequired[Optional[SessionOptions]]
    """What the reading session that starts with the consent is to fetch."""
    source_type: NotRequired[Optional[SourceType]]
    """Whether sources are added to read from, `pull`, or to push to, `push`. Default `pull`."""
    sample_data: NotRequired[Optional[SampleDataOptions]]
    """Sample data instead of a real account."""
    locale: NotRequired[Optional[str]]
    """The language of the pages, as an ISO 639-1 code."""
    include_sample_data_only_sources: NotRequired[Optional[bool]]
    """Whether sources that have only sample data are offered too."""
    storage_id: NotRequired[Optional[str]]
    """The provisional storage that becomes the person's."""
    trigger_query: NotRequired[Optional[bool]]
    """Whether the sources are asked for data at once."""
    sources_scope: NotRequired[Optional[SourcesScope]]
    """Limits the sources that the person can choose from."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class SessionOptions(TypedDict):
    """What the sessions of an authorisation are to do."""

    pull: NotRequired[Optional[PullSessionOptions]]
    """The session that reads."""


class PullSessionOptions(TypedDict):
    """What a reading session is to fetch."""

    limits: NotRequired[Optional[Limits]]
    """How long the platform may take."""
    scope: NotRequired[Optional[CAScope]]
    """Which data."""
    source_fetch: NotRequired[Optional[bool]]
    """Whether the sources are asked for newer data."""
    source_fetch_filter: NotRequired[Optional[SourceFetchFilter]]
    """Which sources are asked."""


class Limits(TypedDict):
    """How long the platform may take."""

    duration: NotRequired[Optional[LimitsDuration]]
    """For what."""


class LimitsDuration(TypedDict):
    """How long the platform may take for what."""

    source_fetch: NotRequired[Optional[float]]
    """For fetching from the sources, in seconds."""


class CAScope(TypedDict):
    """Which data of a library: the contract's own scope, made narrower."""

    time_ranges: NotRequired[Optional[list[TimeRange]]]
    """From when."""
    service_groups: NotRequired[Optional[list[ServiceGroup]]]
    """From which groups of services."""
    criteria: NotRequired[Optional[list[ScopeCriteria]]]
    """Which raw files."""


class TimeRange(TypedDict):
    """A range of time."""

    from_: NotRequired[Optional[float]]
    """Its begin, in seconds since 1970."""
    last: NotRequired[Optional[str]]
    """Its length up to now: `6m`, `1y`."""
    to: NotRequired[Optional[float]]
    """Its end, in seconds since 1970."""


class ServiceGroup(TypedDict):
    """A group of services."""

    id: float
    """Its id."""
    service_types: list[ServiceType]
    """Which of its services."""


class ServiceType(TypedDict):
    """A service."""

    id: float
    """Its id."""
    service_object_types: list[ServiceObjectType]
    """Which of its kinds of objects."""


class ServiceObjectType(TypedDict):
    """A kind of objects of a service."""

    id: float
    """Its id."""


class ScopeCriteria(TypedDict):
    """A condition on raw files."""

    from_: NotRequired[Optional[float]]
    """From when, in seconds since 1970."""
    last: NotRequired[Optional[str]]
    """From how long ago: `6m`, `1y`."""
    metadata: NotRequired[Any]
    """What their metadata must hold."""


class SourceFetchFilter(TypedDict):
    """Which sources are asked for newer data."""

    account: AccountFilter
    """By account."""


class AccountFilter(TypedDict):
    """Accounts by their ids."""

    id: list[str]
    """The ids."""


class SampleDataOptions(TypedDict):
    """Sample data instead of a real account."""

    data_set: str
    """Which set of it, from `get_service_sample_data_sets`."""
    auto_onboard: NotRequired[Optional[bool]]
    """Whether the person is spared the steps of adding it."""


class SourcesScope(TypedDict):
    """Limits the sources that a person can choose from."""

    data_type: NotRequired[Optional[list[DataType]]]
    """Sources that hold any of these."""
    organization_type: NotRequired[Optional[OrganizationType]]
    """Sources of this kind of organisation."""


class GetAuthorizeUrlResponse(TypedDict):
    """Where to send the person, and what to keep."""

    url: str
    """Where to send the person. It holds a code that works once: do not let it reach a log."""
    code_verifier: str
    """What `exchange_code_for_token` needs beside the code. Keep it on the server."""
    session: Session
    """The reading session that starts with the consent."""


class Session(TypedDict):
    """A session in which the user's data is fetched and can be read."""

    key: str
    """What the session is read with."""
    expiry: int
    """When it ends, in milliseconds since 1970."""


class GetContractDetailsOptions(TypedDict):
    """The options of `get_contract_details`."""

    contract_details: ContractDetails
    """The contract."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class GetContractDetailsResponse(TypedDict):
    """A contract as the platform describes it. What this SDK does not know of is kept."""

    id: NotRequired[str]
    """The contract's id."""
    accessType: NotRequired[str]
    """`r` for reading, `w` for writing."""
    type: NotRequired[str]
    """The kind of contract."""
    partnerId: NotRequired[str]
    """The partner that it was made with."""
    expirationDate: NotRequired[int]
    """When it ends, in milliseconds since 1970."""


class GetOnboardServiceUrlOptions(TypedDict):
    """The options of `get_onboard_service_url`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    callback: str
    """Where the user comes back to; it has to be registered with the contract."""
    user_access_token: UserAccessToken
    """The user's token. An expired one is refreshed."""
    service_id: NotRequired[Optional[int]]
    """The service that the user is shown at once."""
    source_type: NotRequired[Optional[SourceType]]
    """Whether a source is added to read from, `pull`, or to push to, `push`. Default `pull`."""
    sample_data: NotRequired[Optional[SampleDataOptions]]
    """Sample data instead of a real account."""
    session_options: NotRequired[Optional[SessionOptions]]
    """What the reading session that starts with the new source is to fetch."""
    locale: NotRequired[Optional[str]]
    """The language of the pages, as an ISO 639-1 code."""
    include_sample_data_only_sources: NotRequired[Optional[bool]]
    """Whether sources that have only sample data are offered too."""
    trigger_query: NotRequired[Optional[bool]]
    """Whether the source is asked for data at once."""
    sources_scope: NotRequired[Optional[SourcesScope]]
    """Limits the sources that the user can choose from."""
    state: NotRequired[Optional[str]]
    """What comes back with the user unchanged."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class GetOnboardServiceUrlResponse(TypedDict):
    """Where to send the user, and the token to go on with."""

    url: str
    """Where to send the user. It holds a code that works once: do not let it reach a log."""
    session: Session
    """The reading session that starts with the new source."""
    user_access_token: UserAccessToken
    """The user's token: the one given, or the one that replaced it. Store it."""


class GetPortabilityReportOptions(TypedDict):
    """The options of `get_portability_report`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    user_access_token: UserAccessToken
    """The user's token."""
    format: ReportFormat
    """The format."""
    service_type: ReportServiceType
    """The kind of service."""
    from_: NotRequired[Optional[int]]
    """From when, in seconds since 1970. Default: from the begin."""
    to: NotRequired[Optional[int]]
    """To when, in seconds since 1970. Default: to now."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used. An expired token is refreshed only if this is given."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class GetPortabilityReportResponse(TypedDict):
    """A report."""

    file: str
    """The report's text."""


class GetReauthorizeAccountUrlOptions(TypedDict):
    """The options of `get_reauthorize_account_url`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    callback: str
    """Where the user comes back to; it has to be registered with the contract."""
    user_access_token: UserAccessToken
    """The user's token. An expired one is refreshed."""
    account_id: str
    """The account, from `read_accounts`."""
    locale: NotRequired[Optional[str]]
    """The language of the pages, as an ISO 639-1 code."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class GetReauthorizeAccountUrlResponse(TypedDict):
    """Where to send the user, and the token to go on with."""

    url: str
    """Where to send the user. It holds a code that works once: do not let it reach a log."""
    session: Session
    """The reading session that starts with the new log-in."""
    user_access_token: UserAccessToken
    """The user's token: the one given, or the one that replaced it. Store it."""


class GetReauthorizeUrlOptions(TypedDict):
    """The options of `get_reauthorize_url`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    callback: str
    """Where the user comes back to; it has to be registered with the contract."""
    user_access_token: UserAccessToken
    """The user's token."""
    state: NotRequired[Optional[str]]
    """What comes back with the user unchanged."""
    locale: NotRequired[Optional[str]]
    """The language of the pages, as an ISO 639-1 code."""
    session_options: NotRequired[Optional[SessionOptions]]
    """What the reading session that starts with the consent is to fetch."""
    trigger_query: NotRequired[Optional[bool]]
    """Whether the sources are asked for data at once."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used. An expired token is refreshed only if this is given."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class GetReauthorizeUrlResponse(TypedDict):
    """Where to send the user, and what to keep."""

    url: str
    """Where to send the user. It holds a code that works once: do not let it reach a log."""
    code_verifier: str
    """What `exchange_code_for_token` needs beside the code. Keep it on the server."""
    session: Session
    """The reading session that starts with the consent."""


class GetRevokeAccountPermissionUrlOptions(TypedDict):
    """The options of `get_revoke_account_permission_url`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    user_access_token: UserAccessToken
    """The user's token."""
    account_id: str
    """The account, from `read_accounts`."""
    redirect_uri: str
    """Where the user comes back to."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used. An expired token is refreshed only if this is given."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class GetRevokeAccountPermissionUrlResponse(TypedDict):
    """Where to send the user."""

    location: str
    """Where to send the user."""


class GetServiceSampleDataSetsOptions(TypedDict):
    """The options of `get_service_sample_data_sets`."""

    contract_details: ContractDetails
    """The contract."""
    source_id: int
    """The source, from `query_sources`."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class SampleDataSet(TypedDict):
    """A set of sample data. What this SDK does not know of is kept."""

    name: NotRequired[str]
    """Its name."""
    description: NotRequired[str]
    """What is in it."""


class GetUserStorageOptions(TypedDict):
    """The options of `get_user_storage`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    user_access_token: UserAccessToken
    """The user's token. An expired one is refreshed."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class GetUserStorageResponse(TypedDict):
    """The storage, and the new token if there is one."""

    storage: Storage
    """The storage."""
    user_access_token: NotRequired[UserAccessToken]
    """The token that replaced the one given, if it was refreshed. Store it."""


class ListStorageFilesOptions(TypedDict):
    """The options of `list_storage_files`."""

    contract_details: ContractDetails
    """The contract."""
    storage_id: str
    """The storage."""
    path: NotRequired[Optional[str]]
    """The folder. Default: all of them, the application's own."""
    recursive: NotRequired[Optional[bool]]
    """Whether folders inside it are listed too. Default `false`."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class ListStorageFilesResponse(TypedDict):
    """The files."""

    files: list[StorageFile]
    """The files."""
    total: NotRequired[int]
    """How many there are."""


class StorageFile(TypedDict):
    """A file in a storage. What this SDK does not know of is kept."""

    id: NotRequired[str]
    """Its id."""
    name: NotRequired[str]
    """Its name, in lower case."""
    originalName: NotRequired[str]
    """Its name."""
    originalPath: NotRequired[str]
    """Its folder."""
    path: NotRequired[str]
    """Its folder, in lower case."""


class PushDataToLibraryOptions(TypedDict):
    """What to push into the user's library."""

    type: NotRequired[Optional[Library]]
    """`library`, or left out."""
    contract_details: ContractDetails
    """The contract that was consented to."""
    user_access_token: UserAccessToken
    """The user's token. An expired one is refreshed."""
    data: PushedFileMeta
    """The file."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class PushedFileMeta(TypedDict):
    """A file for the library."""

    file_data: FileData
    """Its content: bytes, or a stream of them."""
    file_name: str
    """Its name. The platform has no place for it: what readers are to see belongs in `reference` or `tags`."""
    file_descriptor: FileDescriptor
    """What the platform is told of it."""


class FileDescriptor(TypedDict):
    """What the platform is told of a pushed file."""

    mime_type: str
    """Its media type: `application/pdf`."""
    accounts: list[FileDescriptorAccount]
    """The accounts that it concerns."""
    reference: NotRequired[Optional[list[str]]]
    """What the application knows it by."""
    tags: NotRequired[Optional[list[str]]]
    """What it can be found by."""


class FileDescriptorAccount(TypedDict):
    """An account that a pushed file concerns."""

    account_id: str
    """The account's id, of the application's choosing."""


class PushDataToProviderOptions(TypedDict):
    """What to push to a provider."""

    type: Provider
    """`provider`."""
    contract_details: ContractDetails
    """The contract that was consented to."""
    user_access_token: UserAccessToken
    """The user's token. An expired one is refreshed."""
    data: dict[str, Any]
    """The FHIR resource, most often a Bundle."""
    version: FhirVersion
    """The FHIR release."""
    standard: NotRequired[Optional[Standard]]
    """The standard of the data. Default `fhir`."""
    account_id: str
    """The `id` of the provider's account, from `read_accounts`."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class QueryCategoriesOptions(TypedDict):
    """The options of `query_categories`."""

    contract_details: ContractDetails
    """The contract."""
    categories_body_params: NotRequired[Optional[DiscoveryBodyParams]]
    """Which of them, and what of them. Default: all."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class DiscoveryBodyParams(TypedDict):
    """Which entries of a directory, and what of them."""

    query: NotRequired[Optional[DiscoveryQuery]]
    """The query."""


class DiscoveryQuery(TypedDict):
    """Which entries, and what of them."""

    include: NotRequired[Optional[list[str]]]
    """Which fields the answer is to have."""
    filter: NotRequired[Optional[dict[str, Any]]]
    """What the entries must have: `{ id: [1, 2] }`."""


class QueryCategoriesResponse(TypedDict):
    """Categories."""

    data: list[Category]
    """The categories."""


class Category(TypedDict):
    """A category as the platform describes it. What this SDK does not know of is kept."""

    id: NotRequired[int]
    """Its id, which the filters of `query_sources` take."""
    name: NotRequired[str]
    """Its name."""
    title: NotRequired[str]
    """Its title."""


class QueryCountriesOptions(TypedDict):
    """The options of `query_countries`."""

    contract_details: ContractDetails
    """The contract."""
    countries_body_params: NotRequired[Optional[DiscoveryBodyParams]]
    """Which of them, and what of them. Default: all."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class QueryCountriesResponse(TypedDict):
    """Countries."""

    data: list[Country]
    """The countries."""


class Country(TypedDict):
    """A country as the platform describes it. What this SDK does not know of is kept."""

    id: NotRequired[int]
    """Its id, which the filters of `query_sources` take."""
    name: NotRequired[str]
    """Its name."""
    code: NotRequired[str]
    """Its ISO 3166-1 code."""


class QueryPlatformsOptions(TypedDict):
    """The options of `query_platforms`."""

    contract_details: ContractDetails
    """The contract."""
    platforms_body_params: NotRequired[Optional[DiscoveryBodyParams]]
    """Which of them, and what of them. Default: all."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class QueryPlatformsResponse(TypedDict):
    """Platforms."""

    data: list[Platform]
    """The platforms."""


class Platform(TypedDict):
    """A platform as the platform describes it. What this SDK does not know of is kept."""

    id: NotRequired[int]
    """Its id, which the filters of `query_sources` take."""
    name: NotRequired[str]
    """Its name."""
    reference: NotRequired[str]
    """What the platform calls it."""


class QuerySourcesOptions(TypedDict):
    """The options of `query_sources`."""

    contract_details: ContractDetails
    """The contract."""
    sources_body_params: NotRequired[Optional[SourcesBodyParams]]
    """Which sources, and what of them."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class SourcesBodyParams(TypedDict):
    """Which sources, and what of them."""

    limit: NotRequired[Optional[int]]
    """How many at most."""
    offset: NotRequired[Optional[int]]
    """How many to leave out first."""
    sort: NotRequired[Optional[SourcesSort]]
    """In which order."""
    query: NotRequired[Optional[SourcesQuery]]
    """Which."""


class SourcesSort(TypedDict):
    """The order of sources."""

    name: NotRequired[Optional[str]]
    """By name: `asc` or `desc`."""


class SourcesQuery(TypedDict):
    """Which sources."""

    search: NotRequired[Optional[dict[str, Any]]]
    """Words to look for, by field."""
    query_string: NotRequired[Optional[str]]
    """Words to look for in any field."""
    include: NotRequired[Optional[list[str]]]
    """Which fields the answer is to have."""
    filter: NotRequired[Optional[dict[str, Any]]]
    """What the sources must have, as the platform documents it. Default: `type` `{ id: [1] }`, `publishedStatus`
    `["approved"]`.
    """


class QuerySourcesResponse(TypedDict):
    """Sources, a page of them."""

    data: list[Source]
    """The sources."""
    limit: int
    """How many at most."""
    offset: int
    """How many were left out first."""
    total: int
    """How many there are in all."""


class Source(TypedDict):
    """A source as the platform describes it. What this SDK does not know of is kept."""

    id: NotRequired[int]
    """The source's id, which `get_authorize_url` takes as `service_id`."""
    name: NotRequired[str]
    """Its name."""
    publishedStatus: NotRequired[str]
    """Whether it is offered: `approved`, `pending`, `deprecated`, `blocked` or `sampledataonly`."""


class ReadAccountsOptions(TypedDict):
    """The options of `read_accounts`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    user_access_token: UserAccessToken
    """The user's token. An expired one is refreshed."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class ReadAccountsResponse(TypedDict):
    """The accounts, and the token to go on with."""

    accounts: list[Account]
    """The accounts."""
    user_access_token: UserAccessToken
    """The user's token: the one given, or the one that replaced it. Store it."""


class Account(TypedDict):
    """An account at a source, as the platform describes it. What this SDK does not know of is kept."""

    id: str
    """The account's id, which pushing needs."""
    reference: NotRequired[str]
    """What the person came back with as `accountReference` when they connected it."""
    type: NotRequired[str]
    """The kind of account: `USER`, `PUSH` and others."""
    serviceGroupId: NotRequired[int]
    """The id of its service group."""
    serviceGroupName: NotRequired[str]
    """The name of its service group."""
    serviceTypeId: NotRequired[int]
    """The id of its service."""
    serviceTypeName: NotRequired[str]
    """The name of its service."""
    sourceId: NotRequired[int]
    """The id of its source."""
    createdDate: NotRequired[int]
    """When it was connected, in milliseconds since 1970."""
    updatedDate: NotRequired[int]
    """When it was changed, in milliseconds since 1970."""


class ReadAllFilesOptions(TypedDict):
    """The options of `read_all_files`."""

    session_key: str
    """The `key` of the session."""
    contract_id: str
    """The id of the contract that was consented to."""
    private_key: str
    """The contract's private key, as in `contract_details`."""
    user_access_token: UserAccessToken
    """The user's token. An expired one is refreshed."""
    on_file_data: NotRequired[Optional[Callable[[FileDataEvent], object]]]
    """Gets each file."""
    on_file_error: NotRequired[Optional[Callable[[FileErrorEvent], object]]]
    """Gets each file that cannot be read."""
    on_status_change: NotRequired[Optional[Callable[[str], object]]]
    """Gets the state of the session when it changes."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used."""
    on_progress: NotRequired[Optional[Callable[[ReadingProgress], object]]]
    """Learns how far the reading is."""
    concurrency: NotRequired[Optional[int]]
    """How many files are read at once. Default 5."""
    polling_interval: NotRequired[Optional[int]]
    """How long to wait before asking for the list of files again, in milliseconds. Default 3,000."""
    polling_limits: NotRequired[Optional[PollingLimits]]
    """How long to ask at most."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class FileDataEvent(TypedDict):
    """A file that was read."""

    file_data: bytes
    """Its content."""
    file_metadata: FileMetadata
    """What is known of it."""
    file_name: str
    """Its name."""
    last_modified: NotRequired[str]
    """When it was last changed, as HTTP writes dates."""
    user_access_token: UserAccessToken
    """The user's token, as it is now."""
    file_list: list[FileListEntry]
    """All files that the session has so far."""


class FileMetadata(TypedDict):
    """What is known of a file: of one that the platform has understood, how many objects of which kind it holds; of one
    that an application pushed, what the application said of it. What this SDK does not know of is kept.
    """

    objectCount: NotRequired[int]
    """How many objects are in it."""
    objectType: NotRequired[str]
    """What kind of objects."""
    serviceGroup: NotRequired[str]
    """The group of its service."""
    serviceName: NotRequired[str]
    """Its service."""
    mimetype: NotRequired[str]
    """The media type of a file that was pushed."""


class FileListEntry(TypedDict):
    """A file of a session. What this SDK does not know of is kept."""

    name: str
    """Its name, which `read_file` takes."""
    updatedDate: NotRequired[int]
    """When it was last changed, in milliseconds since 1970."""
    objectCount: NotRequired[int]
    """How many objects are in it."""
    objectType: NotRequired[str]
    """What kind of objects."""
    serviceGroup: NotRequired[str]
    """The group of its service."""
    serviceName: NotRequired[str]
    """Its service."""


class FileErrorEvent(TypedDict):
    """A file that cannot be read."""

    error: DigiMeSDKError
    """Why."""
    file_name: str
    """Its name."""
    file_list: list[FileListEntry]
    """All files that the session has so far."""


class ReadingProgress(TypedDict):
    """How far the reading is."""

    files_done: int
    """How many files were read, or could not be."""
    files_known: int
    """How many files are known to be there."""
    bytes: int
    """How many bytes were read, as content."""


class PollingLimits(TypedDict):
    """How long to ask for the list of files at most. Beyond a limit the call fails with a `TimeoutError` whose `phase`
    is the limit's name.
    """

    pending: NotRequired[Optional[int]]
    """How often the session may be found `pending`. Default: any number."""
    stale: NotRequired[Optional[int]]
    """How often nothing may have changed, one time after another. Default 100."""
    total: NotRequired[Optional[int]]
    """How long the reading may take, in milliseconds. Default: any time."""


class ReadAllFilesResponse(TypedDict):
    """How the reading ended."""

    status: FileListStatus
    """How far the session was at last."""
    file_list: list[FileListEntry]
    """Its files."""
    user_access_token: UserAccessToken
    """The user's token: the one given, or the one that replaced it. Store it."""


class FileListStatus(TypedDict):
    """How far a session is. What this SDK does not know of is kept."""

    state: str
    """`pending`, `running`, `partial` (ended, with errors) or `completed`; another word of the platform is handed on.
    """
    details: NotRequired[dict[str, Any]]
    """How far each account is, by its id."""


class ReadFileOptions(TypedDict):
    """The options of `read_file`."""

    session_key: str
    """The `key` of the session."""
    file_name: str
    """The file's name, from `read_file_list`."""
    contract_id: str
    """The id of the contract that was consented to."""
    private_key: str
    """The contract's private key, as in `contract_details`."""
    user_access_token: UserAccessToken
    """The user's token. An expired one is refreshed."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class ReadFileResponse(TypedDict):
    """A file, and the token to go on with."""

    file_data: bytes
    """Its content."""
    file_metadata: FileMetadata
    """What is known of it."""
    file_name: str
    """Its name."""
    last_modified: NotRequired[str]
    """When it was last changed, as HTTP writes dates."""
    user_access_token: UserAccessToken
    """The user's token: the one given, or the one that replaced it. Store it."""


class ReadFileListOptions(TypedDict):
    """The options of `read_file_list`."""

    session_key: str
    """The `key` of the session."""
    contract_id: str
    """The id of the contract that was consented to."""
    private_key: str
    """The contract's private key, as in `contract_details`."""
    user_access_token: UserAccessToken
    """The user's token. An expired one is refreshed."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class ReadFileListResponse(TypedDict):
    """The files, and the token to go on with."""

    status: FileListStatus
    """How far the session is."""
    file_list: NotRequired[list[FileListEntry]]
    """The files. A name that is listed again with a later `updatedDate` is to be read again."""
    user_access_token: UserAccessToken
    """The user's token: the one given, or the one that replaced it. Store it."""


class ReadFileMetadataOptions(TypedDict):
    """The options of `read_file_metadata`."""

    session_key: str
    """The `key` of the session."""
    file_name: str
    """The file's name, from `read_file_list`."""
    contract_details: ContractDetails
    """The contract that was consented to."""
    user_access_token: UserAccessToken
    """The user's token. An expired one is refreshed."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class ReadFileMetadataResponse(TypedDict):
    """What is known of a file, and the token to go on with."""

    file_metadata: FileMetadata
    """What is known of it."""
    file_name: str
    """Its name."""
    user_access_token: UserAccessToken
    """The user's token: the one given, or the one that replaced it. Store it."""


class ReadFileStreamResponse(TypedDict):
    """A file being read, and the token to go on with."""

    body: ByteStream
    """Its content."""
    file_metadata: FileMetadata
    """What is known of it."""
    file_name: str
    """Its name."""
    last_modified: NotRequired[str]
    """When it was last changed, as HTTP writes dates."""
    user_access_token: UserAccessToken
    """The user's token: the one given, or the one that replaced it. Store it."""


class ReadSessionOptions(TypedDict):
    """The options of `read_session`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    user_access_token: UserAccessToken
    """The user's token. An expired one is refreshed."""
    session_options: NotRequired[Optional[PullSessionOptions]]
    """What is to be fetched."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class ReadSessionResponse(TypedDict):
    """The session, and the token to go on with."""

    session: Session
    """The session."""
    user_access_token: UserAccessToken
    """The user's token: the one given, or the one that replaced it. Store it."""


class RefreshTokenOptions(TypedDict):
    """The options of `refresh_token`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    user_access_token: UserAccessToken
    """The token to replace."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class UploadFileToStorageOptions(TypedDict):
    """The options of `upload_file_to_storage`."""

    contract_details: ContractDetails
    """The contract."""
    storage_id: str
    """The storage."""
    file_name: str
    """The file's name."""
    file_data: FileData
    """Its content: bytes, or a stream of them."""
    path: NotRequired[Optional[str]]
    """The folder. Default: the application's own."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""


class UploadFileToStorageResponse(TypedDict):
    """The file is there."""

    uploaded: bool
    """Always `true`; a failure is an error."""
    status_code: int
    """The HTTP status."""
    status_message: str
    """The HTTP status in words."""


class TimeoutOptions(TypedDict):
    """How long to wait, in milliseconds. A time-out is a `TimeoutError` that says which."""

    connect: NotRequired[Optional[int]]
    """For a connection. Default 10,000."""
    idle: NotRequired[Optional[int]]
    """For the next byte of an answer. Default 60,000."""
    total: NotRequired[Optional[int]]
    """For one attempt at a request, from its first byte to the last of its answer. Default: as long as bytes keep
    coming.
    """


class SdkConfiguration(TypedDict):
    """How an application is configured."""

    application_id: str
    """The application's id, as digi.me gave it."""
    base_url: NotRequired[Optional[str]]
    """Where the API is. Default: the environment variable `DIGIME_BASE_URL`, else `https://api.digi.me/v1.7/`."""
    cloud_base_url: NotRequired[Optional[str]]
    """Where the cloud storage is. Default: `DIGIME_CLOUD_BASE_URL`, else `https://cloud.digi.me/v1/`."""
    onboard_url: NotRequired[Optional[str]]
    """Where the pages are that a person is sent to. Default: `DIGIME_ONBOARD_URL`, else
    `https://api.digi.me/apps/saas/`.
    """
    retry_options: NotRequired[Optional[RetryOptions]]
    """When requests that failed are repeated."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """How long to wait."""
    file_limits: NotRequired[Optional[FileLimits]]
    """How large the content of a file may be."""
    agent: NotRequired[Optional[Agent]]
    """What the platform is told of the SDK. It may refuse names and versions that it does not know, so the default is
    what the JavaScript SDK says.
    """


class RetryOptions(TypedDict):
    """When to repeat a request that failed. What is left out has the default of the JavaScript SDK.

    POST is never among `methods`: a code, a refresh token and a pushed file must not be sent twice.
    """

    limit: NotRequired[Optional[int]]
    """How often a request is repeated at most. Default 2; 0 for never."""
    methods: NotRequired[Optional[list[str]]]
    """The methods of requests that may be repeated. Default GET, PUT, HEAD, DELETE, OPTIONS, TRACE."""
    status_codes: NotRequired[Optional[list[int]]]
    """The HTTP statuses after which a request is repeated. Default 408, 413, 429, 500, 502, 503, 504, 521, 522, 524."""
    error_codes: NotRequired[Optional[list[str]]]
    """The network errors after which a request is repeated. Default `ETIMEDOUT`, `ECONNRESET`, `EADDRINUSE`,
    `ECONNREFUSED`, `EPIPE`, `ENOTFOUND`, `ENETUNREACH`, `EAI_AGAIN`.
    """
    max_retry_after: NotRequired[Optional[int]]
    """The longest `Retry-After` that is waited for, in milliseconds; a longer one ends the attempts. Default: any."""
    calculate_delay: NotRequired[Optional[Callable[[RetryAttempt], Union[float, Awaitable[float]]]]]
    """Given `{attempt_count, computed_value, retry_after}`, says how many milliseconds to wait before the next attempt;
    0 ends them. It is asked only where the other rules would repeat.
    """


class RetryAttempt(TypedDict):
    """What the function is told."""

    attempt_count: int
    """How many attempts have failed."""
    computed_value: int
    """The milliseconds that would be waited without the function."""
    retry_after: NotRequired[int]
    """The `Retry-After` of the answer, in milliseconds."""


class FileLimits(TypedDict):
    """How large the content of a file may be. A few bytes can be compressed from a great many: what exceeds a limit is
    a `FileLimitError`, and is not held in memory.
    """

    size: NotRequired[Optional[int]]
    """In bytes. Default 1 GiB."""
    ratio: NotRequired[Optional[int]]
    """As a multiple of the compressed size, for content of more than 16 MiB. Default 1,000."""


class Agent(TypedDict):
    """What the platform is told of the SDK."""

    name: NotRequired[Optional[str]]
    """The name of an SDK that the platform knows. Default `nodejs`."""
    version: NotRequired[Optional[str]]
    """A version of that SDK. Default `16.1.5`."""
    consumer: NotRequired[Any]
    """What the application understands, in the platform's own form: `{ version, objectVersions }`."""


GetServiceSampleDataSetsResponse = dict[str, SampleDataSet]
"""Sets of sample data by their ids."""

PushDataOptions = Union[PushDataToLibraryOptions, PushDataToProviderOptions]
"""The options of `push_data`."""
