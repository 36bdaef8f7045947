"""The types of options and responses. Printed by scripts/print_types.py: change the core instead."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from os import PathLike
from typing import Any, Literal, Optional, Protocol, Union, runtime_checkable

from .._byte_stream import ByteStream
from .._documents import ParseFloat
from .._many import Many
from .._streams import FileData
from .._transport import Transport
from .._typing import NotRequired, TypedDict
from ..errors import DigiMeSDKError
from .tokens import Token, User, UserAccessToken

__all__ = [
    "Account",
    "AccountError",
    "AccountFilter",
    "AccountProgress",
    "AddMeasurementOptions",
    "Agent",
    "ApiResponse",
    "AttemptChange",
    "AttemptQuery",
    "AttemptRecord",
    "AttemptRemoval",
    "AttemptStatus",
    "CAScope",
    "Category",
    "CheckConnectionsOptions",
    "CheckFinding",
    "CheckOptions",
    "CheckProviderDataOptions",
    "CheckResponse",
    "ClientAuthentication",
    "ClientCertificate",
    "CloseOptions",
    "CloseResponse",
    "CompleteConnectOptions",
    "CompleteConnectResponse",
    "CompleteLinkOptions",
    "Connection",
    "ConnectionChange",
    "ConnectionEvent",
    "Consumer",
    "ContractDetails",
    "CountConnectionsOptions",
    "CountLinksOptions",
    "Country",
    "CreateProvisionalStorageOptions",
    "CreateProvisionalStorageResponse",
    "CurrentUser",
    "DataType",
    "DeleteAccountForAppUserOptions",
    "DeleteAccountOptions",
    "DeleteAccountResponse",
    "DeleteStorageFilesOptions",
    "DeleteStorageFilesResponse",
    "DeleteUserForAppUserOptions",
    "DeleteUserOptions",
    "DeleteUserResponse",
    "DeletedResponse",
    "DisconnectOptions",
    "DiscoveryBodyParams",
    "DiscoveryQuery",
    "DiscoveryResource",
    "DownloadStorageFileOptions",
    "DownloadStorageFileResponse",
    "EventLevel",
    "EventType",
    "ExchangeCodeForTokenOptions",
    "ExportConnectionOptions",
    "ExportLinkOptions",
    "ExportedLink",
    "FailedInvitation",
    "FhirBatchOptions",
    "FhirCreateOptions",
    "FhirIssue",
    "FhirOutcome",
    "FhirReadOptions",
    "FhirSearchOptions",
    "FhirSearchResourcesOptions",
    "FhirTransactionOptions",
    "FhirUpdateOptions",
    "FhirVersion",
    "FileDataEvent",
    "FileDataForAppUserEvent",
    "FileDescriptor",
    "FileDescriptorAccount",
    "FileErrorEvent",
    "FileLimits",
    "FileListEntry",
    "FileListStatus",
    "FileMetadata",
    "FilteringLinkStore",
    "FindLinksOptions",
    "FindingSeverity",
    "FoundResource",
    "GetAccessTokenOptions",
    "GetAuthorizeUrlOptions",
    "GetAuthorizeUrlResponse",
    "GetConnectUrlOptions",
    "GetConnectUrlResponse",
    "GetConnectionOptions",
    "GetConsentsOptions",
    "GetContractDetailsOptions",
    "GetContractDetailsResponse",
    "GetCurrentUserOptions",
    "GetLastChangeOptions",
    "GetLinkOptions",
    "GetLinkUrlOptions",
    "GetLinkUrlResponse",
    "GetMeasurementTypesOptions",
    "GetMeasurementsOptions",
    "GetOnboardServiceUrlForAppUserOptions",
    "GetOnboardServiceUrlForAppUserResponse",
    "GetOnboardServiceUrlOptions",
    "GetOnboardServiceUrlResponse",
    "GetPortabilityReportForAppUserOptions",
    "GetPortabilityReportOptions",
    "GetPortabilityReportResponse",
    "GetPublicIdOptions",
    "GetReauthorizeAccountUrlForAppUserOptions",
    "GetReauthorizeAccountUrlForAppUserResponse",
    "GetReauthorizeAccountUrlOptions",
    "GetReauthorizeAccountUrlResponse",
    "GetReauthorizeUrlForAppUserOptions",
    "GetReauthorizeUrlForAppUserResponse",
    "GetReauthorizeUrlOptions",
    "GetReauthorizeUrlResponse",
    "GetRecordStatusOptions",
    "GetRevokeAccountPermissionUrlForAppUserOptions",
    "GetRevokeAccountPermissionUrlOptions",
    "GetRevokeAccountPermissionUrlResponse",
    "GetServiceSampleDataSetsOptions",
    "GetServiceSampleDataSetsResponse",
    "GetSignInUrlOptions",
    "GetSignInUrlResponse",
    "GetSystemTokenOptions",
    "GetUserStorageForAppUserOptions",
    "GetUserStorageOptions",
    "GetUserStorageResponse",
    "HttpMethod",
    "ImportConnectionOptions",
    "ImportConnectionsOptions",
    "ImportLinkOptions",
    "ImportLinksOptions",
    "ImportResponse",
    "ImportedConnection",
    "ImportedLink",
    "InnerError",
    "Invitation",
    "InviteToRecordOptions",
    "InviteToRecordResponse",
    "IssuedToken",
    "JoinOrganisationOptions",
    "KeepAliveOptions",
    "KeepAliveResponse",
    "KeepConnectionsAliveOptions",
    "KeyWrapping",
    "LastChange",
    "Library",
    "Limits",
    "LimitsDuration",
    "Link",
    "LinkChange",
    "LinkCounts",
    "LinkEvent",
    "LinkFilter",
    "LinkFilterQuery",
    "LinkPageQuery",
    "LinkQuery",
    "LinkRecord",
    "LinkRemoval",
    "LinkStatus",
    "LinkStore",
    "LinkTokens",
    "ListConnectionsOptions",
    "ListLinksOptions",
    "ListStorageFilesOptions",
    "ListStorageFilesResponse",
    "NationalId",
    "NotImported",
    "NotKeptAlive",
    "ObjectTypeError",
    "ObjectVersions",
    "OnConflict",
    "OneTimePassword",
    "Ontology",
    "OntologyWrapper",
    "OrganizationType",
    "PatientIdentifier",
    "PkbConfiguration",
    "PkbConsent",
    "PkbEndpoints",
    "PkbEnvironment",
    "PkbFhirSurface",
    "PkbPerPatient",
    "PkbRestEndpoint",
    "PkbSurface",
    "PkbSurfaceEndpoint",
    "Platform",
    "PlatformResponse",
    "PollingLimits",
    "Provider",
    "ProviderDataFinding",
    "PublicIdQuery",
    "PullSessionOptions",
    "PushDataForAppUserOptions",
    "PushDataOptions",
    "PushDataToLibraryForAppUserOptions",
    "PushDataToLibraryOptions",
    "PushDataToProviderForAppUserOptions",
    "PushDataToProviderOptions",
    "PushedFileMeta",
    "QueryCategoriesOptions",
    "QueryCategoriesResponse",
    "QueryCountriesOptions",
    "QueryCountriesResponse",
    "QueryParameters",
    "QueryPlatformsOptions",
    "QueryPlatformsResponse",
    "QuerySourcesOptions",
    "QuerySourcesResponse",
    "ReadAccountsForAppUserOptions",
    "ReadAccountsForAppUserResponse",
    "ReadAccountsOptions",
    "ReadAccountsResponse",
    "ReadAllFilesForAppUserOptions",
    "ReadAllFilesForAppUserResponse",
    "ReadAllFilesOptions",
    "ReadAllFilesResponse",
    "ReadFileForAppUserOptions",
    "ReadFileForAppUserResponse",
    "ReadFileListForAppUserOptions",
    "ReadFileListForAppUserResponse",
    "ReadFileListOptions",
    "ReadFileListResponse",
    "ReadFileMetadataForAppUserOptions",
    "ReadFileMetadataForAppUserResponse",
    "ReadFileMetadataOptions",
    "ReadFileMetadataResponse",
    "ReadFileOptions",
    "ReadFileResponse",
    "ReadFileStreamForAppUserResponse",
    "ReadFileStreamResponse",
    "ReadSessionForAppUserOptions",
    "ReadSessionForAppUserResponse",
    "ReadSessionOptions",
    "ReadSessionResponse",
    "ReadingProgress",
    "RecordChange",
    "RecordFound",
    "RecordStatus",
    "RefreshTokenOptions",
    "ReportFormat",
    "ReportServiceType",
    "RequestOptions",
    "RetryAttempt",
    "RetryOptions",
    "RotateConnectionKeysOptions",
    "RotateConnectionKeysResponse",
    "RotateKeysOptions",
    "RotateKeysResponse",
    "SampleDataOptions",
    "SampleDataSet",
    "Schemas",
    "ScopeCriteria",
    "SdkConfiguration",
    "SdkEvent",
    "SearchMode",
    "ServiceGroup",
    "ServiceObjectType",
    "ServiceType",
    "Session",
    "SessionOptions",
    "Source",
    "SourceFetchFilter",
    "SourceProxy",
    "SourceStatus",
    "SourceType",
    "SourcesBodyParams",
    "SourcesQuery",
    "SourcesScope",
    "SourcesSort",
    "Standard",
    "Storage",
    "StorageFile",
    "SystemClient",
    "TimeRange",
    "TimeoutOptions",
    "Token",
    "TokensChanged",
    "TraceContext",
    "TracedAttempt",
    "UnlinkOptions",
    "UnreadableLink",
    "UploadFileToStorageOptions",
    "UploadFileToStorageResponse",
    "User",
    "UserAccessToken",
    "WatchOptions",
]


class ClientCertificate(TypedDict):
    """The certificate by which an application shows servers who it is (mutual TLS), and its private key."""

    cert: str
    """The certificate in PEM, followed by those between it and its authority."""
    key: str
    """Its private key in PEM, not encrypted."""


class FileLimits(TypedDict):
    """How large the content of a file may be. A few bytes can be compressed from a great many: what exceeds a limit is
    a `FileLimitError`, and is not held in memory.
    """

    size: NotRequired[Optional[int]]
    """In bytes. Default 1 GiB."""
    ratio: NotRequired[Optional[int]]
    """As a multiple of the compressed size, for content of more than 16 MiB. Default 1,000."""


class KeyWrapping(TypedDict):
    """How a key management service wraps the keys that encrypt the store: the SDK makes them, and keeps them wrapped,
    beside what they encrypt.
    """

    wrap: Callable[[bytes], Union[Union[str, bytes], Awaitable[Union[str, bytes]]]]
    """Wraps a key, which is 32 bytes: gives what the service makes of it, as bytes or text."""
    unwrap: Callable[[Any], Union[Union[str, bytes], Awaitable[Union[str, bytes]]]]
    """Gives the 32 bytes of a key again, or their base64, for what `wrap` has given."""
    cache_for: NotRequired[Optional[int]]
    """For how long an unwrapped key is kept in memory, in milliseconds: for so long the service may be away. Default
    3,600,000 (one hour).
    """


class TimeoutOptions(TypedDict):
    """How long to wait, in milliseconds; 0 is at once, except for `call`. A time-out is a `TimeoutError` that says
    which, and how much of the request had been sent. None ever ends a refresh of tokens that was sent: that goes on,
    and is handed to whoever asks next.
    """

    connect: NotRequired[Optional[int]]
    """For a connection. Default 10,000."""
    idle: NotRequired[Optional[int]]
    """For the next bytes of an answer, of which the head comes as one piece, or for the server to take the next bytes
    of a request; how long a stream of the application's own takes to give the next bytes counts in the others alone.
    An answer that brings tokens has half a second more. Default 60,000.
    """
    total: NotRequired[Optional[int]]
    """For one attempt at a request, from its first byte to the last of its answer, also where that is read as a stream.
    Default: as long as bytes keep coming.
    """
    call: NotRequired[Optional[int]]
    """For the whole call: its attempts, the pauses between them, and waiting for a refresh or a store. Of a call that
    makes one request after another as it goes on, `read_all_files` and `fhir_search`, each has as long. Default
    120,000, and none where the content of a file is sent or read; 0 for none.
    """


class TraceContext(TypedDict):
    """What a request says of the trace that it is part of."""

    traceparent: NotRequired[Optional[str]]
    """The header `traceparent`: `00-`, the trace's id, `-`, the span's, `-01`. One that has not that form is not
    sent.
    """
    tracestate: NotRequired[Optional[str]]
    """The header `tracestate`, which goes with it."""


class TracedAttempt(TypedDict):
    """An attempt at a request that is about to be sent. Its numbers are those of its events."""

    call_id: NotRequired[int]
    """The number of the call that it is part of, which no other call in this process has."""
    call: NotRequired[str]
    """The name of that call: `push_data`."""
    request_id: int
    """The number of the request, which no other in this process has."""
    request: str
    """The request: its method and the pattern of its path, without a value in it."""
    attempt: int
    """Which attempt at the request, from 1 on."""


class RetryAttempt(TypedDict):
    """What the function is told."""

    attempt_count: int
    """How many attempts have failed."""
    computed_value: int
    """The milliseconds that would be waited without the function."""
    retry_after: NotRequired[int]
    """The `Retry-After` of the answer, in milliseconds."""


class LinkQuery(TypedDict):
    """What `get_link` is asked."""

    platform: str
    app_user_id: str


LinkStatus = Literal["active", "uncertain", "expired"]
"""How a link stands."""


class PublicIdQuery(TypedDict):
    """What `find_links` is asked."""

    platform: str
    public_id: str


class LinkPageQuery(TypedDict):
    """What `list_links` is asked: up to `limit` links in the order of their users' ids, from the first whose id is
    greater than `after`.
    """

    platform: str
    after: str
    limit: int


class LinkRemoval(TypedDict):
    """What `remove_link` is told."""

    platform: str
    app_user_id: str
    expected_version: int


class AttemptQuery(TypedDict):
    """What `get_attempt` is asked."""

    platform: str
    id: str


AttemptStatus = Literal["pending", "exchanging", "exchanged", "linking", "completed", "failed"]
"""How far an attempt to link has come."""


class AttemptRemoval(TypedDict):
    """What `remove_attempts` is told: the time before which an attempt has expired that is to go, and the user all of
    whose attempts are, if one is meant.
    """

    platform: str
    expired_before: int
    app_user_id: Optional[str]


ConnectionChange = Literal["connected", "replaced", "refreshed", "uncertain", "recovered", "expired", "disconnected"]
"""What has become of a connection. The store has it already."""

EventLevel = Literal["debug", "info", "warning"]
"""How much an event matters: what happens all the time, what is worth a line, what somebody should look at."""

EventType = Literal[
    "callStarted",
    "callEnded",
    "requestStarted",
    "requestSent",
    "requestAnswered",
    "requestFailed",
    "requestRetried",
    "longHeader",
    "refreshStarted",
    "refreshEnded",
    "tokenStored",
    "keySetFetched",
    "leaseTaken",
    "leaseSpent",
    "leaseWaitedFor",
    "leaseTakenOver",
    "leaseReleased",
    "linkUncertain",
    "fileRead",
    "poll",
    "platformNotice",
]
"""What happens."""

Schemas = Literal["fhir", "me.digi"]
"""Who defines a data model."""


class PlatformResponse(TypedDict):
    """An answer of the platform to one request of a call, of its last attempt: what stands before its body. It holds no
    token.
    """

    request: str
    """The request: its method and the pattern of its path, without a value in it."""
    status_code: int
    """The HTTP status."""
    headers: dict[str, str]
    """The headers, by their names in lower case; one that came more than once is a list, parted by commas. Those that
    hold credentials, such as `set-cookie`, are left out.
    """
    reference: NotRequired[str]
    """What the platform calls this answer, where it says so: its support can look it up. Of digi.me, the header
    `x-error-reference`.
    """


class CheckFinding(TypedDict):
    """Something that calls would fail of."""

    setting: str
    """The setting that it is about: `store`, `encryption_key`."""
    message: str
    """What is wrong, and what to do."""


FhirVersion = Literal["stu3", "3.0.2"]
"""A release of FHIR."""

FindingSeverity = Literal["error", "warning"]
"""How certain it is that it is refused."""


class CloseResponse(TypedDict):
    """How a client has ended."""

    finished: bool
    """Whether all that was under way was done in time. What was not goes on for as long as the process lives, and keeps
    its store.
    """


class ContractDetails(TypedDict):
    """The contract that an application uses."""

    contract_id: str
    """The contract's id, as digi.me gave it."""
    private_key: str
    """The contract's RSA private key in PEM form, PKCS#1 or PKCS#8; line breaks may be written as `\\n`, as environment
    variables hold them.
    """


OnConflict = Literal["refuse", "replace"]
"""What to do if a user or a record is linked already, to another."""


class Session(TypedDict):
    """A session in which the user's data is fetched and can be read."""

    key: str
    """What the session is read with."""
    expiry: int
    """When it ends, in milliseconds since 1970."""


class LinkCounts(TypedDict):
    """How many links there are, by how they stand."""

    active: int
    """Those whose tokens serve."""
    uncertain: int
    """Those whose refresh token may be spent."""
    expired: int
    """Those that are over."""


class Storage(TypedDict):
    """A storage in the platform's cloud. What this SDK does not know of is kept."""

    id: str
    """The storage's id."""
    kid: str
    """The id of its key."""


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


class DeleteStorageFilesResponse(TypedDict):
    """It is gone."""

    deleted: bool
    """Always `True`; a failure is an error."""
    status_code: int
    """The HTTP status."""
    status_message: str
    """The HTTP status in words."""


class DownloadStorageFileResponse(TypedDict):
    """A file being read."""

    body: ByteStream
    """Its content."""
    content_length: NotRequired[int]
    """How many bytes it has, if the platform says so."""


class SampleDataOptions(TypedDict):
    """Sample data instead of a real account."""

    data_set: str
    """Which set of it, from `get_service_sample_data_sets`."""
    auto_onboard: NotRequired[Optional[bool]]
    """Whether the person is spared the steps of adding it."""


SourceType = Literal["pull", "push"]
"""Whether sources are added to read from, or to push to."""


class LimitsDuration(TypedDict):
    """How long the platform may take for what."""

    source_fetch: NotRequired[Optional[float]]
    """For fetching from the sources, in seconds."""


class ScopeCriteria(TypedDict):
    """A condition on raw files."""

    from_: NotRequired[Optional[float]]
    """From when, in seconds since 1970."""
    last: NotRequired[Optional[str]]
    """From how long ago: `6m`, `1y`."""
    metadata: NotRequired[Any]
    """What their metadata must hold."""


class TimeRange(TypedDict):
    """A range of time."""

    from_: NotRequired[Optional[float]]
    """Its begin, in seconds since 1970."""
    last: NotRequired[Optional[str]]
    """Its length up to now: `6m`, `1y`."""
    to: NotRequired[Optional[float]]
    """Its end, in seconds since 1970."""


class ServiceObjectType(TypedDict):
    """A kind of objects of a service."""

    id: float
    """Its id."""


class AccountFilter(TypedDict):
    """Accounts by their ids."""

    id: list[str]
    """The ids."""


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


ReportFormat = Literal["xml"]
"""The format of a report."""

ReportServiceType = Literal["medmij"]
"""The kind of service that a report is about."""


class GetPortabilityReportResponse(TypedDict):
    """A report."""

    file: str
    """The report's text."""


class GetRevokeAccountPermissionUrlResponse(TypedDict):
    """Where to send the user. What this SDK does not know of is kept."""

    location: str
    """Where to send the user."""


class SampleDataSet(TypedDict):
    """A set of sample data. What this SDK does not know of is kept."""

    name: NotRequired[str]
    """Its name."""
    description: NotRequired[str]
    """What is in it."""


class ImportedConnection(TypedDict):
    """A user who consented before their connection was kept."""

    app_user_id: str
    """Your own id of the user: at most 1,000 bytes, without NUL."""
    user_access_token: UserAccessToken
    """Their token, as it is now, with its expiry."""


class NotImported(TypedDict):
    """A user who was not brought in."""

    app_user_id: str
    """Your own id of the user."""
    reason: str
    """Why, without anything secret."""


class NotKeptAlive(TypedDict):
    """A connection that could not be refreshed now."""

    app_user_id: str
    """Your own id of the user."""
    reason: str
    """Why, without anything secret."""


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


Library = Literal["library"]
"""The word `library`."""


class FileDescriptorAccount(TypedDict):
    """An account that a pushed file concerns."""

    account_id: str
    """The account's id, of the application's choosing."""


Provider = Literal["provider"]
"""The word `provider`."""

Standard = Literal["fhir"]
"""A standard of health data."""


class DiscoveryQuery(TypedDict):
    """Which entries, and what of them."""

    include: NotRequired[Optional[list[str]]]
    """Which fields the answer is to have."""
    filter: NotRequired[Optional[dict[str, Any]]]
    """What the entries must have: `{ id: [1, 2] }`."""


class DiscoveryResource(TypedDict):
    """A picture, as the platform describes it. What this SDK does not know of is kept."""

    url: NotRequired[str]
    """Its address."""
    mimetype: NotRequired[str]
    """Its media type."""
    resize: NotRequired[str]
    """What it is resized by."""
    type: NotRequired[int]
    """The kind of picture."""


class Platform(TypedDict):
    """A platform as the platform describes it. What this SDK does not know of is kept."""

    id: NotRequired[int]
    """Its id, which the filters of `query_sources` take."""
    name: NotRequired[str]
    """Its name."""
    reference: NotRequired[str]
    """What the platform calls it."""


class SourcesQuery(TypedDict):
    """Which sources."""

    search: NotRequired[Optional[dict[str, Any]]]
    """Words to look for, by field."""
    query_string: NotRequired[Optional[str]]
    """Words to look for in any field."""
    include: NotRequired[Optional[list[str]]]
    """Which fields the answer is to have: `name`, or `resource.url` for one inside another; `status`,
    `sourceProxy.name` and `sourceProxy.status` for what is disturbed.
    """
    filter: NotRequired[Optional[dict[str, Any]]]
    """What the sources must have, as the platform documents it. Default: `type` `{ id: [1] }`, `publishedStatus`
    `["approved"]`.
    """


class SourcesSort(TypedDict):
    """The order of sources."""

    name: NotRequired[Optional[str]]
    """By name: `asc` or `desc`."""


class SourceStatus(TypedDict):
    """That something is disturbed, how badly, and when. What this SDK does not know of is kept."""

    severity: NotRequired[str]
    """`partial` or `full`; another word of the platform is handed on."""
    scopes: NotRequired[list[str]]
    """What is disturbed: `data`, `auth`; other words of the platform are handed on."""
    expectedWindow: NotRequired[dict[str, Any]]
    """When it is expected to be: `from` and `to`, in milliseconds since 1970, it seems."""
    observedWindow: NotRequired[dict[str, Any]]
    """When it was seen to be, likewise."""


class Account(TypedDict):
    """An account at a source, as the platform describes it. What this SDK does not know of is kept."""

    id: str
    """The account's id, which pushing needs."""
    reference: NotRequired[str]
    """What the person came back with as `accountReference=…` when they connected it."""
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
    serviceProviderId: NotRequired[int]
    """The id of its provider."""
    serviceProviderName: NotRequired[str]
    """The name of its provider."""
    serviceProviderReference: NotRequired[str]
    """The provider's own word for the account."""
    username: NotRequired[str]
    """The name under which the person is known there."""
    providerFavIcon: NotRequired[str]
    """The address of the provider's small picture."""
    providerLogo: NotRequired[str]
    """The address of the provider's picture."""
    sample: NotRequired[bool]
    """Whether its data are samples."""
    createdDate: NotRequired[int]
    """When it was connected, in milliseconds since 1970."""
    updatedDate: NotRequired[int]
    """When it was changed, in milliseconds since 1970."""


class PollingLimits(TypedDict):
    """How long to wait for a session at most. At a limit the call fails with a `TimeoutError` whose `phase` is the
    limit's name, and what is under way is given up, but for a callback that is at work and a refresh of the token,
    which are waited for. The time of callbacks counts in `total` alone. A `polling_interval` of more than 3 seconds
    takes their place in `pending` and `stale`.
    """

    pending: NotRequired[Optional[int]]
    """For how many times 3 seconds the session may be `pending`; with a `polling_interval`, also how often it may be
    found so. Default: any number.
    """
    stale: NotRequired[Optional[int]]
    """For how many times 3 seconds nothing may change; with a `polling_interval`, also how often that may be found, one
    time after another. A list that is refused (429, 503) has not changed. Default 100: five minutes.
    """
    total: NotRequired[Optional[int]]
    """How long the reading may take, in milliseconds. Default: any time."""


class ReadingProgress(TypedDict):
    """How far the reading is."""

    files_done: int
    """How many files were read, or could not be."""
    files_known: int
    """How many files are known to be there."""
    bytes: int
    """How many bytes were read, as content."""


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
    objectVersion: NotRequired[str]
    """The version of its objects."""


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


class InnerError(TypedDict):
    """One thing that is wrong. What this SDK does not know of is kept."""

    code: NotRequired[str]
    """The platform's code."""
    message: NotRequired[str]
    """The same in words."""
    statusCode: NotRequired[int]
    """The HTTP status that goes with it."""


class UnreadableLink(TypedDict):
    """A record that could not be read."""

    app_user_id: str
    """Your own id of the user."""
    reason: str
    """What is wrong with the record."""


class UploadFileToStorageResponse(TypedDict):
    """The file is there."""

    uploaded: bool
    """Always `True`; a failure is an error."""
    status_code: int
    """The HTTP status."""
    status_message: str
    """The HTTP status in words."""


ClientAuthentication = Literal["none", "body", "basic"]
"""How a client proves who it is (RFC 6749 section 2.3.1)."""

PkbEnvironment = Literal["sandbox", "production"]
"""An environment of PKB's."""


class PkbPerPatient(TypedDict):
    """How many requests about one patient a client has under way at once; those beyond wait. PKB's guide asks for
    queries of the FHIR API four at a time, and for calls of the REST API one after the other.
    """

    fhir: NotRequired[Optional[int]]
    """Those of the FHIR APIs. Default 4."""
    rest: NotRequired[Optional[int]]
    """Those of the REST API. Default 1."""


class TokensChanged(TypedDict):
    """Which tokens have changed. The tokens themselves stay in the store."""

    app_user_id: str
    """Your own id of the user."""
    public_id: str
    """The patient's PKB public id."""
    access_token_expires_at: int
    """When the new access token expires, in milliseconds since 1970."""


HttpMethod = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
"""A method of HTTP."""


class PkbRestEndpoint(TypedDict):
    """Where the REST API of PKB's is, and how it is called."""

    url: NotRequired[Optional[str]]
    """The base of its addresses."""
    headers: NotRequired[Optional[dict[str, Any]]]
    """Headers that each request to it has beside its own; names are not case-sensitive."""


class ApiResponse(TypedDict):
    """An answer."""

    status_code: int
    """The HTTP status: a success."""
    headers: dict[str, Any]
    """The headers, names in lower case."""
    body: Any
    """The body."""


class LinkTokens(TypedDict):
    """What PKB's token endpoint has given for a patient."""

    access_token: str
    """The token that calls are made with."""
    refresh_token: NotRequired[str]
    """The token that buys the next pair, once. Absent where PKB gave none: the link lasts as long as the access token
    then.
    """
    expires_at: int
    """When the access token expires, in milliseconds since 1970."""
    scope: NotRequired[str]
    """What PKB says that they are for."""


class FhirIssue(TypedDict):
    """One issue of an OperationOutcome."""

    severity: str
    """`fatal`, `error`, `warning` or `information`."""
    code: str
    """The kind of issue, from FHIR's own list: `forbidden`."""
    diagnostics: NotRequired[str]
    """What PKB adds, in words."""


QueryParameters = dict[str, Any]
"""Parameters by their names. A value is a string, a number or a boolean, or a list of them for a parameter that is
repeated. Numbers are sent with the digits in which they are given.
"""

PkbFhirSurface = Literal["facade", "aggregated", "customer"]
"""One of PKB's APIs in which FHIR resources are read."""

SearchMode = Literal["match", "include", "outcome"]
"""Why a resource is among what a search gives (FHIR's `search-entry-mode`)."""


class IssuedToken(TypedDict):
    """An access token, to make calls with otherwise."""

    access_token: str
    """What goes into `Authorization: Bearer …`. Ask anew for each call: tokens last minutes."""
    expires_at: int
    """When it expires, in milliseconds since 1970."""


class PkbConsent(TypedDict):
    """What somebody may see of a patient's record: nothing but what has one of the labels."""

    id: NotRequired[str]
    """Its id at PKB."""
    status: NotRequired[str]
    """`active`, or `inactive` once the patient has been discharged."""
    actor: NotRequired[str]
    """Who: `Organization/…` is a team, `Practitioner/…` a professional, and `#…` a carer, who is contained in the
    resource.
    """
    labels: list[str]
    """The privacy labels of what they may see: `GENERAL_HEALTH`, `MENTAL_HEALTH`, `SEXUAL_HEALTH`, `SOCIAL_CARE`."""
    resource: dict[str, Any]
    """The FHIR `Consent` (STU3) as it came."""


class NationalId(TypedDict):
    """A national identifier, as PKB's REST API gives it, with the system by which FHIR knows it."""

    value: str
    """The identifier."""
    name: NotRequired[str]
    """What it is called: `NHS number`."""
    country_codes: NotRequired[list[str]]
    """Where it is used, as ISO 3166-2 has it: `GB-ENG`."""
    system: NotRequired[str]
    """The FHIR identifier system; none for one that this version of the SDK does not know."""


class PatientIdentifier(TypedDict):
    """An identifier of a patient: a number, and the system of numbers that it is of."""

    system: str
    """Its system: `https://fhir.nhs.uk/Id/nhs-number`."""
    value: str
    """The number."""


class GetLinkUrlResponse(TypedDict):
    """Where to send the patient."""

    url: str
    """The address to redirect the patient's browser to."""
    state: str
    """What PKB gives back in the callback, and `complete_link` checks. It is in the address already."""
    expires_at: int
    """When the attempt expires, in milliseconds since 1970; an hour later it counts for nothing by any machine's clock.
    PKB may leave a patient on a page of its own, so an application should not wait for ever.
    """


RecordFound = Literal["found", "notFound", "noAccess", "unknown"]
"""Whether there is a record."""


class GetSignInUrlResponse(TypedDict):
    """Where to send the patient."""

    url: str
    """The address to redirect the patient's browser to. It serves once."""


PkbSurface = Literal["facade", "messaging", "aggregated", "customer", "rest"]
"""One of PKB's APIs. A token of one kind is good for some of them alone."""


class RecordChange(TypedDict):
    """A record of which something has changed."""

    app_user_id: str
    """Your own id of the user."""
    public_id: str
    """The patient's public id at PKB."""
    last_change: NotRequired[str]
    """When the record last changed, as PKB writes it; left out where nothing is in it any more."""
    previous: NotRequired[str]
    """What it was when it was last dealt with; left out for a record that never was."""


class RetryOptions(TypedDict):
    """When to repeat a request that failed. What is left out has the default of the JavaScript SDK.

    POST is never among `methods`: a code, a refresh token and a pushed file must not be sent twice. Where an HTTP/2
    server says that it has not looked at a request (`REFUSED_STREAM`, `GOAWAY`), it is repeated whatever its method,
    but for streams.
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
    """The longest `Retry-After` that is waited for, in milliseconds; a longer one ends the attempts, and so does one
    beyond what is left of `timeouts.call`. The error has it in `retry_after`. Default: any within `timeouts.call`,
    and 120,000 where that does not bound the call.
    """
    calculate_delay: NotRequired[Optional[Callable[[RetryAttempt], Union[float, Awaitable[float]]]]]
    """Given `{attempt_count, computed_value, retry_after}`, says how many milliseconds to wait before the next attempt;
    0 ends them. It is asked only where the other rules would repeat.
    """


class LinkRecord(TypedDict):
    """One link, as it is stored: everything but the tokens can be read. A store keeps all members of a record, also
    those that it does not know: a later version of the SDK may have added them.
    """

    platform: str
    """The platform that the link is with: `pkb:` and the host. With `app_user_id` the key of the record."""
    app_user_id: str
    """Your own id of the user."""
    public_id: str
    """The patient's PKB public id. Of the records of a platform that do not share theirs, no two have the same."""
    shares_public_id: NotRequired[bool]
    """Whether other users may have the same public id, by the rules of the platform. Absent where they may not, as with
    PKB.
    """
    status: LinkStatus
    """How the link stands."""
    linked_at: int
    """When the patient linked, in milliseconds since 1970."""
    refreshed_at: int
    """When the tokens were last replaced, in milliseconds since 1970."""
    lease: Optional[str]
    """Who refreshes the tokens at the moment, if anybody does."""
    lease_until: Optional[int]
    """By when they would have done so, in milliseconds since 1970. Version 1 of the SDK wrote it."""
    key_id: str
    """The id of the key under which `sealed` is encrypted."""
    sealed: str
    """The tokens, encrypted."""
    version: int
    """Grows by one with each change."""


class LinkFilter(TypedDict):
    """Which links are wanted: those of which all is so that is said."""

    status: Optional[LinkStatus]
    """Those that stand so."""
    refreshed_before: Optional[int]
    """Those whose tokens were last refreshed before this time, in milliseconds since 1970."""


class Connection(TypedDict):
    """A user of your application, connected to their digi.me library under one contract."""

    app_user_id: str
    """Your own id of the user."""
    contract_id: str
    """The contract that they have consented to."""
    user_id: NotRequired[str]
    """The platform's id of the person, the same for every application; absent if the platform has not said it."""
    consent_id: NotRequired[str]
    """The platform's id of the consent; absent if the platform has not said it."""
    status: LinkStatus
    """How it stands."""
    connected_at: int
    """When they consented, in milliseconds since 1970."""
    refreshed_at: int
    """When the tokens were last replaced, in milliseconds since 1970."""
    access_token_expires_at: NotRequired[int]
    """When the access token ends, in milliseconds since 1970; absent if the platform has not said it. It is replaced
    before that.
    """
    refresh_token_expires_at: NotRequired[int]
    """When the refresh token ends, in milliseconds since 1970; absent if the platform has not said it. By then either a
    call must have been made, or the person asked to consent again.
    """
    ended: NotRequired[str]
    """Why it is over, in the platform's word: of one that is `expired`."""


class Link(TypedDict):
    """A patient who uses your application, linked to their PKB record."""

    app_user_id: str
    """Your own id of the user."""
    public_id: str
    """The patient's PKB public id: the `id` of their FHIR `Patient`."""
    status: LinkStatus
    """How the link stands."""
    linked_at: int
    """When the patient linked, in milliseconds since 1970."""
    refreshed_at: int
    """When the tokens were last replaced, in milliseconds since 1970."""
    context: NotRequired[Any]
    """What `get_link_url` was given as `context`; `complete_link` alone gives it back."""


class AttemptRecord(TypedDict):
    """One attempt to link, from the address that the patient is sent to until the link is made. A store keeps all
    members of a record, also those that it does not know.
    """

    platform: str
    """The platform that the link is to be with. With `id` the key of the record."""
    id: str
    """A digest of the attempt's `state`, so that the store knows no state."""
    app_user_id: str
    """Your own id of the user."""
    status: AttemptStatus
    """How far it has come."""
    expires_at: int
    """From when on it counts for nothing, in milliseconds since 1970."""
    key_id: str
    """The id of the key under which `sealed` is encrypted."""
    sealed: str
    """The redirect URI, the code verifier, your context and the tokens, encrypted."""
    version: int
    """Grows by one with each change."""


class SdkEvent(TypedDict):
    """One thing that the SDK does. Which members it has is a matter of its `type`; none is secret, or about a
    person.
    """

    type: EventType
    """What happens."""
    level: EventLevel
    """How much it matters, as logs have it."""
    at: int
    """When, in milliseconds since 1970."""
    call_id: NotRequired[int]
    """The number of the call that it is part of, which no other call in this process has."""
    call: NotRequired[str]
    """The name of that call: `push_data`."""
    request_id: NotRequired[int]
    """The number of the request, which no other in this process has."""
    request: NotRequired[str]
    """The request: its method and the pattern of its path, without a value in it."""
    attempt: NotRequired[int]
    """Which attempt at the request, from 1 on; of a `poll`, which time."""
    server: NotRequired[str]
    """The server that an attempt is for, by its name or address."""
    port: NotRequired[int]
    """The server's port."""
    status_code: NotRequired[int]
    """The HTTP status of the answer."""
    reason: NotRequired[str]
    """Why: what the network reported, the status for which a request is repeated, the code of a call's error, or
    `cancelled`.
    """
    sent: NotRequired[Literal["nothing", "maybe", "whole"]]
    """How much of a request had been sent to which no answer came: `nothing`, `maybe` some of it, or the `whole`."""
    duration: NotRequired[int]
    """How long it took, in milliseconds."""
    wait: NotRequired[int]
    """How long is waited before the next attempt, in milliseconds."""
    succeeded: NotRequired[bool]
    """Whether it went well."""
    bytes: NotRequired[int]
    """How many bytes a file's content, or a header's value, has."""
    header: NotRequired[str]
    """Which header is long."""
    keys: NotRequired[int]
    """How many keys a key set has."""
    status: NotRequired[str]
    """What the platform says of this version of the SDK in `x-digi-sdk-status`."""
    message: NotRequired[str]
    """The same in words, in `x-digi-sdk-status-message`."""


class Ontology(TypedDict):
    """A data model: `me.digi` in `v1`, `fhir` in `stu3` or `r4`."""

    name: Schemas
    """Its name."""
    version: Literal["v1", "V1", "stu3", "STU3", "r4", "R4"]
    """Its version, in small letters or capitals."""


class CheckConnectionsOptions(TypedDict):
    """The options of `check`."""

    contract_id: str
    """The contract whose connections are looked at."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class CloseOptions(TypedDict):
    """The options of `close`."""

    timeout: NotRequired[Optional[int]]
    """How long to wait for what is under way, in milliseconds. Default 30,000."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class CountConnectionsOptions(TypedDict):
    """The options of `count_connections`."""

    contract_id: str
    """The contract."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class DisconnectOptions(TypedDict):
    """The options of `disconnect`."""

    app_user_id: str
    """Your own id of the user."""
    contract_id: str
    """The contract that they had consented to."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class ExportConnectionOptions(TypedDict):
    """The options of `export_connection`."""

    app_user_id: str
    """Your own id of the user."""
    contract_id: str
    """The contract that they have consented to."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetConnectionOptions(TypedDict):
    """The options of `get_connection`."""

    app_user_id: str
    """Your own id of the user."""
    contract_id: str
    """The contract that they may have consented to."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class ImportConnectionOptions(TypedDict):
    """The options of `import_connection`."""

    app_user_id: str
    """Your own id of the user: at most 1,000 bytes, without NUL."""
    contract_id: str
    """The contract that they have consented to."""
    user_access_token: UserAccessToken
    """Their token, as it is now, with its expiry."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class ListConnectionsOptions(TypedDict):
    """The options of `list_connections`."""

    contract_id: str
    """The contract."""
    status: NotRequired[Optional[LinkStatus]]
    """Only those that stand so."""
    refreshed_before: NotRequired[Optional[int]]
    """Only those whose tokens were last refreshed before this time, in milliseconds since 1970."""
    after: NotRequired[Optional[str]]
    """Only those of users whose id is greater, to go on where a list was left."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


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
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class ReadFileForAppUserOptions(TypedDict):
    """`ReadFileOptions` for a user whose connection is kept: with `app_user_id` in place of `user_access_token`."""

    session_key: str
    """The `key` of the session."""
    file_name: str
    """The file's name, from `read_file_list`."""
    contract_id: str
    """The id of the contract that was consented to."""
    private_key: str
    """The contract's private key, as in `contract_details`."""
    app_user_id: str
    """Your own id of a user whose connection is kept, in place of `user_access_token`."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


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
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class ReadFileListForAppUserOptions(TypedDict):
    """`ReadFileListOptions` for a user whose connection is kept: with `app_user_id` in place of `user_access_token`."""

    session_key: str
    """The `key` of the session."""
    contract_id: str
    """The id of the contract that was consented to."""
    private_key: str
    """The contract's private key, as in `contract_details`."""
    app_user_id: str
    """Your own id of a user whose connection is kept, in place of `user_access_token`."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class RotateConnectionKeysOptions(TypedDict):
    """The options of `rotate_keys`."""

    contract_id: str
    """The contract."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class AddMeasurementOptions(TypedDict):
    """The options of `add_measurement`."""

    app_user_id: str
    """Your own id of the user."""
    measurement: Union[Mapping[str, Any], str, bytes]
    """The measurement as PKB has it, or its JSON text, or that as bytes: text is sent as it is, every digit
    included.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class CheckOptions(TypedDict):
    """The options of `check`: none of its own."""

    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class CountLinksOptions(TypedDict):
    """The options of `count_links`: there are none."""

    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class ExportLinkOptions(TypedDict):
    """The options of `export_link`."""

    app_user_id: str
    """Your own id of the user."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class FhirBatchOptions(TypedDict):
    """The options of `fhir_batch`."""

    bundle: Union[Mapping[str, Any], str, bytes]
    """A FHIR `Bundle` of type `batch`, or its JSON text, or that as bytes: text is sent as it is, every digit
    included.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class FhirTransactionOptions(TypedDict):
    """The options of `fhir_transaction`."""

    bundle: Union[Mapping[str, Any], str, bytes]
    """A FHIR `Bundle` of type `transaction`, or its JSON text, or that as bytes: text is sent as it is, every digit
    included.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class FhirUpdateOptions(TypedDict):
    """The options of `fhir_update`."""

    resource: Union[Mapping[str, Any], str, bytes]
    """The resource with its `id`, or its JSON text, or that as bytes: text is sent as it is, every digit included."""
    if_version: NotRequired[Optional[str]]
    """The version that it is to replace, so that nobody else's change is lost: the `version_id` of what was read, or
    its `etag`.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class FindLinksOptions(TypedDict):
    """The options of `find_links`."""

    public_id: str
    """The patient's PKB public id."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetAccessTokenOptions(TypedDict):
    """The options of `get_access_token`."""

    app_user_id: str
    """Your own id of the user."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetConsentsOptions(TypedDict):
    """The options of `get_consents`."""

    app_user_id: str
    """Your own id of the user."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetCurrentUserOptions(TypedDict):
    """The options of `get_current_user`."""

    app_user_id: str
    """Your own id of the user."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetLinkOptions(TypedDict):
    """The options of `get_link`."""

    app_user_id: str
    """Your own id of the user."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetLinkUrlOptions(TypedDict):
    """The options of `get_link_url`."""

    app_user_id: str
    """Your own id of the user who is logged in: at most 1,000 bytes, without NUL."""
    redirect_uri: NotRequired[Optional[str]]
    """Where PKB sends them back to, if that is not just the `redirect_uri` of the configuration: PKB allows parameters
    to be added to its query.
    """
    context: NotRequired[Any]
    """Anything that `complete_link` is to give back, such as the page to go on with: up to 16 KiB of JSON. It is stored
    encrypted.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetMeasurementTypesOptions(TypedDict):
    """The options of `get_measurement_types`."""

    app_user_id: NotRequired[Optional[str]]
    """Your own id of a user on whose behalf it is asked. PKB calls the list public, so by default nobody's token is
    sent along.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetPublicIdOptions(TypedDict):
    """The options of `get_public_id`."""

    app_user_id: str
    """Your own id of the user."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetSignInUrlOptions(TypedDict):
    """The options of `get_sign_in_url`."""

    app_user_id: str
    """Your own id of the user."""
    path: str
    """The page, from PKB's host on: `/auth/patientSummary.action?tab=patientSummary`."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class JoinOrganisationOptions(TypedDict):
    """The options of `join_organisation`."""

    org_public_id: str
    """The public id of the organisation."""
    app_user_id: NotRequired[Optional[str]]
    """Your own id of the user, who has linked: PKB is asked for what it knows of them."""
    patient: NotRequired[Optional[Union[Mapping[str, Any], str, bytes]]]
    """In place of `app_user_id`, the patient as a FHIR `Patient` (STU3), or its JSON text, or that as bytes. Name, date
    of birth and gender are required; identifiers are the national ones.
    """
    teams: NotRequired[Optional[list[str]]]
    """The aliases of the teams that the patient is put into. Default: the organisation's default team."""
    default_team: NotRequired[Optional[str]]
    """The alias of the organisation's default team, which PKB wants among `teams`, and which is added to them."""
    invite: NotRequired[Optional[bool]]
    """Whether PKB may invite the patient to register, by email. Default `False`: their email address is left out of
    what is sent.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class ListLinksOptions(TypedDict):
    """The options of `list_links`."""

    status: NotRequired[Optional[LinkStatus]]
    """Only those that stand so."""
    refreshed_before: NotRequired[Optional[int]]
    """Only those whose tokens were last refreshed before this time, in milliseconds since 1970."""
    after: NotRequired[Optional[str]]
    """Only those of users whose id is greater, to go on where a list was left."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class RotateKeysOptions(TypedDict):
    """The options of `rotate_keys`: none of its own."""

    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class UnlinkOptions(TypedDict):
    """The options of `unlink`."""

    app_user_id: str
    """Your own id of the user."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class WatchOptions(TypedDict):
    """The options of `watch`."""

    every: int
    """How long after a look a record is looked at again, in milliseconds; at least 1,000. Whoever does not ask for the
    next for longer than that may see others given the same change.
    """
    per_second: NotRequired[Optional[int]]
    """How many patients are looked at in a second at most, one after the other. Default 1: 900 patients take 15
    minutes.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class CheckResponse(TypedDict):
    """Whether a client is ready, and what is not."""

    ready: bool
    """Whether nothing was found."""
    findings: list[CheckFinding]
    """What was found."""


class CheckProviderDataOptions(TypedDict):
    """The options of `check_provider_data`."""

    data: Union[Mapping[str, Any], str, bytes]
    """The FHIR resource, most often a Bundle, as `push_data` takes it: as an object, as its JSON text, or as that in
    bytes.
    """
    version: FhirVersion
    """The FHIR release."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class ProviderDataFinding(TypedDict):
    """One thing that a care provider refuses, or may refuse. It says where it stands and what is asked for, and holds
    no value of the data.
    """

    severity: FindingSeverity
    """Whether it is certain."""
    path: str
    """Where, in words of `FHIRPath`: `entry[2].resource.subject.display`, of what is missing too. It is empty for the
    whole. A name that cannot be that of an element is `?`.
    """
    rule: str
    """The rule's name, which stays the same in later versions: `reference-display`."""
    message: str
    """What the rule asks for."""


class CreateProvisionalStorageOptions(TypedDict):
    """The options of `create_provisional_storage`."""

    contract_details: ContractDetails
    """The contract."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


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
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class DeleteAccountForAppUserOptions(TypedDict):
    """`DeleteAccountOptions` for a user whose connection is kept: with `app_user_id` in place of
    `user_access_token`.
    """

    contract_details: ContractDetails
    """The contract that was consented to."""
    app_user_id: str
    """Your own id of a user whose connection is kept, in place of `user_access_token`."""
    account_id: str
    """The account, from `read_accounts`."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


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
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


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
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class DeleteUserForAppUserOptions(TypedDict):
    """`DeleteUserOptions` for a user whose connection is kept: with `app_user_id` in place of `user_access_token`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    app_user_id: str
    """Your own id of a user whose connection is kept, in place of `user_access_token`."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


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
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


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
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetContractDetailsOptions(TypedDict):
    """The options of `get_contract_details`."""

    contract_details: ContractDetails
    """The contract."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


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
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetRevokeAccountPermissionUrlForAppUserOptions(TypedDict):
    """`GetRevokeAccountPermissionUrlOptions` for a user whose connection is kept: with `app_user_id` in place of
    `user_access_token`.
    """

    contract_details: ContractDetails
    """The contract that was consented to."""
    app_user_id: str
    """Your own id of a user whose connection is kept, in place of `user_access_token`."""
    account_id: str
    """The account, from `read_accounts`."""
    redirect_uri: str
    """Where the user comes back to."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetServiceSampleDataSetsOptions(TypedDict):
    """The options of `get_service_sample_data_sets`."""

    contract_details: ContractDetails
    """The contract."""
    source_id: int
    """The source, from `query_sources`."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


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
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetUserStorageForAppUserOptions(TypedDict):
    """`GetUserStorageOptions` for a user whose connection is kept: with `app_user_id` in place of
    `user_access_token`.
    """

    contract_details: ContractDetails
    """The contract that was consented to."""
    app_user_id: str
    """Your own id of a user whose connection is kept, in place of `user_access_token`."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class ListStorageFilesOptions(TypedDict):
    """The options of `list_storage_files`."""

    contract_details: ContractDetails
    """The contract."""
    storage_id: str
    """The storage."""
    path: NotRequired[Optional[str]]
    """The folder. Default: all of them, the application's own."""
    recursive: NotRequired[Optional[bool]]
    """Whether folders inside it are listed too. Default `False`."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


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
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class ReadAccountsForAppUserOptions(TypedDict):
    """`ReadAccountsOptions` for a user whose connection is kept: with `app_user_id` in place of `user_access_token`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    app_user_id: str
    """Your own id of a user whose connection is kept, in place of `user_access_token`."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


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
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class ReadFileMetadataForAppUserOptions(TypedDict):
    """`ReadFileMetadataOptions` for a user whose connection is kept: with `app_user_id` in place of
    `user_access_token`.
    """

    session_key: str
    """The `key` of the session."""
    file_name: str
    """The file's name, from `read_file_list`."""
    contract_details: ContractDetails
    """The contract that was consented to."""
    app_user_id: str
    """Your own id of a user whose connection is kept, in place of `user_access_token`."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class RefreshTokenOptions(TypedDict):
    """The options of `refresh_token`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    user_access_token: UserAccessToken
    """The token to replace."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class UploadFileToStorageOptions(TypedDict):
    """The options of `upload_file_to_storage`."""

    contract_details: ContractDetails
    """The contract."""
    storage_id: str
    """The storage."""
    file_name: str
    """The file's name. The platform takes none with blanks."""
    file_data: FileData
    """Its content: bytes, or a stream of them."""
    path: NotRequired[Optional[str]]
    """The folder. Default: the application's own."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class CompleteConnectOptions(TypedDict):
    """The options of `complete_connect`."""

    contract_details: ContractDetails
    """The contract that the person was asked to consent to."""
    callback_url: str
    """The address that the person came back to, whole or from its path on."""
    app_user_id: NotRequired[Optional[str]]
    """Your own id of the user who is logged in where the callback arrived. It must be the one who asked for the
    connection: else somebody who is sent the address that another user of yours asked for connects their library to
    that user's account.
    """
    any_user: NotRequired[Optional[bool]]
    """`True` where whoever handles the callback cannot know who is logged in: the connection is then made for whoever
    asked for it, and you must rule out by other means that they were sent somebody else's address. In place of
    `app_user_id`.
    """
    on_conflict: NotRequired[Optional[OnConflict]]
    """What to do if the user is connected already, to another person's library. Default: `refuse`, with a
    `ConnectionConflictError`.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class CompleteLinkOptions(TypedDict):
    """The options of `complete_link`: `callback_url`, or `code` and `state`."""

    callback_url: NotRequired[Optional[str]]
    """The address that the patient came back to, whole or from its path on."""
    code: NotRequired[Optional[str]]
    """Its parameter `code`."""
    state: NotRequired[Optional[str]]
    """Its parameter `state`."""
    app_user_id: NotRequired[Optional[str]]
    """Your own id of the user who is logged in where the callback arrived. It must be the one who asked for the link:
    else somebody who is sent the address that another user of yours asked for links their record to that user's
    account.
    """
    any_user: NotRequired[Optional[bool]]
    """`True` where whoever handles the callback cannot know who is logged in: the link is then made for whoever asked
    for it, and you must rule out by other means that they were sent somebody else's address. In place of
    `app_user_id`.
    """
    on_conflict: NotRequired[Optional[OnConflict]]
    """What to do if the user, or the PKB record, is linked already, to another. Default: `refuse`, with a
    `LinkConflictError`.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetAuthorizeUrlResponse(TypedDict):
    """Where to send the person, and what to keep."""

    url: str
    """Where to send the person. It holds a code that works once: do not let it reach a log."""
    code_verifier: str
    """What `exchange_code_for_token` needs beside the code. Keep it on the server."""
    session: Session
    """The reading session that starts with the consent; empty if the platform starts none."""


class GetConnectUrlResponse(TypedDict):
    """Where to send the user."""

    url: str
    """Where to send the person. It holds a code that works once: do not let it reach a log."""
    session: Session
    """The reading session that starts with the consent; empty if the platform starts none. `complete_connect` gives it
    too.
    """
    expires_at: int
    """When the attempt expires, in milliseconds since 1970; an hour later it counts for nothing by any machine's
    clock.
    """


class GetOnboardServiceUrlResponse(TypedDict):
    """Where to send the user, and the token to go on with."""

    url: str
    """Where to send the user. It holds a code that works once: do not let it reach a log."""
    session: Session
    """The reading session that starts with the new source; empty if the platform starts none."""
    user_access_token: UserAccessToken
    """The user's token: the one given, or the one that replaced it. Store it."""


class GetOnboardServiceUrlForAppUserResponse(TypedDict):
    """`GetOnboardServiceUrlResponse` for a user whose connection is kept: without `user_access_token`."""

    url: str
    """Where to send the user. It holds a code that works once: do not let it reach a log."""
    session: Session
    """The reading session that starts with the new source; empty if the platform starts none."""


class GetReauthorizeAccountUrlResponse(TypedDict):
    """Where to send the user, and the token to go on with."""

    url: str
    """Where to send the user. It holds a code that works once: do not let it reach a log."""
    session: Session
    """The reading session that starts with the new log-in; empty if the platform starts none."""
    user_access_token: UserAccessToken
    """The user's token: the one given, or the one that replaced it. Store it."""


class GetReauthorizeAccountUrlForAppUserResponse(TypedDict):
    """`GetReauthorizeAccountUrlResponse` for a user whose connection is kept: without `user_access_token`."""

    url: str
    """Where to send the user. It holds a code that works once: do not let it reach a log."""
    session: Session
    """The reading session that starts with the new log-in; empty if the platform starts none."""


class GetReauthorizeUrlResponse(TypedDict):
    """Where to send the user, and what to keep."""

    url: str
    """Where to send the user. It holds a code that works once: do not let it reach a log."""
    code_verifier: str
    """What `exchange_code_for_token` needs beside the code. Keep it on the server."""
    session: Session
    """The reading session that starts with the consent; empty if the platform starts none."""


class GetReauthorizeUrlForAppUserResponse(TypedDict):
    """`GetReauthorizeUrlResponse` for a user whose connection is kept: without `code_verifier`."""

    url: str
    """Where to send the user. It holds a code that works once: do not let it reach a log."""
    session: Session
    """The reading session that starts with the consent; empty if the platform starts none."""


class ReadSessionResponse(TypedDict):
    """The session, and the token to go on with."""

    session: Session
    """The session."""
    user_access_token: UserAccessToken
    """The user's token: the one given, or the one that replaced it. Store it."""


class ReadSessionForAppUserResponse(TypedDict):
    """`ReadSessionResponse` for a user whose connection is kept: without `user_access_token`."""

    session: Session
    """The session."""


class CreateProvisionalStorageResponse(TypedDict):
    """The new storage."""

    storage: Storage
    """The storage."""


class GetUserStorageResponse(TypedDict):
    """The storage, and the new token if there is one."""

    storage: Storage
    """The storage."""
    user_access_token: NotRequired[UserAccessToken]
    """The token that replaced the one given, if it was refreshed. Store it."""


class DeleteAccountResponse(TypedDict):
    """The account is gone."""

    deleted: bool
    """Always `True`; a failure is an error."""
    response: DeletedResponse
    """What the platform answered."""


class DeleteUserResponse(TypedDict):
    """The user is gone."""

    deleted: bool
    """Always `True`; a failure is an error."""
    response: DeletedResponse
    """What the platform answered."""


class Limits(TypedDict):
    """How long the platform may take."""

    duration: NotRequired[Optional[LimitsDuration]]
    """For what."""


class ServiceType(TypedDict):
    """A service."""

    id: float
    """Its id."""
    service_object_types: list[ServiceObjectType]
    """Which of its kinds of objects."""


class SourceFetchFilter(TypedDict):
    """Which sources are asked for newer data."""

    account: AccountFilter
    """By account."""


class SourcesScope(TypedDict):
    """Limits the sources that a person can choose from."""

    data_type: NotRequired[Optional[list[DataType]]]
    """Sources that hold any of these."""
    organization_type: NotRequired[Optional[OrganizationType]]
    """Sources of this kind of organisation."""


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
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetPortabilityReportForAppUserOptions(TypedDict):
    """`GetPortabilityReportOptions` for a user whose connection is kept: with `app_user_id` in place of
    `user_access_token`.
    """

    contract_details: ContractDetails
    """The contract that was consented to."""
    app_user_id: str
    """Your own id of a user whose connection is kept, in place of `user_access_token`."""
    format: ReportFormat
    """The format."""
    service_type: ReportServiceType
    """The kind of service."""
    from_: NotRequired[Optional[int]]
    """From when, in seconds since 1970. Default: from the begin."""
    to: NotRequired[Optional[int]]
    """To when, in seconds since 1970. Default: to now."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


GetServiceSampleDataSetsResponse = dict[str, SampleDataSet]
"""Sets of sample data by their ids."""


class ImportConnectionsOptions(TypedDict):
    """The options of `import_connections`."""

    contract_id: str
    """The contract that they have consented to."""
    connections: Many[ImportedConnection]
    """The users: whatever can be iterated over, a list or the rows of a table. A list is looked through before anybody
    is brought in.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class ImportResponse(TypedDict):
    """What was done."""

    imported: int
    """How many were brought in."""
    present: int
    """How many were there already, and stay as they are."""
    refused: list[NotImported]
    """Those that were not, each of them, and why."""


class KeepAliveResponse(TypedDict):
    """What was done."""

    seen: int
    """How many connections were looked at."""
    refreshed: int
    """How many of them this process has refreshed."""
    ended: list[str]
    """Of which the platform said that they are over: the people must be asked again."""
    failed: list[NotKeptAlive]
    """Those that could not be refreshed now."""


class ListStorageFilesResponse(TypedDict):
    """The files."""

    files: list[StorageFile]
    """The files."""
    total: NotRequired[int]
    """How many there are."""


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


class PushDataToProviderOptions(TypedDict):
    """What to push to a provider."""

    type: Provider
    """`provider`."""
    contract_details: ContractDetails
    """The contract that was consented to."""
    user_access_token: UserAccessToken
    """The user's token. An expired one is refreshed."""
    data: Union[Mapping[str, Any], str, bytes]
    """The FHIR resource, most often a Bundle: as an object, as its JSON text, or as that in bytes. Text is sent as it
    is, every digit included.
    """
    version: FhirVersion
    """The FHIR release."""
    standard: NotRequired[Optional[Standard]]
    """The standard of the data. Default `fhir`."""
    account_id: str
    """The `id` of the provider's account, from `read_accounts`."""
    check: NotRequired[Optional[bool]]
    """Whether data that the provider is certain to refuse fails the call, with a `ProviderDataError`, before anything
    is sent. Default `False`.
    """
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class PushDataToProviderForAppUserOptions(TypedDict):
    """`PushDataToProviderOptions` for a user whose connection is kept: with `app_user_id` in place of
    `user_access_token`.
    """

    type: Provider
    """`provider`."""
    contract_details: ContractDetails
    """The contract that was consented to."""
    app_user_id: str
    """Your own id of a user whose connection is kept, in place of `user_access_token`."""
    data: Union[Mapping[str, Any], str, bytes]
    """The FHIR resource, most often a Bundle: as an object, as its JSON text, or as that in bytes. Text is sent as it
    is, every digit included.
    """
    version: FhirVersion
    """The FHIR release."""
    standard: NotRequired[Optional[Standard]]
    """The standard of the data. Default `fhir`."""
    account_id: str
    """The `id` of the provider's account, from `read_accounts`."""
    check: NotRequired[Optional[bool]]
    """Whether data that the provider is certain to refuse fails the call, with a `ProviderDataError`, before anything
    is sent. Default `False`.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class DiscoveryBodyParams(TypedDict):
    """Which entries of a directory, and what of them."""

    query: NotRequired[Optional[DiscoveryQuery]]
    """The query."""


class Category(TypedDict):
    """A category as the platform describes it. What this SDK does not know of is kept."""

    id: NotRequired[int]
    """Its id, which the filters of `query_sources` take."""
    name: NotRequired[str]
    """Its name."""
    title: NotRequired[str]
    """Its title."""
    subTitle: NotRequired[str]
    """What stands below its title."""
    expandedTitle: NotRequired[str]
    """Its title where there is room for more."""
    expandedSubTitle: NotRequired[str]
    """What stands below that."""
    reference: NotRequired[str]
    """The platform's own word for it."""
    categoryTypeId: NotRequired[int]
    """The kind of category."""
    resource: NotRequired[DiscoveryResource]
    """Its picture."""


class Country(TypedDict):
    """A country as the platform describes it. What this SDK does not know of is kept."""

    id: NotRequired[int]
    """Its id, which the filters of `query_sources` take."""
    name: NotRequired[str]
    """Its name."""
    code: NotRequired[str]
    """Its ISO 3166-1 code."""
    resource: NotRequired[DiscoveryResource]
    """Its picture."""


class QueryPlatformsResponse(TypedDict):
    """Platforms."""

    data: list[Platform]
    """The platforms."""


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


class SourceProxy(TypedDict):
    """What stands between a source and the platform. What this SDK does not know of is kept."""

    name: NotRequired[str]
    """Its name."""
    status: NotRequired[SourceStatus]
    """Whether it is disturbed."""


class ReadAccountsResponse(TypedDict):
    """The accounts, and the token to go on with."""

    accounts: list[Account]
    """The accounts."""
    user_access_token: UserAccessToken
    """The user's token: the one given, or the one that replaced it. Store it."""


class ReadAccountsForAppUserResponse(TypedDict):
    """`ReadAccountsResponse` for a user whose connection is kept: without `user_access_token`."""

    accounts: list[Account]
    """The accounts."""


class FileErrorEvent(TypedDict):
    """A file that cannot be read."""

    error: DigiMeSDKError
    """Why."""
    file_name: str
    """Its name."""
    file_list: list[FileListEntry]
    """All files that the session has so far."""


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


class FileDataForAppUserEvent(TypedDict):
    """`FileDataEvent` for a user whose connection is kept: without `user_access_token`."""

    file_data: bytes
    """Its content."""
    file_metadata: FileMetadata
    """What is known of it."""
    file_name: str
    """Its name."""
    last_modified: NotRequired[str]
    """When it was last changed, as HTTP writes dates."""
    file_list: list[FileListEntry]
    """All files that the session has so far."""


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


class ReadFileForAppUserResponse(TypedDict):
    """`ReadFileResponse` for a user whose connection is kept: without `user_access_token`."""

    file_data: bytes
    """Its content."""
    file_metadata: FileMetadata
    """What is known of it."""
    file_name: str
    """Its name."""
    last_modified: NotRequired[str]
    """When it was last changed, as HTTP writes dates."""


class ReadFileMetadataResponse(TypedDict):
    """What is known of a file, and the token to go on with."""

    file_metadata: FileMetadata
    """What is known of it."""
    file_name: str
    """Its name."""
    user_access_token: UserAccessToken
    """The user's token: the one given, or the one that replaced it. Store it."""


class ReadFileMetadataForAppUserResponse(TypedDict):
    """`ReadFileMetadataResponse` for a user whose connection is kept: without `user_access_token`."""

    file_metadata: FileMetadata
    """What is known of it."""
    file_name: str
    """Its name."""


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


class ReadFileStreamForAppUserResponse(TypedDict):
    """`ReadFileStreamResponse` for a user whose connection is kept: without `user_access_token`."""

    body: ByteStream
    """Its content."""
    file_metadata: FileMetadata
    """What is known of it."""
    file_name: str
    """Its name."""
    last_modified: NotRequired[str]
    """When it was last changed, as HTTP writes dates."""


class ObjectTypeError(TypedDict):
    """What is wrong with a type of objects. What this SDK does not know of is kept."""

    objectType: NotRequired[int]
    """The id of the type."""
    error: NotRequired[InnerError]
    """What is wrong."""
    errors: NotRequired[list[InnerError]]
    """All that is wrong, where the platform tells more than one."""


class RotateConnectionKeysResponse(TypedDict):
    """What was done."""

    connections: int
    """How many connections there are."""
    resealed: int
    """How many of them were encrypted anew."""
    failed: list[UnreadableLink]
    """Those that could not be read."""


class RotateKeysResponse(TypedDict):
    """What was done."""

    links: int
    """How many links there are."""
    resealed: int
    """How many of them were encrypted anew."""
    failed: list[UnreadableLink]
    """Those that could not be read."""


class SystemClient(TypedDict):
    """A client of PKB's that acts for an organisation, or for a system of its own, by RFC 6749 section 4.4."""

    client_id: str
    """Its id."""
    client_secret: str
    """Its secret."""
    client_authentication: NotRequired[Optional[ClientAuthentication]]
    """How it proves who it is. Default `basic`."""


class OneTimePassword(TypedDict):
    """Where PKB gives one-time passwords, as PKB has told you."""

    path: str
    """The path, from the base on."""
    method: HttpMethod
    """The method."""
    member: NotRequired[Optional[str]]
    """The member of the answer that has it. Left out where the answer is the password itself."""


class ExportedLink(TypedDict):
    """A link outside the store: with `app_user_id` what `import_link` takes."""

    public_id: str
    """The patient's PKB public id."""
    tokens: LinkTokens
    """Their tokens."""


class ImportLinkOptions(TypedDict):
    """The options of `import_link`."""

    app_user_id: str
    """Your own id of the user: at most 1,000 bytes, without NUL."""
    public_id: str
    """The patient's PKB public id, as `$purview` has given it."""
    tokens: LinkTokens
    """Their tokens, as they are now."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class ImportedLink(TypedDict):
    """A patient who linked before their link was kept."""

    app_user_id: str
    """Your own id of the user: at most 1,000 bytes, without NUL."""
    public_id: str
    """The patient's PKB public id, as `$purview` has given it."""
    tokens: LinkTokens
    """Their tokens, as they are now."""


class FhirOutcome(TypedDict):
    """What has become of a resource that was sent to PKB (FHIR, `Bundle.entry.response`)."""

    status_code: int
    """The HTTP status: 201 for a resource that was made, 200 for one that was there; from 400 on it was refused."""
    id: NotRequired[str]
    """The id that the server gave it, where it says so."""
    version_id: NotRequired[str]
    """Its version, where the server says so."""
    location: NotRequired[str]
    """Its address, as the server writes it."""
    etag: NotRequired[str]
    """Its entity tag, as the server writes it."""
    last_modified: NotRequired[str]
    """When it was last changed, as the server writes it."""
    resource: NotRequired[dict[str, Any]]
    """The resource as it is stored, or as it was read, where the server gives it."""
    issues: list[FhirIssue]
    """What the server says about it, as of an `OperationOutcome`."""


class FhirCreateOptions(TypedDict):
    """The options of `fhir_create`."""

    resource: Union[Mapping[str, Any], str, bytes]
    """The resource, or its JSON text, or that as bytes: text is sent as it is, every digit included."""
    if_none_exist: NotRequired[Optional[QueryParameters]]
    """A search: the resource is made only where there is none that it finds (FHIR's conditional create), such as
    `identifier`.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetMeasurementsOptions(TypedDict):
    """The options of `get_measurements`."""

    app_user_id: str
    """Your own id of the user."""
    query: NotRequired[Optional[QueryParameters]]
    """Parameters for the query: PKB wants all types listed by their `apiRef`, which `get_measurement_types` tells, and
    does not document under which name.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class FhirReadOptions(TypedDict):
    """The options of `fhir_read`."""

    app_user_id: NotRequired[Optional[str]]
    """Your own id of the user on whose behalf it is read."""
    org_public_id: NotRequired[Optional[str]]
    """The public id of the organisation on whose behalf it is read, by your System Client."""
    surface: NotRequired[Optional[PkbFhirSurface]]
    """The API in which it is read. Default `facade`; `aggregated` and `customer` are called by your Customer System
    Client, on nobody else's behalf.
    """
    resource_type: str
    """What it is: `Patient`."""
    id: str
    """Its id: for the patient's own `Patient` in the Facade, the public id."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class FhirSearchOptions(TypedDict):
    """The options of `fhir_search`."""

    app_user_id: NotRequired[Optional[str]]
    """Your own id of the user on whose behalf it is made."""
    org_public_id: NotRequired[Optional[str]]
    """The public id of the organisation on whose behalf it is made, by your System Client."""
    surface: NotRequired[Optional[PkbFhirSurface]]
    """The API that is searched. Default `facade`; `aggregated` and `customer` are called by your Customer System
    Client. In `aggregated` `app_user_id` says whose data is searched for, and the caller is still that client.
    """
    patient_parameter: NotRequired[Optional[str]]
    """In `aggregated`, beside `app_user_id`: the parameter that names the patient, for types of which PKB's documents
    do not tell it, such as `subject:Patient.identifier`.
    """
    resource_type: str
    """What is searched for: `Observation`."""
    parameters: NotRequired[Optional[QueryParameters]]
    """The search's parameters: `patient`, `category`, `date`."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class FhirSearchResourcesOptions(TypedDict):
    """The options of `fhir_search_resources`."""

    app_user_id: NotRequired[Optional[str]]
    """Your own id of the user on whose behalf it is made."""
    org_public_id: NotRequired[Optional[str]]
    """The public id of the organisation on whose behalf it is made, by your System Client."""
    surface: NotRequired[Optional[PkbFhirSurface]]
    """The API that is searched. Default `facade`; `aggregated` and `customer` are called by your Customer System
    Client. In `aggregated` `app_user_id` says whose data is searched for, and the caller is still that client.
    """
    patient_parameter: NotRequired[Optional[str]]
    """In `aggregated`, beside `app_user_id`: the parameter that names the patient, for types of which PKB's documents
    do not tell it, such as `subject:Patient.identifier`.
    """
    resource_type: str
    """What is searched for: `Observation`."""
    parameters: NotRequired[Optional[QueryParameters]]
    """The search's parameters: `patient`, `category`, `date`."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class FoundResource(TypedDict):
    """A resource that a search gives."""

    resource: dict[str, Any]
    """The resource, as PKB gives it."""
    search_mode: SearchMode
    """Why it is there. Where PKB does not say: a resource of the type that was searched for is a match."""
    full_url: NotRequired[str]
    """The address that PKB gives it, which may be at a host of PKB's own that nobody else reaches."""


class CurrentUser(TypedDict):
    """A user of PKB's."""

    id: NotRequired[str]
    """PKB's internal id, which is not the public id."""
    patient: NotRequired[bool]
    """Whether they are a patient."""
    title: NotRequired[str]
    """`Dr.`"""
    first_name: NotRequired[str]
    """First name."""
    last_name: NotRequired[str]
    """Last name."""
    dob: NotRequired[str]
    """Date of birth, `2000-01-31`."""
    date_deceased: NotRequired[str]
    """When they died, as PKB writes it."""
    gender: NotRequired[str]
    """The sex assigned at birth: `M`, `F`, `I` (indeterminate) or `U` (unknown)."""
    email: NotRequired[str]
    """Email address."""
    phone: NotRequired[str]
    """Phone number."""
    address1: NotRequired[str]
    """First line of the address."""
    address2: NotRequired[str]
    """Second line of the address."""
    city: NotRequired[str]
    """Town."""
    state: NotRequired[str]
    """State or county."""
    postal_code: NotRequired[str]
    """Postal code."""
    country: NotRequired[str]
    """Country, as ISO 3166-2 has it: `GB-ENG`."""
    height_cm: NotRequired[float]
    """Height in centimetres."""
    weight_kg: NotRequired[float]
    """Weight in kilograms."""
    national_ids: list[NationalId]
    """National identifiers, with their FHIR identifier systems."""


class GetLastChangeOptions(TypedDict):
    """The options of `get_last_change`: `app_user_id`, or `org_public_id` and `identifiers`."""

    app_user_id: NotRequired[Optional[str]]
    """Your own id of the user whose record it is about."""
    org_public_id: NotRequired[Optional[str]]
    """The public id of the organisation that asks, by your System Client."""
    identifiers: NotRequired[Optional[list[PatientIdentifier]]]
    """The patients that the organisation asks about, by national numbers or public ids, as many as you like: PKB is
    asked for 100 at a time.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class LastChange(TypedDict):
    """When a patient's data last changed."""

    identifier: NotRequired[PatientIdentifier]
    """The identifier, as you gave it; none for an app user."""
    last_change: NotRequired[str]
    """The time as PKB writes it, `2027-01-01T09:57:34.2112Z`; left out where there is nothing yet, or PKB does not tell
    your organisation.
    """


class GetRecordStatusOptions(TypedDict):
    """The options of `get_record_status`."""

    org_public_id: str
    """The public id of the organisation that asks."""
    identifiers: list[PatientIdentifier]
    """The patients' NHS, CHI or Health & Care numbers, as many as you like: PKB is asked for 5,000 at a time."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class InviteToRecordOptions(TypedDict):
    """The options of `invite_to_record`."""

    org_public_id: str
    """The public id of the organisation that invites."""
    identifiers: list[PatientIdentifier]
    """The patients' NHS, CHI or Health & Care numbers, as many as you like: PKB is asked for 500 at a time."""
    team_code: NotRequired[Optional[str]]
    """The code of a team, which PKB gives: the join page then has its logo."""
    email: NotRequired[Optional[str]]
    """The patient's email address, which the join page then has filled in. For one patient alone."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class Invitation(TypedDict):
    """An invitation. Whoever has it opens a health record."""

    identifier: PatientIdentifier
    """Whom it is for."""
    code: str
    """What the join page calls the invitation code."""
    token: str
    """What it calls the access code."""
    expires_at: NotRequired[str]
    """When the invitation expires, as PKB writes it: `2027-01-01T09:00:00.000+00:00`."""
    join_url: str
    """The join page with both codes filled in, for the patient's own browser."""


class FailedInvitation(TypedDict):
    """A patient for whom it is not known whether there is an invitation."""

    identifier: PatientIdentifier
    """Who."""
    reason: str
    """What failed."""


class RecordStatus(TypedDict):
    """What PKB says of a patient's record."""

    identifier: PatientIdentifier
    """The identifier, as you gave it."""
    found: RecordFound
    """Whether there is a record."""
    registered: NotRequired[bool]
    """Whether the patient has registered, and so can log in."""
    deceased: NotRequired[bool]
    """Whether the patient has died."""
    date_of_birth: NotRequired[str]
    """Date of birth, `2000-01-31`, where the record was found."""
    diagnostics: NotRequired[str]
    """What PKB says in words, where it found no record that you may see."""


class GetSystemTokenOptions(TypedDict):
    """The options of `get_system_token`."""

    surface: NotRequired[Optional[PkbSurface]]
    """The API that it is to serve at: `facade`, the default, `messaging`, `aggregated` or `customer`."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class RequestOptions(TypedDict):
    """The options of `request`."""

    app_user_id: NotRequired[Optional[str]]
    """Your own id of the user on whose behalf it is made."""
    org_public_id: NotRequired[Optional[str]]
    """The public id of the organisation on whose behalf it is made, by your System Client."""
    surface: NotRequired[Optional[PkbSurface]]
    """The API that it is a call of. Aggregated and Customer are called by your Customer System Client, on nobody else's
    behalf. Default: the API whose address it is, of those at PKB's host.
    """
    path: str
    """Where it goes to: with `surface`, a path of that API (`Patient/1/_history`); without, a path at PKB's host
    (`/json/users/self`, `/fhir/metadata`); or an address at the hosts of the configuration. No segment of it may be
    `.` or `..`, however encoded. Ids that are put into it are to be percent-encoded.
    """
    method: NotRequired[Optional[HttpMethod]]
    """Default GET."""
    query: NotRequired[Optional[QueryParameters]]
    """Parameters for its query."""
    headers: NotRequired[Optional[dict[str, Any]]]
    """Headers beyond those that every request has; names are not case-sensitive."""
    body: NotRequired[Any]
    """What is sent as JSON, or its JSON text, or that as bytes: text is sent as it is, every digit included. So a body
    that is a mere string is given as its JSON text, in quotes.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class LinkChange(TypedDict):
    """What `put_link` is told: the record, and the version that must be there to write over, none if nothing must
    be.
    """

    link: LinkRecord
    expected_version: Optional[int]


class LinkFilterQuery(TypedDict):
    """What `filter_links` is asked."""

    platform: str
    filter: LinkFilter
    after: str
    limit: int


class ConnectionEvent(TypedDict):
    """A change of a connection."""

    change: ConnectionChange
    """What has become of it."""
    connection: Connection
    """How it stands now; of one that was removed, how it stood."""


class CompleteConnectResponse(TypedDict):
    """The connection, and what came with it."""

    connection: Connection
    """The connection."""
    session: Session
    """The reading session that started with the consent; empty if the platform started none."""
    account_reference: NotRequired[str]
    """The `reference` of the account that the person connected, if they did."""
    context: NotRequired[Any]
    """What `get_connect_url` was given as `context`."""


class LinkEvent(TypedDict):
    """A change of a link."""

    change: ConnectionChange
    """What has become of it."""
    link: Link
    """How it stands now; of one that was removed, how it stood."""


class AttemptChange(TypedDict):
    """What `put_attempt` is told."""

    attempt: AttemptRecord
    expected_version: Optional[int]


class OntologyWrapper(TypedDict):
    """One of them."""

    ontology: Ontology
    """The data model."""


class ServiceGroup(TypedDict):
    """A group of services."""

    id: float
    """Its id."""
    service_types: list[ServiceType]
    """Which of its services."""


class KeepConnectionsAliveOptions(TypedDict):
    """The options of `keep_alive`."""

    contract_details: ContractDetails
    """The contract."""
    idle_for: int
    """For how long tokens must not have been refreshed, in milliseconds: a part of how long refresh tokens live."""
    concurrency: NotRequired[Optional[int]]
    """How many are refreshed at once. Default 4."""
    per_second: NotRequired[Optional[int]]
    """How many in a second at most. Default 10."""
    on_progress: NotRequired[Optional[Callable[[KeepAliveResponse], object]]]
    """Learns how far it is, from time to time and at the end."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class KeepAliveOptions(TypedDict):
    """The options of `keep_alive`."""

    idle_for: int
    """For how long tokens must not have been refreshed, in milliseconds: a part of how long sessions live."""
    concurrency: NotRequired[Optional[int]]
    """How many are refreshed at once. Default 4."""
    per_second: NotRequired[Optional[int]]
    """How many in a second at most. Default 10."""
    on_progress: NotRequired[Optional[Callable[[KeepAliveResponse], object]]]
    """Learns how far it is, from time to time and at the end."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class PushedFileMeta(TypedDict):
    """A file for the library."""

    file_data: FileData
    """Its content: bytes, or a stream of them."""
    file_name: str
    """Its name. The platform has no place for it: what readers are to see belongs in `reference` or `tags`."""
    file_descriptor: FileDescriptor
    """What the platform is told of it. It travels in a header, and gateways refuse long ones: keep it below 4,000 bytes
    of JSON.
    """


class QueryCategoriesOptions(TypedDict):
    """The options of `query_categories`."""

    contract_details: ContractDetails
    """The contract."""
    categories_body_params: NotRequired[Optional[DiscoveryBodyParams]]
    """Which of them, and what of them. Default: all."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class QueryCountriesOptions(TypedDict):
    """The options of `query_countries`."""

    contract_details: ContractDetails
    """The contract."""
    countries_body_params: NotRequired[Optional[DiscoveryBodyParams]]
    """Which of them, and what of them. Default: all."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class QueryPlatformsOptions(TypedDict):
    """The options of `query_platforms`."""

    contract_details: ContractDetails
    """The contract."""
    platforms_body_params: NotRequired[Optional[DiscoveryBodyParams]]
    """Which of them, and what of them. Default: all."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class QueryCategoriesResponse(TypedDict):
    """Categories."""

    data: list[Category]
    """The categories."""


class QueryCountriesResponse(TypedDict):
    """Countries."""

    data: list[Country]
    """The countries."""


class QuerySourcesOptions(TypedDict):
    """The options of `query_sources`."""

    contract_details: ContractDetails
    """The contract."""
    sources_body_params: NotRequired[Optional[SourcesBodyParams]]
    """Which sources, and what of them."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class Source(TypedDict):
    """A source as the platform describes it. What this SDK does not know of is kept."""

    id: NotRequired[int]
    """The source's id, which `get_authorize_url` takes as `service_id`."""
    name: NotRequired[str]
    """Its name."""
    publishedStatus: NotRequired[str]
    """Whether it is offered: `approved`, `pending`, `deprecated`, `blocked` or `sampledataonly`."""
    resource: NotRequired[DiscoveryResource]
    """Its picture."""
    status: NotRequired[SourceStatus]
    """That the source is disturbed, where the platform says so."""
    sourceProxy: NotRequired[SourceProxy]
    """What stands between the source and the platform, where something does."""


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
    """Gets the state of the session when it changes, which is taken for `pending` before it is known."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used."""
    on_progress: NotRequired[Optional[Callable[[ReadingProgress], object]]]
    """Learns how far the reading is."""
    concurrency: NotRequired[Optional[int]]
    """How many files are read at once at most. They are 5 at first, then more as long as that is faster, and fewer
    where the platform asks for less or the files are so large that they would be more than 64 MiB together. At least
    1. Default 32.
    """
    polling_interval: NotRequired[Optional[int]]
    """How long to wait before asking for the list of files again, in milliseconds, at least 1; longer where the
    platform says so (`Retry-After`), and where it has too much to do (429, 503). Default: 500 at first, then ever
    longer up to 3,000, and less again after a change.
    """
    polling_limits: NotRequired[Optional[PollingLimits]]
    """How long to wait for the session at most."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class ReadAllFilesForAppUserOptions(TypedDict):
    """`ReadAllFilesOptions` for a user whose connection is kept: with `app_user_id` in place of `user_access_token`."""

    session_key: str
    """The `key` of the session."""
    contract_id: str
    """The id of the contract that was consented to."""
    private_key: str
    """The contract's private key, as in `contract_details`."""
    app_user_id: str
    """Your own id of a user whose connection is kept, in place of `user_access_token`."""
    on_file_data: NotRequired[Optional[Callable[[FileDataForAppUserEvent], object]]]
    """Gets each file."""
    on_file_error: NotRequired[Optional[Callable[[FileErrorEvent], object]]]
    """Gets each file that cannot be read."""
    on_status_change: NotRequired[Optional[Callable[[str], object]]]
    """Gets the state of the session when it changes, which is taken for `pending` before it is known."""
    on_progress: NotRequired[Optional[Callable[[ReadingProgress], object]]]
    """Learns how far the reading is."""
    concurrency: NotRequired[Optional[int]]
    """How many files are read at once at most. They are 5 at first, then more as long as that is faster, and fewer
    where the platform asks for less or the files are so large that they would be more than 64 MiB together. At least
    1. Default 32.
    """
    polling_interval: NotRequired[Optional[int]]
    """How long to wait before asking for the list of files again, in milliseconds, at least 1; longer where the
    platform says so (`Retry-After`), and where it has too much to do (429, 503). Default: 500 at first, then ever
    longer up to 3,000, and less again after a change.
    """
    polling_limits: NotRequired[Optional[PollingLimits]]
    """How long to wait for the session at most."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class AccountError(TypedDict):
    """Why not all of an account could be fetched. What this SDK does not know of is kept."""

    code: NotRequired[str]
    """The platform's code: `ServiceAuthorizationError`."""
    statusCode: NotRequired[int]
    """The HTTP status that goes with it."""
    message: NotRequired[str]
    """The same in words."""
    reauth: NotRequired[bool]
    """Whether the person has to log in at the source again: `get_reauthorize_account_url` says where."""
    retryAfter: NotRequired[float]
    """When the source may be asked again, as the platform says it."""
    objectTypeErrors: NotRequired[list[ObjectTypeError]]
    """What is wrong with types of objects."""


class PkbSurfaceEndpoint(TypedDict):
    """Where an API of PKB's is, and how it is called."""

    url: NotRequired[Optional[str]]
    """The base of its addresses."""
    token_url: NotRequired[Optional[str]]
    """The token endpoint of the clients that call it on their own behalf (`client_credentials`)."""
    client: NotRequired[Optional[SystemClient]]
    """The client that calls it so. Default: `system_client` for the Facade and for Messaging, `customer_system_client`
    for Aggregated and Customer.
    """
    headers: NotRequired[Optional[dict[str, Any]]]
    """Headers that each request to it has beside its own, such as `x-team-id`; names are not case-sensitive."""


class ImportLinksOptions(TypedDict):
    """The options of `import_links`."""

    links: Many[ImportedLink]
    """The patients: whatever can be iterated over, a list or the rows of a table. A list is looked through before
    anybody is brought in.
    """
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class InviteToRecordResponse(TypedDict):
    """What came of it."""

    invitations: list[Invitation]
    """The invitations."""
    left_out: list[PatientIdentifier]
    """Those for whom PKB made none."""
    failed: list[FailedInvitation]
    """Those of whom PKB could not be asked, or did not answer, after it had made invitations for others: ask again, for
    them alone.
    """


@runtime_checkable
class LinkStore(Protocol):
    """Keeps links and attempts to link, for every process and machine that shares it.

    What is written is durable when the method returns. A change names the version that it was made from, none where
    nothing must be there yet, and is refused (`False`) where the record has another: of two such changes one wins. A
    link is refused too where another user's link has the public id.

    Each method may be asynchronous.
    """

    def get_link(
        self, told: LinkQuery, /
    ) -> Union[Optional[Mapping[str, object]], Awaitable[Optional[Mapping[str, object]]]]:
        """The link of a user, if there is one."""
        ...

    def find_links(
        self, told: PublicIdQuery, /
    ) -> Union[Sequence[Mapping[str, object]], Awaitable[Sequence[Mapping[str, object]]]]:
        """The links with a public id: one at most, unless they share it."""
        ...

    def list_links(
        self, told: LinkPageQuery, /
    ) -> Union[Sequence[Mapping[str, object]], Awaitable[Sequence[Mapping[str, object]]]]:
        """Up to `limit` links in the order of their users' ids, from the first whose id is greater than `after`."""
        ...

    def put_link(self, told: LinkChange, /) -> Union[bool, Awaitable[bool]]:
        """Writes a link over the one of this user whose version is `expected_version`; without a version, where the
        user has none. False, and nothing is changed, where that is not how things are, or another user's link has
        the public id and neither has `shares_public_id`. All members of the record are kept, also those that the
        store does not know: a later version of the SDK may have added them.
        """
        ...

    def remove_link(self, told: LinkRemoval, /) -> Union[bool, Awaitable[bool]]:
        """Removes the link of that version. False, and nothing is changed, where it has another, or is gone."""
        ...

    def get_attempt(
        self, told: AttemptQuery, /
    ) -> Union[Optional[Mapping[str, object]], Awaitable[Optional[Mapping[str, object]]]]:
        """The attempt to link with this id, if there is one."""
        ...

    def put_attempt(self, told: AttemptChange, /) -> Union[bool, Awaitable[bool]]:
        """Writes an attempt, with all its members, as `put_link` does a link."""
        ...

    def remove_attempts(self, told: AttemptRemoval, /) -> object:
        """Removes the attempts that expired before a time, in milliseconds since 1970; with a user's id also all of
        theirs, whenever they expire.
        """
        ...


class ObjectVersions(TypedDict):
    """The data models that an application understands."""

    service: dict[str, list[OntologyWrapper]]
    """By service: evidently by its id."""
    objectType: NotRequired[Optional[dict[str, list[OntologyWrapper]]]]
    """By type of object: evidently by its id."""


class CAScope(TypedDict):
    """Which data of a library: the contract's own scope, made narrower."""

    time_ranges: NotRequired[Optional[list[TimeRange]]]
    """From when."""
    service_groups: NotRequired[Optional[list[ServiceGroup]]]
    """From which groups of services."""
    criteria: NotRequired[Optional[list[ScopeCriteria]]]
    """Which raw files."""


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
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class PushDataToLibraryForAppUserOptions(TypedDict):
    """`PushDataToLibraryOptions` for a user whose connection is kept: with `app_user_id` in place of
    `user_access_token`.
    """

    type: NotRequired[Optional[Library]]
    """`library`, or left out."""
    contract_details: ContractDetails
    """The contract that was consented to."""
    app_user_id: str
    """Your own id of a user whose connection is kept, in place of `user_access_token`."""
    data: PushedFileMeta
    """The file."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
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


class AccountProgress(TypedDict):
    """How far a session is with an account. What this SDK does not know of is kept."""

    state: NotRequired[str]
    """`running`, `completed` or `partial`; another word of the platform is handed on."""
    error: NotRequired[AccountError]
    """Why it is `partial`."""


class PkbEndpoints(TypedDict):
    """Where things are. What is left out is where PKB documents it to be."""

    base_url: NotRequired[Optional[str]]
    """The host that all other addresses are at. Default: that of the environment."""
    authorize_url: NotRequired[Optional[str]]
    """The page that a patient is sent to. Default `apiAuthorize.action` at the base."""
    token_url: NotRequired[Optional[str]]
    """The token endpoint for patients. Default `apiToken.action` at the base."""
    facade: NotRequired[Optional[PkbSurfaceEndpoint]]
    """The FHIR API in which patients' records are read (Facade). Default: `fhir/` at the base, and for System Clients'
    tokens `PKB_SYSTEM_TOKEN_URL`, and that of PKB's sandbox in the environment `sandbox`; for production PKB
    documents none.
    """
    messaging: NotRequired[Optional[PkbSurfaceEndpoint]]
    """The FHIR API that takes messages. Default: `phr-fhir/` at the base, with what the Facade has for System
    Clients.
    """
    aggregated: NotRequired[Optional[PkbSurfaceEndpoint]]
    """The FHIR API in which what all sources say is read (Aggregated). Default: `PKB_AGGREGATED_URL`, and that of PKB's
    sandbox in the environment `sandbox`; for tokens `PKB_CUSTOMER_TOKEN_URL`, and that of PKB's sandbox. For
    production PKB documents neither.
    """
    customer: NotRequired[Optional[PkbSurfaceEndpoint]]
    """The FHIR API that takes your organisation's data (Customer). Default: `PKB_CUSTOMER_URL`; each customer has a
    host of its own, which PKB tells. Tokens are had as for Aggregated.
    """
    rest: NotRequired[Optional[PkbRestEndpoint]]
    """The REST API. Default `json/` at the base."""
    purview_path: NotRequired[Optional[str]]
    """The `$purview` operation, from the base of the Facade on. Default `Consent/$purview`."""
    purview_method: NotRequired[Optional[HttpMethod]]
    """The method of `$purview`. Default: GET, and POST if PKB says that GET is not allowed."""
    current_user_url: NotRequired[Optional[str]]
    """The address of the current user. Default `users/self` at the REST API."""
    last_change_path: NotRequired[Optional[str]]
    """The operation that `get_last_change` asks, from the base of the Facade on. Default `Patient/$date-of-last-data-
    point`. Where it is to name the patient, `{public_id}` stands for their public id.
    """
    last_change_method: NotRequired[Optional[HttpMethod]]
    """The method by which a patient asks it: POST, the default, or GET. An organisation asks by POST."""
    one_time_password: NotRequired[Optional[OneTimePassword]]
    """Where PKB gives the one-time passwords that `get_sign_in_url` needs. PKB does not document it in public."""
    sign_in_url: NotRequired[Optional[str]]
    """Where PKB takes a one-time password from a browser. Default `otp.action` at the base."""
    join_url: NotRequired[Optional[str]]
    """The page where patients who were invited register. Default: `PKB_JOIN_URL`, and what PKB documents for its
    sandbox (`http://sandbox.patientsknowbest.com/join/`) and the production of the United Kingdom
    (`http://joinpkb.com/`).
    """


@runtime_checkable
class FilteringLinkStore(LinkStore, Protocol):
    """A `LinkStore` that chooses links by itself."""

    def filter_links(
        self, told: LinkFilterQuery, /
    ) -> Union[Sequence[Mapping[str, object]], Awaitable[Sequence[Mapping[str, object]]]]:
        """Some of the links that `filter` lets through, `limit` at most, in the order of `list_links`, from the first
        whose user's id is greater than `after`; none only where none is left. A member of `filter` that is null says
        nothing. A store may be without this method: links are chosen from all that `list_links` gives then.
        """
        ...


class Consumer(TypedDict):
    """What an application understands. The platform does not say what it makes of it: evidently it chooses the data
    model of a session's files. The SDK looks at none of it, and sends what it is given.
    """

    version: NotRequired[Optional[str]]
    """The application's version."""
    objectVersions: ObjectVersions
    """The data models that it understands."""


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


PushDataOptions = Union[PushDataToLibraryOptions, PushDataToProviderOptions]
"""The options of `push_data`."""

PushDataForAppUserOptions = Union[PushDataToLibraryForAppUserOptions, PushDataToProviderForAppUserOptions]
"""`PushDataOptions` for a user whose connection is kept."""


class FileListStatus(TypedDict):
    """How far a session is. What this SDK does not know of is kept."""

    state: str
    """`pending`, `running`, `partial` (ended, with errors) or `completed`; another word of the platform is handed
    on.
    """
    details: NotRequired[dict[str, AccountProgress]]
    """How far each account is, by its id."""


class PkbConfiguration(TypedDict):
    """How an application is configured that calls PKB."""

    client_id: str
    """The id of your User Client, as PKB gave it."""
    client_secret: NotRequired[Optional[str]]
    """Its secret, if PKB gave one."""
    redirect_uri: str
    """Where PKB sends the patient back to: exactly as registered with PKB. An address of localhost or a custom scheme
    (`myapp://linked`) is one too.
    """
    environment: PkbEnvironment
    """Which of PKB's environments. The environment variable `PKB_BASE_URL` goes before it."""
    store: NotRequired[Optional[Union[str, PathLike[str], LinkStore]]]
    """Where links are kept: `"memory"`, the path of a SQLite file, an address of PostgreSQL (`postgres://…`), or an
    object of your own. Default: in memory, so that they end with the process.
    """
    store_schema: NotRequired[Optional[str]]
    """The schema of PostgreSQL's in which the tables are. Default `digime_sdk`."""
    encryption_key: NotRequired[Optional[Union[str, KeyWrapping]]]
    """The key that encrypts the tokens in the store: 32 random bytes in base64 or hexadecimal digits, as `openssl rand
    -base64 32` makes them; or a pair of functions by which a key management service wraps keys and unwraps them.
    Every store but memory needs it.
    """
    previous_encryption_keys: NotRequired[Optional[list[Union[str, KeyWrapping]]]]
    """Keys that open and do not seal: those that were `encryption_key` before, until `rotate_keys` makes them
    unnecessary, and one that is to be it, which every process has to know before the first seals with it.
    """
    on_tokens_changed: NotRequired[Optional[Callable[[TokensChanged], object]]]
    """Learns of each new pair of tokens, once it is stored."""
    on_link_expired: NotRequired[Optional[Callable[[Link], object]]]
    """Learns of each link that PKB says is over, once that is stored: time to ask the patient to link again."""
    on_link_change: NotRequired[Optional[Callable[[LinkEvent], object]]]
    """Learns of each change of a link, once it is stored: of those, and of links that were made, replaced, removed, or
    whose refresh token may be spent.
    """
    on_event: NotRequired[Optional[Callable[[SdkEvent], object]]]
    """Is told what the SDK does: requests, refreshes, leases, files. It is not waited for, and what it fails with is
    nobody's matter.
    """
    trace_context: NotRequired[
        Optional[Callable[[TracedAttempt], Union[Optional[TraceContext], Awaitable[Optional[TraceContext]]]]]
    ]
    """Says which trace each attempt at a request is part of: its `traceparent` and `tracestate` go along (W3C Trace
    Context). It is asked where the call was made, and may take a second; where it takes longer, fails or gives
    nothing, the request goes without.
    """
    scope: NotRequired[Optional[str]]
    """What an app user is asked for. Default `PATIENT`."""
    client_authentication: NotRequired[Optional[ClientAuthentication]]
    """How your client proves to PKB's token endpoint who it is. Default: `body` if there is a `client_secret`, else
    `none`.
    """
    pkce: NotRequired[Optional[bool]]
    """Whether linking uses PKCE (RFC 7636). PKB documents none, so the default is not to."""
    link_timeout: NotRequired[Optional[int]]
    """How long a patient may take from the address that `get_link_url` gives until they are back, in milliseconds.
    Default 900,000 (15 minutes).
    """
    refresh_margin: NotRequired[Optional[int]]
    """How long before its end an access token is replaced, in milliseconds; a quarter of its life at most. Default
    60,000.
    """
    cache_tokens_for: NotRequired[Optional[int]]
    """How long the tokens of a link that were read from the store serve without being read again, in milliseconds.
    Default 0: each call reads the store, so that a link that is removed, or over, is gone at once everywhere. What
    other clients and processes change, also that, is seen so much later at most; what this client changes, at once.
    Only calls that need an access token use it, and those of 10,000 users at most are kept, in memory, unencrypted.
    """
    refresh_lease: NotRequired[Optional[int]]
    """How long one process may take for a refresh, or for exchanging a code, in milliseconds, before another takes
    over. Default 30,000, at least 3,000. What takes longer to be sent than a third of it is not sent.
    """
    system_client: NotRequired[Optional[SystemClient]]
    """Your System Client, for calls of the Facade and of Messaging on an organisation's behalf."""
    customer_system_client: NotRequired[Optional[SystemClient]]
    """Your Customer System Client, for calls of Aggregated and Customer."""
    per_patient: NotRequired[Optional[PkbPerPatient]]
    """How many requests about one patient are under way at once."""
    endpoints: NotRequired[Optional[PkbEndpoints]]
    """Addresses, paths and methods that are not as PKB documents them."""
    trusted_origins: NotRequired[Optional[list[str]]]
    """Origins that are believed beside those of the addresses above, `https://host:port`: a search goes on at the
    address that its page names, and where PKB is behind a gateway of your own, that is not at it. Patients' tokens
    are sent there.
    """
    retry_options: NotRequired[Optional[RetryOptions]]
    """When GET requests that failed are repeated. Others never are."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """How long to wait."""
    ca: NotRequired[Optional[str]]
    """Certificates of the authorities that may vouch for a server, in PEM, in place of all others: those of the system,
    and those to which `SSL_CERT_FILE` and `SSL_CERT_DIR`, in Node `NODE_EXTRA_CA_CERTS` and in Python
    `REQUESTS_CA_BUNDLE` and `CURL_CA_BUNDLE` lead.
    """
    client_certificate: NotRequired[Optional[ClientCertificate]]
    """The certificate by which the application shows servers who it is, where a gateway asks for one (mutual TLS)."""
    proxy: NotRequired[Optional[Union[str, Literal[False]]]]
    """The proxy through which all requests go, `http://user:password@host:port`, or `False` for none. Default: as
    `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say, and never for addresses of this machine.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that calls give: `decimal.Decimal`
    keeps them all. Default `float`.
    """
    transport: NotRequired[Optional[Transport]]
    """Sends all requests in place of the SDK's own transport: a `Transport`, such as those of `digime_sdk.httpx`. It
    makes the connections, so `ca`, `client_certificate` and `proxy` are refused beside it, and `timeouts.connect`
    has no meaning; signing, repeating, refreshing, decrypting and all other time-outs stay with the SDK.
    """


class Agent(TypedDict):
    """What the platform is told of the SDK."""

    name: NotRequired[Optional[str]]
    """The name of an SDK that the platform knows. Default `nodejs`."""
    version: NotRequired[Optional[str]]
    """A version of that SDK. Default `16.1.5`."""
    consumer: NotRequired[Optional[Consumer]]
    """What the application understands, of all calls that do not say it themselves."""


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
    consumer: NotRequired[Optional[Consumer]]
    """What the application understands, in place of `agent.consumer` of the configuration."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetReauthorizeAccountUrlForAppUserOptions(TypedDict):
    """`GetReauthorizeAccountUrlOptions` for a user whose connection is kept: with `app_user_id` in place of
    `user_access_token`.
    """

    contract_details: ContractDetails
    """The contract that was consented to."""
    callback: str
    """Where the user comes back to; it has to be registered with the contract."""
    app_user_id: str
    """Your own id of a user whose connection is kept, in place of `user_access_token`."""
    account_id: str
    """The account, from `read_accounts`."""
    locale: NotRequired[Optional[str]]
    """The language of the pages, as an ISO 639-1 code."""
    consumer: NotRequired[Optional[Consumer]]
    """What the application understands, in place of `agent.consumer` of the configuration."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class SessionOptions(TypedDict):
    """What the sessions of an authorisation are to do."""

    pull: NotRequired[Optional[PullSessionOptions]]
    """The session that reads."""


class ReadSessionOptions(TypedDict):
    """The options of `read_session`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    user_access_token: UserAccessToken
    """The user's token. An expired one is refreshed."""
    session_options: NotRequired[Optional[PullSessionOptions]]
    """What is to be fetched."""
    consumer: NotRequired[Optional[Consumer]]
    """What the application understands, in place of `agent.consumer` of the configuration."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class ReadSessionForAppUserOptions(TypedDict):
    """`ReadSessionOptions` for a user whose connection is kept: with `app_user_id` in place of `user_access_token`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    app_user_id: str
    """Your own id of a user whose connection is kept, in place of `user_access_token`."""
    session_options: NotRequired[Optional[PullSessionOptions]]
    """What is to be fetched."""
    consumer: NotRequired[Optional[Consumer]]
    """What the application understands, in place of `agent.consumer` of the configuration."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class ReadAllFilesResponse(TypedDict):
    """How the reading ended."""

    status: FileListStatus
    """How far the session was at last."""
    file_list: list[FileListEntry]
    """Its files."""
    user_access_token: UserAccessToken
    """The user's token: the one given, or the one that replaced it. Store it."""


class ReadAllFilesForAppUserResponse(TypedDict):
    """`ReadAllFilesResponse` for a user whose connection is kept: without `user_access_token`."""

    status: FileListStatus
    """How far the session was at last."""
    file_list: list[FileListEntry]
    """Its files."""


class ReadFileListResponse(TypedDict):
    """The files, and the token to go on with."""

    status: FileListStatus
    """How far the session is."""
    file_list: NotRequired[list[FileListEntry]]
    """The files. A name that is listed again with a later `updatedDate` is to be read again."""
    user_access_token: UserAccessToken
    """The user's token: the one given, or the one that replaced it. Store it."""


class ReadFileListForAppUserResponse(TypedDict):
    """`ReadFileListResponse` for a user whose connection is kept: without `user_access_token`."""

    status: FileListStatus
    """How far the session is."""
    file_list: NotRequired[list[FileListEntry]]
    """The files. A name that is listed again with a later `updatedDate` is to be read again."""


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
    trusted_origins: NotRequired[Optional[list[str]]]
    """Origins that are believed beside those of the addresses above, `https://host:port`: the platform's tokens name
    the address of their keys (`jku`), and where `base_url` is a gateway of your own, that is not at it.
    """
    key_set_url: NotRequired[Optional[str]]
    """The address of the key set that verifies the platform's tokens, which then is asked for beside the first call
    that brings one, and not once that has named it (`jku`); it is believed, wherever it is. Default: `jwks/oauth`
    below the platform's own `base_url`, and at any other none.
    """
    retry_options: NotRequired[Optional[RetryOptions]]
    """When requests that failed are repeated."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """How long to wait."""
    file_limits: NotRequired[Optional[FileLimits]]
    """How large the content of a file may be."""
    store: NotRequired[Optional[Union[str, PathLike[str], LinkStore]]]
    """Where the connections of your users are kept, for calls by `app_user_id`: `"memory"`, the path of a SQLite file,
    an address of PostgreSQL (`postgres://…`), or an object of your own. Default: nowhere.
    """
    store_schema: NotRequired[Optional[str]]
    """The schema of PostgreSQL's in which the tables are. Default `digime_sdk`."""
    encryption_key: NotRequired[Optional[Union[str, KeyWrapping]]]
    """The key that encrypts the tokens in the store: 32 random bytes in base64 or hexadecimal digits, as `openssl rand
    -base64 32` makes them; or a pair of functions by which a key management service wraps keys and unwraps them.
    Every store but memory needs it.
    """
    previous_encryption_keys: NotRequired[Optional[list[Union[str, KeyWrapping]]]]
    """Keys that open and do not seal: those that were `encryption_key` before, until `rotate_keys` makes them
    unnecessary, and one that is to be it, which every process has to know before the first seals with it.
    """
    on_connection_change: NotRequired[Optional[Callable[[ConnectionEvent], object]]]
    """Learns what becomes of connections, once the store has it."""
    connect_timeout: NotRequired[Optional[int]]
    """How long a person may take from the address that `get_connect_url` gives until they are back, in milliseconds.
    Default 3,600,000 (one hour).
    """
    refresh_margin: NotRequired[Optional[int]]
    """How long before its end the access token of a connection is replaced, in milliseconds; a quarter of its life at
    most. Default 60,000.
    """
    cache_tokens_for: NotRequired[Optional[int]]
    """How long the tokens of a connection that were read from the store serve without being read again, in
    milliseconds. Default 0: each call reads the store, so that a connection that is removed, or over, is gone at
    once everywhere. What other clients and processes change, also that, is seen so much later at most; what this
    client changes, at once. Only calls that need an access token use it, and those of 10,000 users at most are kept,
    in memory, unencrypted.
    """
    refresh_lease: NotRequired[Optional[int]]
    """How long one process may take for the refresh of a connection, or for exchanging a code, in milliseconds, before
    another takes over. Default 30,000, at least 3,000. What takes longer to be sent than a third of it is not sent.
    """
    ca: NotRequired[Optional[str]]
    """Certificates of the authorities that may vouch for a server, in PEM, in place of all others: those of the system,
    and those to which `SSL_CERT_FILE` and `SSL_CERT_DIR`, in Node `NODE_EXTRA_CA_CERTS` and in Python
    `REQUESTS_CA_BUNDLE` and `CURL_CA_BUNDLE` lead.
    """
    client_certificate: NotRequired[Optional[ClientCertificate]]
    """The certificate by which the application shows servers who it is, where a gateway asks for one (mutual TLS)."""
    proxy: NotRequired[Optional[Union[str, Literal[False]]]]
    """The proxy through which all requests go, `http://user:password@host:port`, or `False` for none. Default: as
    `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say, and never for addresses of this machine.
    """
    on_event: NotRequired[Optional[Callable[[SdkEvent], object]]]
    """Is told what the SDK does: requests, refreshes, leases, files. It is not waited for, and what it fails with is
    nobody's matter.
    """
    trace_context: NotRequired[
        Optional[Callable[[TracedAttempt], Union[Optional[TraceContext], Awaitable[Optional[TraceContext]]]]]
    ]
    """Says which trace each attempt at a request is part of: its `traceparent` and `tracestate` go along (W3C Trace
    Context). It is asked where the call was made, and may take a second; where it takes longer, fails or gives
    nothing, the request goes without.
    """
    agent: NotRequired[Optional[Agent]]
    """What the platform is told of the SDK. It may refuse names and versions that it does not know, so the default is
    what the JavaScript SDK says.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that calls give: `decimal.Decimal`
    keeps them all. Default `float`.
    """
    transport: NotRequired[Optional[Transport]]
    """Sends all requests in place of the SDK's own transport: a `Transport`, such as those of `digime_sdk.httpx`. It
    makes the connections, so `ca`, `client_certificate` and `proxy` are refused beside it, and `timeouts.connect`
    has no meaning; signing, repeating, refreshing, decrypting and all other time-outs stay with the SDK.
    """


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
    consumer: NotRequired[Optional[Consumer]]
    """What the application understands, in place of `agent.consumer` of the configuration."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetConnectUrlOptions(TypedDict):
    """The options of `get_connect_url`."""

    app_user_id: str
    """Your own id of the user who is logged in: at most 1,000 bytes, without NUL."""
    contract_details: ContractDetails
    """The contract that the person is asked to consent to."""
    callback: str
    """Where the person comes back to (`redirect_uri`); it has to be registered with the contract."""
    library_contract: NotRequired[Optional[ContractDetails]]
    """Another contract under which the user may be connected: where they are, what they add goes to the library that
    they have. Without it, and without a connection under this contract, they get a library of their own for it.
    """
    context: NotRequired[Any]
    """Anything that `complete_connect` is to give back, such as the page to go on with: up to 16 KiB of JSON. It is
    stored encrypted.
    """
    service_id: NotRequired[Optional[int]]
    """The service that the person is shown at once."""
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
    consumer: NotRequired[Optional[Consumer]]
    """What the application understands, in place of `agent.consumer` of the configuration."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


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
    consumer: NotRequired[Optional[Consumer]]
    """What the application understands, in place of `agent.consumer` of the configuration."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetOnboardServiceUrlForAppUserOptions(TypedDict):
    """`GetOnboardServiceUrlOptions` for a user whose connection is kept: with `app_user_id` in place of
    `user_access_token`.
    """

    contract_details: ContractDetails
    """The contract that was consented to."""
    callback: str
    """Where the user comes back to; it has to be registered with the contract."""
    app_user_id: str
    """Your own id of a user whose connection is kept, in place of `user_access_token`."""
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
    consumer: NotRequired[Optional[Consumer]]
    """What the application understands, in place of `agent.consumer` of the configuration."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetReauthorizeUrlOptions(TypedDict):
    """The options of `get_reauthorize_url`."""

    contract_details: ContractDetails
    """The contract that was consented to."""
    callback: str
    """Where the user comes back to; it has to be registered with the contract."""
    user_access_token: UserAccessToken
    """The user's token."""
    state: NotRequired[Optional[str]]
    """What comes back with the user unchanged. Not with `app_user_id`: the SDK makes it and remembers it."""
    locale: NotRequired[Optional[str]]
    """The language of the pages, as an ISO 639-1 code."""
    session_options: NotRequired[Optional[SessionOptions]]
    """What the reading session that starts with the consent is to fetch."""
    trigger_query: NotRequired[Optional[bool]]
    """Whether the sources are asked for data at once."""
    consumer: NotRequired[Optional[Consumer]]
    """What the application understands, in place of `agent.consumer` of the configuration."""
    on_access_token_change: NotRequired[Optional[Callable[[UserAccessToken], object]]]
    """Learns the new token of a refresh, before it is used. An expired token is refreshed only if this is given."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """


class GetReauthorizeUrlForAppUserOptions(TypedDict):
    """`GetReauthorizeUrlOptions` for a user whose connection is kept: with `app_user_id` in place of
    `user_access_token`.
    """

    contract_details: ContractDetails
    """The contract that was consented to."""
    callback: str
    """Where the user comes back to; it has to be registered with the contract."""
    app_user_id: str
    """Your own id of a user whose connection is kept, in place of `user_access_token`."""
    locale: NotRequired[Optional[str]]
    """The language of the pages, as an ISO 639-1 code."""
    session_options: NotRequired[Optional[SessionOptions]]
    """What the reading session that starts with the consent is to fetch."""
    trigger_query: NotRequired[Optional[bool]]
    """Whether the sources are asked for data at once."""
    consumer: NotRequired[Optional[Consumer]]
    """What the application understands, in place of `agent.consumer` of the configuration."""
    timeouts: NotRequired[Optional[TimeoutOptions]]
    """Time-outs of this call, which go before those of the configuration."""
    on_response: NotRequired[Optional[Callable[[PlatformResponse], object]]]
    """Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
    reference. It is not waited for, and what it fails with is no matter of the call's.
    """
    parse_float: NotRequired[Optional[ParseFloat]]
    """What makes numbers of digits that have a point or a power, in the documents that this call gives:
    `decimal.Decimal` keeps them all. Default `float`.
    """
