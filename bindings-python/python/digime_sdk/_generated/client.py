"""The SDKs for asyncio. Printed by scripts/print_types.py: change the core instead."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Optional, Union, overload

from .._all_files import AllFilesForAppUserReading, AllFilesReading, reading
from .._async_client import AsyncClient
from .._client import configuration
from .._opaque import hidden
from .._results import Results
from .._signatures import configured_by, takes
from .._typing import Unpack
from .types import (
    AddMeasurementOptions,
    ApiResponse,
    CheckConnectionsOptions,
    CheckOptions,
    CheckProviderDataOptions,
    CheckResponse,
    CloseOptions,
    CloseResponse,
    CompleteConnectOptions,
    CompleteConnectResponse,
    CompleteLinkOptions,
    Connection,
    CountConnectionsOptions,
    CountLinksOptions,
    CreateProvisionalStorageOptions,
    CreateProvisionalStorageResponse,
    CurrentUser,
    DeleteAccountForAppUserOptions,
    DeleteAccountOptions,
    DeleteAccountResponse,
    DeleteStorageFilesOptions,
    DeleteStorageFilesResponse,
    DeleteUserForAppUserOptions,
    DeleteUserOptions,
    DeleteUserResponse,
    DisconnectOptions,
    DownloadStorageFileOptions,
    DownloadStorageFileResponse,
    ExchangeCodeForTokenOptions,
    ExportConnectionOptions,
    ExportedLink,
    ExportLinkOptions,
    FhirBatchOptions,
    FhirCreateOptions,
    FhirOutcome,
    FhirReadOptions,
    FhirSearchOptions,
    FhirSearchResourcesOptions,
    FhirTransactionOptions,
    FhirUpdateOptions,
    FindLinksOptions,
    FoundResource,
    GetAccessTokenOptions,
    GetAuthorizeUrlOptions,
    GetAuthorizeUrlResponse,
    GetConnectionOptions,
    GetConnectUrlOptions,
    GetConnectUrlResponse,
    GetConsentsOptions,
    GetContractDetailsOptions,
    GetContractDetailsResponse,
    GetCurrentUserOptions,
    GetLastChangeOptions,
    GetLinkOptions,
    GetLinkUrlOptions,
    GetLinkUrlResponse,
    GetMeasurementsOptions,
    GetMeasurementTypesOptions,
    GetOnboardServiceUrlForAppUserOptions,
    GetOnboardServiceUrlForAppUserResponse,
    GetOnboardServiceUrlOptions,
    GetOnboardServiceUrlResponse,
    GetPortabilityReportForAppUserOptions,
    GetPortabilityReportOptions,
    GetPortabilityReportResponse,
    GetPublicIdOptions,
    GetReauthorizeAccountUrlForAppUserOptions,
    GetReauthorizeAccountUrlForAppUserResponse,
    GetReauthorizeAccountUrlOptions,
    GetReauthorizeAccountUrlResponse,
    GetReauthorizeUrlForAppUserOptions,
    GetReauthorizeUrlForAppUserResponse,
    GetReauthorizeUrlOptions,
    GetReauthorizeUrlResponse,
    GetRecordStatusOptions,
    GetRevokeAccountPermissionUrlForAppUserOptions,
    GetRevokeAccountPermissionUrlOptions,
    GetRevokeAccountPermissionUrlResponse,
    GetServiceSampleDataSetsOptions,
    GetServiceSampleDataSetsResponse,
    GetSignInUrlOptions,
    GetSignInUrlResponse,
    GetSystemTokenOptions,
    GetUserStorageForAppUserOptions,
    GetUserStorageOptions,
    GetUserStorageResponse,
    ImportConnectionOptions,
    ImportConnectionsOptions,
    ImportLinkOptions,
    ImportLinksOptions,
    ImportResponse,
    InviteToRecordOptions,
    InviteToRecordResponse,
    IssuedToken,
    JoinOrganisationOptions,
    KeepAliveOptions,
    KeepAliveResponse,
    KeepConnectionsAliveOptions,
    LastChange,
    Link,
    LinkCounts,
    ListConnectionsOptions,
    ListLinksOptions,
    ListStorageFilesOptions,
    ListStorageFilesResponse,
    PkbConfiguration,
    PkbConsent,
    ProviderDataFinding,
    PushDataToLibraryForAppUserOptions,
    PushDataToLibraryOptions,
    PushDataToProviderForAppUserOptions,
    PushDataToProviderOptions,
    QueryCategoriesOptions,
    QueryCategoriesResponse,
    QueryCountriesOptions,
    QueryCountriesResponse,
    QueryPlatformsOptions,
    QueryPlatformsResponse,
    QuerySourcesOptions,
    QuerySourcesResponse,
    ReadAccountsForAppUserOptions,
    ReadAccountsForAppUserResponse,
    ReadAccountsOptions,
    ReadAccountsResponse,
    ReadAllFilesForAppUserOptions,
    ReadAllFilesOptions,
    ReadFileForAppUserOptions,
    ReadFileForAppUserResponse,
    ReadFileListForAppUserOptions,
    ReadFileListForAppUserResponse,
    ReadFileListOptions,
    ReadFileListResponse,
    ReadFileMetadataForAppUserOptions,
    ReadFileMetadataForAppUserResponse,
    ReadFileMetadataOptions,
    ReadFileMetadataResponse,
    ReadFileOptions,
    ReadFileResponse,
    ReadFileStreamForAppUserResponse,
    ReadFileStreamResponse,
    ReadSessionForAppUserOptions,
    ReadSessionForAppUserResponse,
    ReadSessionOptions,
    ReadSessionResponse,
    RecordChange,
    RecordStatus,
    RefreshTokenOptions,
    RequestOptions,
    RotateConnectionKeysOptions,
    RotateConnectionKeysResponse,
    RotateKeysOptions,
    RotateKeysResponse,
    SdkConfiguration,
    UnlinkOptions,
    UploadFileToStorageOptions,
    UploadFileToStorageResponse,
    UserAccessToken,
    WatchOptions,
)

__all__ = ["DigiMeSDK", "PkbSDK", "init", "init_pkb"]


class DigiMeSDK(AsyncClient):
    """The SDK of digi.me for asyncio, which `init` makes."""

    _platform: ClassVar[str] = "digime"
    _objects: ClassVar[Mapping[str, Collection[str]]] = {
        "store": (
            "get_link",
            "find_links",
            "list_links",
            "put_link",
            "remove_link",
            "get_attempt",
            "put_attempt",
            "remove_attempts",
            "filter_links",
        )
    }
    _many: ClassVar[Mapping[str, str]] = {"importConnections": "connections"}

    @takes(CheckConnectionsOptions)
    async def check(self, **options: Unpack[CheckConnectionsOptions]) -> CheckResponse:
        """Looks whether the store can be reached, has the form that this version knows, and is under keys that are
        there: for the start of an application and for probes of readiness. The platform is not asked.

        Args:
            contract_id: The contract whose connections are looked at.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: CheckResponse = await self._call("check", options)
        return response

    @takes(CheckProviderDataOptions)
    async def check_provider_data(self, **options: Unpack[CheckProviderDataOptions]) -> list[ProviderDataFinding]:
        """Looks at FHIR data before `push_data` sends it to a care provider of `MedMij`, and says what is certain to be
        refused there, an `error`, and what may be, a `warning`; nothing where nothing is known against it. It asks
        nobody, and changes nothing. `check` of `push_data` does the same, and pushes nothing that has an error.

        Args:
            data: The FHIR resource, most often a Bundle, as `push_data` takes it: as an object, as its JSON text, or as
                that in bytes.
            version: The FHIR release.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: list[ProviderDataFinding] = await self._call("checkProviderData", options)
        return response

    @takes(CloseOptions)
    async def close(self, **options: Unpack[CloseOptions]) -> CloseResponse:
        """Ends the client, before the process ends: waits until the calls under way are done, and what goes on without
        them, such as storing the tokens of a refresh and telling your functions of them; at most for `timeout`. What
        is being iterated over is not waited for: it gives nothing more. Then it lets go of its connections and its
        store. Every other call is refused with a `ClientClosedError` from the moment this one is made, as is whoever
        asks for the next of what they iterate over; it may be made again, and waits again.

        Args:
            timeout (optional): How long to wait for what is under way, in milliseconds. Default 30,000.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: CloseResponse = await self._call("close", options)
        return response

    @takes(CompleteConnectOptions)
    async def complete_connect(self, **options: Unpack[CompleteConnectOptions]) -> CompleteConnectResponse:
        """Completes a connection with the address that the person came back to: exchanges the code, and stores the
        tokens at once.

        Called again with the same address it gives the same connection; the code is exchanged once. If it was
        interrupted after the exchange, or refused because of a conflict, calling it again goes on from the tokens
        that are stored.

        Args:
            contract_details: The contract that the person was asked to consent to.
            callback_url: The address that the person came back to, whole or from its path on.
            app_user_id (optional): Your own id of the user who is logged in where the callback arrived. It must be the
                one who asked for the connection: else somebody who is sent the address that another user of yours asked
                for connects their library to that user's account.
            any_user (optional): `True` where whoever handles the callback cannot know who is logged in: the connection
                is then made for whoever asked for it, and you must rule out by other means that they were sent somebody
                else's address. In place of `app_user_id`.
            on_conflict (optional): What to do if the user is connected already, to another person's library. Default:
                `refuse`, with a `ConnectionConflictError`.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: CompleteConnectResponse = await self._call("completeConnect", options)
        return response

    @takes(CountConnectionsOptions)
    async def count_connections(self, **options: Unpack[CountConnectionsOptions]) -> LinkCounts:
        """How many connections there are under a contract, by status. The platform is not asked.

        Args:
            contract_id: The contract.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: LinkCounts = await self._call("countConnections", options)
        return response

    @takes(CreateProvisionalStorageOptions)
    async def create_provisional_storage(
        self, **options: Unpack[CreateProvisionalStorageOptions]
    ) -> CreateProvisionalStorageResponse:
        """Creates a storage. It becomes a person's when they consent by a `get_authorize_url` that names it as
        `storage_id`.

        Args:
            contract_details: The contract.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: CreateProvisionalStorageResponse = await self._call("createProvisionalStorage", options)
        return response

    @overload
    async def delete_account(self, **options: Unpack[DeleteAccountOptions]) -> DeleteAccountResponse: ...
    @overload
    async def delete_account(self, **options: Unpack[DeleteAccountForAppUserOptions]) -> DeleteAccountResponse: ...
    @takes(DeleteAccountOptions, DeleteAccountForAppUserOptions)
    async def delete_account(self, **options: Any) -> DeleteAccountResponse:
        """Removes an account, and what came from it, from the user's library.

        Args:
            contract_details: The contract that was consented to.
            user_access_token: The user's token.
            app_user_id (optional): Your own id of a user whose connection is kept, in place of `user_access_token`.
            account_id: The account, from `read_accounts`.
            on_access_token_change (optional): Learns the new token of a refresh, before it is used. An expired token is
                refreshed only if this is given.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: DeleteAccountResponse = await self._call("deleteAccount", options)
        return response

    @takes(DeleteStorageFilesOptions)
    async def delete_storage_files(self, **options: Unpack[DeleteStorageFilesOptions]) -> DeleteStorageFilesResponse:
        """Deletes a file; with a slash at the end of its path a folder; with `/` all that the application has in the
        storage.

        Args:
            contract_details: The contract.
            storage_id: The storage.
            path: What to delete.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: DeleteStorageFilesResponse = await self._call("deleteStorageFiles", options)
        return response

    @overload
    async def delete_user(self, **options: Unpack[DeleteUserOptions]) -> DeleteUserResponse: ...
    @overload
    async def delete_user(self, **options: Unpack[DeleteUserForAppUserOptions]) -> DeleteUserResponse: ...
    @takes(DeleteUserOptions, DeleteUserForAppUserOptions)
    async def delete_user(self, **options: Any) -> DeleteUserResponse:
        """Deletes the user and their whole library. There is no way back.

        Args:
            contract_details: The contract that was consented to.
            user_access_token: The user's token.
            app_user_id (optional): Your own id of a user whose connection is kept, in place of `user_access_token`.
            on_access_token_change (optional): Learns the new token of a refresh, before it is used. An expired token is
                refreshed only if this is given.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: DeleteUserResponse = await self._call("deleteUser", options)
        return response

    @takes(DisconnectOptions)
    async def disconnect(self, **options: Unpack[DisconnectOptions]) -> None:
        """Removes a user's connection under a contract, its tokens with it; no harm is done if there is none. The
        platform has no call by which it could be told: the person's library stays (`delete_user` deletes it), and so
        do accounts (`delete_account`).

        Args:
            app_user_id: Your own id of the user.
            contract_id: The contract that they had consented to.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        await self._call("disconnect", options)

    @takes(DownloadStorageFileOptions)
    async def download_storage_file(self, **options: Unpack[DownloadStorageFileOptions]) -> DownloadStorageFileResponse:
        """A file of a storage as a stream, decrypted while it is read, in memory that does not grow with its size. An
        error in its midst reaches whoever reads the stream; what was read before is then not to be trusted.

        Args:
            contract_details: The contract.
            storage_id: The storage.
            path: The file's path.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: DownloadStorageFileResponse = await self._call("downloadStorageFile", options)
        return response

    @takes(ExchangeCodeForTokenOptions)
    async def exchange_code_for_token(self, **options: Unpack[ExchangeCodeForTokenOptions]) -> UserAccessToken:
        """Exchanges the code that a person came back with for a user access token. A code works once; store the token
        at once. A call that is cancelled, or has waited long enough, loses nothing: made again on the same client,
        it gives what the first has brought.

        Args:
            contract_details: The contract that was consented to.
            code_verifier: The `code_verifier` of the `get_authorize_url` that sent the person away.
            authorization_code: The `code` that the person came back with.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: UserAccessToken = await self._call("exchangeCodeForToken", options)
        return response

    @takes(ExportConnectionOptions)
    async def export_connection(self, **options: Unpack[ExportConnectionOptions]) -> UserAccessToken:
        """The token of a user as it is stored, for an application that is to keep it itself again. From before this
        call until `disconnect` has removed the connection, nothing may act for the user: a refresh between the two
        would spend what is given here. The platform is not asked.

        Args:
            app_user_id: Your own id of the user.
            contract_id: The contract that they have consented to.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: UserAccessToken = await self._call("exportConnection", options)
        return response

    @takes(GetAuthorizeUrlOptions)
    async def get_authorize_url(self, **options: Unpack[GetAuthorizeUrlOptions]) -> GetAuthorizeUrlResponse:
        """Prepares an authorisation and says where to send the person. Keep `code_verifier`, and `state` tied to the
        person's own browser session, until they come back to `callback` with `success=true`, `state=…`, `code=…` and
        `accountReference=…`, or with `success=false` and `errorCode=…`.

        Args:
            contract_details: The contract that the person is asked to consent to.
            callback: Where the person comes back to (`redirect_uri`); it has to be registered with the contract.
            state: What comes back with the person unchanged. Make it unguessable and compare it, against forged
                callbacks (RFC 6749 section 10.12).
            service_id (optional): The service that the person is shown at once.
            user_access_token (optional): The token of a person whose library exists already: what they add goes there.
            session_options (optional): What the reading session that starts with the consent is to fetch.
            source_type (optional): Whether sources are added to read from, `pull`, or to push to, `push`. Default
                `pull`.
            sample_data (optional): Sample data instead of a real account.
            locale (optional): The language of the pages, as an ISO 639-1 code.
            include_sample_data_only_sources (optional): Whether sources that have only sample data are offered too.
            storage_id (optional): The provisional storage that becomes the person's.
            trigger_query (optional): Whether the sources are asked for data at once.
            sources_scope (optional): Limits the sources that the person can choose from.
            consumer (optional): What the application understands, in place of `agent.consumer` of the configuration.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: GetAuthorizeUrlResponse = await self._call("getAuthorizeUrl", options)
        return response

    @takes(GetConnectUrlOptions)
    async def get_connect_url(self, **options: Unpack[GetConnectUrlOptions]) -> GetConnectUrlResponse:
        """Says where to send a user who is logged in to your application so that they connect their digi.me library to
        it, and remembers the attempt with its `state` and code verifier: it serves once, for this user, until it
        expires. They come back to `callback`, with which `complete_connect` goes on, on whichever machine that
        shares the store. A user who is connected already adds to the same library.

        Args:
            app_user_id: Your own id of the user who is logged in: at most 1,000 bytes, without NUL.
            contract_details: The contract that the person is asked to consent to.
            callback: Where the person comes back to (`redirect_uri`); it has to be registered with the contract.
            library_contract (optional): Another contract under which the user may be connected: where they are, what
                they add goes to the library that they have. Without it, and without a connection under this contract,
                they get a library of their own for it.
            context (optional): Anything that `complete_connect` is to give back, such as the page to go on with: up to
                16 KiB of JSON. It is stored encrypted.
            service_id (optional): The service that the person is shown at once.
            session_options (optional): What the reading session that starts with the consent is to fetch.
            source_type (optional): Whether sources are added to read from, `pull`, or to push to, `push`. Default
                `pull`.
            sample_data (optional): Sample data instead of a real account.
            locale (optional): The language of the pages, as an ISO 639-1 code.
            include_sample_data_only_sources (optional): Whether sources that have only sample data are offered too.
            storage_id (optional): The provisional storage that becomes the person's.
            trigger_query (optional): Whether the sources are asked for data at once.
            sources_scope (optional): Limits the sources that the person can choose from.
            consumer (optional): What the application understands, in place of `agent.consumer` of the configuration.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: GetConnectUrlResponse = await self._call("getConnectUrl", options)
        return response

    @takes(GetConnectionOptions)
    async def get_connection(self, **options: Unpack[GetConnectionOptions]) -> Optional[Connection]:
        """The connection of a user under a contract, or nothing. The platform is not asked.

        Args:
            app_user_id: Your own id of the user.
            contract_id: The contract that they may have consented to.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: Optional[Connection] = await self._call("getConnection", options)
        return response

    @takes(GetContractDetailsOptions)
    async def get_contract_details(self, **options: Unpack[GetContractDetailsOptions]) -> GetContractDetailsResponse:
        """What the platform knows of the contract: its application, what it may do, and until when.

        Args:
            contract_details: The contract.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: GetContractDetailsResponse = await self._call("getContractDetails", options)
        return response

    @overload
    async def get_onboard_service_url(
        self, **options: Unpack[GetOnboardServiceUrlOptions]
    ) -> GetOnboardServiceUrlResponse: ...
    @overload
    async def get_onboard_service_url(
        self, **options: Unpack[GetOnboardServiceUrlForAppUserOptions]
    ) -> GetOnboardServiceUrlForAppUserResponse: ...
    @takes(GetOnboardServiceUrlOptions, GetOnboardServiceUrlForAppUserOptions)
    async def get_onboard_service_url(
        self, **options: Any
    ) -> Union[GetOnboardServiceUrlResponse, GetOnboardServiceUrlForAppUserResponse]:
        """Says where to send a user who has consented already, so that they add a source to their library.

        Args:
            contract_details: The contract that was consented to.
            callback: Where the user comes back to; it has to be registered with the contract.
            user_access_token: The user's token. An expired one is refreshed.
            app_user_id (optional): Your own id of a user whose connection is kept, in place of `user_access_token`.
            service_id (optional): The service that the user is shown at once.
            source_type (optional): Whether a source is added to read from, `pull`, or to push to, `push`. Default
                `pull`.
            sample_data (optional): Sample data instead of a real account.
            session_options (optional): What the reading session that starts with the new source is to fetch.
            locale (optional): The language of the pages, as an ISO 639-1 code.
            include_sample_data_only_sources (optional): Whether sources that have only sample data are offered too.
            trigger_query (optional): Whether the source is asked for data at once.
            sources_scope (optional): Limits the sources that the user can choose from.
            state (optional): What comes back with the user unchanged.
            consumer (optional): What the application understands, in place of `agent.consumer` of the configuration.
            on_access_token_change (optional): Learns the new token of a refresh, before it is used.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: Union[GetOnboardServiceUrlResponse, GetOnboardServiceUrlForAppUserResponse] = await self._call(
            "getOnboardServiceUrl", options
        )
        return response

    @overload
    async def get_portability_report(
        self, **options: Unpack[GetPortabilityReportOptions]
    ) -> GetPortabilityReportResponse: ...
    @overload
    async def get_portability_report(
        self, **options: Unpack[GetPortabilityReportForAppUserOptions]
    ) -> GetPortabilityReportResponse: ...
    @takes(GetPortabilityReportOptions, GetPortabilityReportForAppUserOptions)
    async def get_portability_report(self, **options: Any) -> GetPortabilityReportResponse:
        """The portability report of a user: what was exchanged with care providers, as XML.

        Args:
            contract_details: The contract that was consented to.
            user_access_token: The user's token.
            app_user_id (optional): Your own id of a user whose connection is kept, in place of `user_access_token`.
            format: The format.
            service_type: The kind of service.
            from_ (optional): From when, in seconds since 1970. Default: from the begin.
            to (optional): To when, in seconds since 1970. Default: to now.
            on_access_token_change (optional): Learns the new token of a refresh, before it is used. An expired token is
                refreshed only if this is given.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: GetPortabilityReportResponse = await self._call("getPortabilityReport", options)
        return response

    @overload
    async def get_reauthorize_account_url(
        self, **options: Unpack[GetReauthorizeAccountUrlOptions]
    ) -> GetReauthorizeAccountUrlResponse: ...
    @overload
    async def get_reauthorize_account_url(
        self, **options: Unpack[GetReauthorizeAccountUrlForAppUserOptions]
    ) -> GetReauthorizeAccountUrlForAppUserResponse: ...
    @takes(GetReauthorizeAccountUrlOptions, GetReauthorizeAccountUrlForAppUserOptions)
    async def get_reauthorize_account_url(
        self, **options: Any
    ) -> Union[GetReauthorizeAccountUrlResponse, GetReauthorizeAccountUrlForAppUserResponse]:
        """Says where to send a user so that they log in again at a source whose account reports
        `ServiceAuthorizationError`.

        Args:
            contract_details: The contract that was consented to.
            callback: Where the user comes back to; it has to be registered with the contract.
            user_access_token: The user's token. An expired one is refreshed.
            app_user_id (optional): Your own id of a user whose connection is kept, in place of `user_access_token`.
            account_id: The account, from `read_accounts`.
            locale (optional): The language of the pages, as an ISO 639-1 code.
            consumer (optional): What the application understands, in place of `agent.consumer` of the configuration.
            on_access_token_change (optional): Learns the new token of a refresh, before it is used.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: Union[
            GetReauthorizeAccountUrlResponse, GetReauthorizeAccountUrlForAppUserResponse
        ] = await self._call("getReauthorizeAccountUrl", options)
        return response

    @overload
    async def get_reauthorize_url(self, **options: Unpack[GetReauthorizeUrlOptions]) -> GetReauthorizeUrlResponse: ...
    @overload
    async def get_reauthorize_url(
        self, **options: Unpack[GetReauthorizeUrlForAppUserOptions]
    ) -> GetReauthorizeUrlForAppUserResponse: ...
    @takes(GetReauthorizeUrlOptions, GetReauthorizeUrlForAppUserOptions)
    async def get_reauthorize_url(
        self, **options: Any
    ) -> Union[GetReauthorizeUrlResponse, GetReauthorizeUrlForAppUserResponse]:
        """Says where to send a user so that they renew their consent before it runs out. They come back with a `code`
        for `exchange_code_for_token`; by `app_user_id`, the address that they come back to is for
        `complete_connect`.

        Args:
            contract_details: The contract that was consented to.
            callback: Where the user comes back to; it has to be registered with the contract.
            user_access_token: The user's token.
            app_user_id (optional): Your own id of a user whose connection is kept, in place of `user_access_token`.
            state (optional): What comes back with the user unchanged. Not with `app_user_id`: the SDK makes it and
                remembers it.
            locale (optional): The language of the pages, as an ISO 639-1 code.
            session_options (optional): What the reading session that starts with the consent is to fetch.
            trigger_query (optional): Whether the sources are asked for data at once.
            consumer (optional): What the application understands, in place of `agent.consumer` of the configuration.
            on_access_token_change (optional): Learns the new token of a refresh, before it is used. An expired token is
                refreshed only if this is given.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: Union[GetReauthorizeUrlResponse, GetReauthorizeUrlForAppUserResponse] = await self._call(
            "getReauthorizeUrl", options
        )
        return response

    @overload
    async def get_revoke_account_permission_url(
        self, **options: Unpack[GetRevokeAccountPermissionUrlOptions]
    ) -> GetRevokeAccountPermissionUrlResponse: ...
    @overload
    async def get_revoke_account_permission_url(
        self, **options: Unpack[GetRevokeAccountPermissionUrlForAppUserOptions]
    ) -> GetRevokeAccountPermissionUrlResponse: ...
    @takes(GetRevokeAccountPermissionUrlOptions, GetRevokeAccountPermissionUrlForAppUserOptions)
    async def get_revoke_account_permission_url(self, **options: Any) -> GetRevokeAccountPermissionUrlResponse:
        """Says where to send a user so that they withdraw the permission that an account stands for (`MedMij` only).
        They come back to `redirect_uri` with `result`, `success` or `failed`.

        Args:
            contract_details: The contract that was consented to.
            user_access_token: The user's token.
            app_user_id (optional): Your own id of a user whose connection is kept, in place of `user_access_token`.
            account_id: The account, from `read_accounts`.
            redirect_uri: Where the user comes back to.
            on_access_token_change (optional): Learns the new token of a refresh, before it is used. An expired token is
                refreshed only if this is given.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: GetRevokeAccountPermissionUrlResponse = await self._call("getRevokeAccountPermissionUrl", options)
        return response

    @takes(GetServiceSampleDataSetsOptions)
    async def get_service_sample_data_sets(
        self, **options: Unpack[GetServiceSampleDataSetsOptions]
    ) -> GetServiceSampleDataSetsResponse:
        """The sets of sample data that a source has, by their ids, which `get_authorize_url` takes as
        `sample_data.data_set`.

        Args:
            contract_details: The contract.
            source_id: The source, from `query_sources`.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: GetServiceSampleDataSetsResponse = await self._call("getServiceSampleDataSets", options)
        return response

    @overload
    async def get_user_storage(self, **options: Unpack[GetUserStorageOptions]) -> GetUserStorageResponse: ...
    @overload
    async def get_user_storage(self, **options: Unpack[GetUserStorageForAppUserOptions]) -> GetUserStorageResponse: ...
    @takes(GetUserStorageOptions, GetUserStorageForAppUserOptions)
    async def get_user_storage(self, **options: Any) -> GetUserStorageResponse:
        """The storage of a user.

        Args:
            contract_details: The contract that was consented to.
            user_access_token: The user's token. An expired one is refreshed.
            app_user_id (optional): Your own id of a user whose connection is kept, in place of `user_access_token`.
            on_access_token_change (optional): Learns the new token of a refresh, before it is used.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: GetUserStorageResponse = await self._call("getUserStorage", options)
        return response

    @takes(ImportConnectionOptions)
    async def import_connection(self, **options: Unpack[ImportConnectionOptions]) -> Connection:
        """Brings in a user whose token your application has kept itself: from then on it is kept here, and what your
        application has is of no use any more as soon as a refresh has replaced it. A user who is connected already
        stays as they are, so that it can be called again; `disconnect` comes first where their token is to be
        another. The platform is not asked.

        Args:
            app_user_id: Your own id of the user: at most 1,000 bytes, without NUL.
            contract_id: The contract that they have consented to.
            user_access_token: Their token, as it is now, with its expiry.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: Connection = await self._call("importConnection", options)
        return response

    @takes(ImportConnectionsOptions)
    async def import_connections(self, **options: Unpack[ImportConnectionsOptions]) -> ImportResponse:
        """Brings in many users whose tokens your application has kept itself, however many there are: some hundreds are
        taken and written in one step, and no more are in memory. Those who are connected already stay as they are,
        so that it can be called again with the same; those who cannot be brought in are named in `refused`, and the
        others are. Where what is given fails on the way, or the store does, those stay who were brought in before.
        The platform is not asked.

        Args:
            contract_id: The contract that they have consented to.
            connections: The users: whatever can be iterated over, a list or the rows of a table. A list is looked
                through before anybody is brought in.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: ImportResponse = await self._call("importConnections", options)
        return response

    @takes(KeepConnectionsAliveOptions)
    async def keep_alive(self, **options: Unpack[KeepConnectionsAliveOptions]) -> KeepAliveResponse:
        """Refreshes the connections under a contract whose tokens were not refreshed for so long, before the refresh
        tokens end unused. Call it from a job of yours, more often than refresh tokens live. Several machines may do
        so at once: each connection is refreshed by one of them. Interrupted, it is called again and does what is
        left.

        Args:
            contract_details: The contract.
            idle_for: For how long tokens must not have been refreshed, in milliseconds: a part of how long refresh
                tokens live.
            concurrency (optional): How many are refreshed at once. Default 4.
            per_second (optional): How many in a second at most. Default 10.
            on_progress (optional): Learns how far it is, from time to time and at the end.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: KeepAliveResponse = await self._call("keepAlive", options)
        return response

    @takes(ListConnectionsOptions)
    def list_connections(self, **options: Unpack[ListConnectionsOptions]) -> Results[Connection]:
        """The connections under a contract, in the order of your users' ids, however many there are: they are read from
        the store a page at a time, and the list may be left early. One that cannot be read, since it is under a key
        that is not there, is told with what is not encrypted of it. The platform is not asked.

        Args:
            contract_id: The contract.
            status (optional): Only those that stand so.
            refreshed_before (optional): Only those whose tokens were last refreshed before this time, in milliseconds
                since 1970.
            after (optional): Only those of users whose id is greater, to go on where a list was left.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        return self._results("listConnections", options, "on_connection")

    @takes(ListStorageFilesOptions)
    async def list_storage_files(self, **options: Unpack[ListStorageFilesOptions]) -> ListStorageFilesResponse:
        """The files in a folder of a storage.

        Args:
            contract_details: The contract.
            storage_id: The storage.
            path (optional): The folder. Default: all of them, the application's own.
            recursive (optional): Whether folders inside it are listed too. Default `False`.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: ListStorageFilesResponse = await self._call("listStorageFiles", options)
        return response

    @overload
    async def push_data(self, **options: Unpack[PushDataToLibraryOptions]) -> None: ...
    @overload
    async def push_data(self, **options: Unpack[PushDataToProviderOptions]) -> None: ...
    @overload
    async def push_data(self, **options: Unpack[PushDataToLibraryForAppUserOptions]) -> None: ...
    @overload
    async def push_data(self, **options: Unpack[PushDataToProviderForAppUserOptions]) -> None: ...
    @takes(
        PushDataToLibraryOptions,
        PushDataToProviderOptions,
        PushDataToLibraryForAppUserOptions,
        PushDataToProviderForAppUserOptions,
    )
    async def push_data(self, **options: Any) -> None:
        """Pushes a file into the user's library (`type: "library"`, the default), or FHIR data to the care provider of
        one of their accounts (`type: "provider"`). It is sent once: after a failure without an answer, look whether
        it arrived before pushing again.

        Args:
            type (of PushDataToLibraryOptions, optional): `library`, or left out.
            type (of PushDataToProviderOptions): `provider`.
            contract_details: The contract that was consented to.
            user_access_token: The user's token. An expired one is refreshed.
            app_user_id (optional): Your own id of a user whose connection is kept, in place of `user_access_token`.
            data (of PushDataToLibraryOptions): The file.
            data (of PushDataToProviderOptions): The FHIR resource, most often a Bundle: as an object, as its JSON text,
                or as that in bytes. Text is sent as it is, every digit included.
            on_access_token_change (optional): Learns the new token of a refresh, before it is used.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
            version (of PushDataToProviderOptions): The FHIR release.
            standard (of PushDataToProviderOptions, optional): The standard of the data. Default `fhir`.
            account_id (of PushDataToProviderOptions): The `id` of the provider's account, from `read_accounts`.
            check (of PushDataToProviderOptions, optional): Whether data that the provider is certain to refuse fails
                the call, with a `ProviderDataError`, before anything is sent. Default `False`.
        """
        options = hidden(options)
        await self._call("pushData", options)

    @takes(QueryCategoriesOptions)
    async def query_categories(self, **options: Unpack[QueryCategoriesOptions]) -> QueryCategoriesResponse:
        """The categories that sources belong to.

        Args:
            contract_details: The contract.
            categories_body_params (optional): Which of them, and what of them. Default: all.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: QueryCategoriesResponse = await self._call("queryCategories", options)
        return response

    @takes(QueryCountriesOptions)
    async def query_countries(self, **options: Unpack[QueryCountriesOptions]) -> QueryCountriesResponse:
        """The countries that sources are in.

        Args:
            contract_details: The contract.
            countries_body_params (optional): Which of them, and what of them. Default: all.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: QueryCountriesResponse = await self._call("queryCountries", options)
        return response

    @takes(QueryPlatformsOptions)
    async def query_platforms(self, **options: Unpack[QueryPlatformsOptions]) -> QueryPlatformsResponse:
        """The platforms that sources run on.

        Args:
            contract_details: The contract.
            platforms_body_params (optional): Which of them, and what of them. Default: all.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: QueryPlatformsResponse = await self._call("queryPlatforms", options)
        return response

    @takes(QuerySourcesOptions)
    async def query_sources(self, **options: Unpack[QuerySourcesOptions]) -> QuerySourcesResponse:
        """The sources that the platform knows. Without a filter of their own, those to read from that are approved.

        Args:
            contract_details: The contract.
            sources_body_params (optional): Which sources, and what of them.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: QuerySourcesResponse = await self._call("querySources", options)
        return response

    @overload
    async def read_accounts(self, **options: Unpack[ReadAccountsOptions]) -> ReadAccountsResponse: ...
    @overload
    async def read_accounts(
        self, **options: Unpack[ReadAccountsForAppUserOptions]
    ) -> ReadAccountsForAppUserResponse: ...
    @takes(ReadAccountsOptions, ReadAccountsForAppUserOptions)
    async def read_accounts(self, **options: Any) -> Union[ReadAccountsResponse, ReadAccountsForAppUserResponse]:
        """The accounts that the user has connected. To push to a provider, find the one whose `reference` is the
        `accountReference=…` that the person came back with.

        Args:
            contract_details: The contract that was consented to.
            user_access_token: The user's token. An expired one is refreshed.
            app_user_id (optional): Your own id of a user whose connection is kept, in place of `user_access_token`.
            on_access_token_change (optional): Learns the new token of a refresh, before it is used.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: Union[ReadAccountsResponse, ReadAccountsForAppUserResponse] = await self._call(
            "readAccounts", options
        )
        return response

    @overload
    def read_all_files(self, **options: Unpack[ReadAllFilesOptions]) -> AllFilesReading: ...
    @overload
    def read_all_files(self, **options: Unpack[ReadAllFilesForAppUserOptions]) -> AllFilesForAppUserReading: ...
    @takes(ReadAllFilesOptions, ReadAllFilesForAppUserOptions)
    def read_all_files(self, **options: Any) -> Union[AllFilesReading, AllFilesForAppUserReading]:
        """Reads every file of a session as it becomes ready, several at once, until the session is `completed` or
        `partial`. Callbacks may be asynchronous and are awaited one after another; what one throws stops nothing,
        and is thrown when all is read.

        Args:
            session_key: The `key` of the session.
            contract_id: The id of the contract that was consented to.
            private_key: The contract's private key, as in `contract_details`.
            user_access_token: The user's token. An expired one is refreshed.
            app_user_id (optional): Your own id of a user whose connection is kept, in place of `user_access_token`.
            on_file_data (optional): Gets each file.
            on_file_error (optional): Gets each file that cannot be read.
            on_status_change (optional): Gets the state of the session when it changes, which is taken for `pending`
                before it is known.
            on_access_token_change (optional): Learns the new token of a refresh, before it is used.
            on_progress (optional): Learns how far the reading is.
            concurrency (optional): How many files are read at once at most. They are 5 at first, then more as long as
                that is faster, and fewer where the platform asks for less or the files are so large that they would be
                more than 64 MiB together. At least 1. Default 32.
            polling_interval (optional): How long to wait before asking for the list of files again, in milliseconds, at
                least 1; longer where the platform says so (`Retry-After`), and where it has too much to do (429, 503).
                Default: 500 at first, then ever longer up to 3,000, and less again after a change.
            polling_limits (optional): How long to wait for the session at most.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        return reading(self, options)

    @overload
    async def read_file(self, **options: Unpack[ReadFileOptions]) -> ReadFileResponse: ...
    @overload
    async def read_file(self, **options: Unpack[ReadFileForAppUserOptions]) -> ReadFileForAppUserResponse: ...
    @takes(ReadFileOptions, ReadFileForAppUserOptions)
    async def read_file(self, **options: Any) -> Union[ReadFileResponse, ReadFileForAppUserResponse]:
        """A file of a session, decrypted and decompressed. One whose content is larger than `file_limits` allows is a
        `FileLimitError`; `read_file_stream` reads large files without holding them in memory.

        Args:
            session_key: The `key` of the session.
            file_name: The file's name, from `read_file_list`.
            contract_id: The id of the contract that was consented to.
            private_key: The contract's private key, as in `contract_details`.
            user_access_token: The user's token. An expired one is refreshed.
            app_user_id (optional): Your own id of a user whose connection is kept, in place of `user_access_token`.
            on_access_token_change (optional): Learns the new token of a refresh, before it is used.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: Union[ReadFileResponse, ReadFileForAppUserResponse] = await self._call("readFile", options)
        return response

    @overload
    async def read_file_list(self, **options: Unpack[ReadFileListOptions]) -> ReadFileListResponse: ...
    @overload
    async def read_file_list(
        self, **options: Unpack[ReadFileListForAppUserOptions]
    ) -> ReadFileListForAppUserResponse: ...
    @takes(ReadFileListOptions, ReadFileListForAppUserOptions)
    async def read_file_list(self, **options: Any) -> Union[ReadFileListResponse, ReadFileListForAppUserResponse]:
        """How far a session is, and which files it has so far. Ask again until its state is `completed` or `partial`.

        Args:
            session_key: The `key` of the session.
            contract_id: The id of the contract that was consented to.
            private_key: The contract's private key, as in `contract_details`.
            user_access_token: The user's token. An expired one is refreshed.
            app_user_id (optional): Your own id of a user whose connection is kept, in place of `user_access_token`.
            on_access_token_change (optional): Learns the new token of a refresh, before it is used.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: Union[ReadFileListResponse, ReadFileListForAppUserResponse] = await self._call(
            "readFileList", options
        )
        return response

    @overload
    async def read_file_metadata(self, **options: Unpack[ReadFileMetadataOptions]) -> ReadFileMetadataResponse: ...
    @overload
    async def read_file_metadata(
        self, **options: Unpack[ReadFileMetadataForAppUserOptions]
    ) -> ReadFileMetadataForAppUserResponse: ...
    @takes(ReadFileMetadataOptions, ReadFileMetadataForAppUserOptions)
    async def read_file_metadata(
        self, **options: Any
    ) -> Union[ReadFileMetadataResponse, ReadFileMetadataForAppUserResponse]:
        """What is known of a file of a session, without its content.

        Args:
            session_key: The `key` of the session.
            file_name: The file's name, from `read_file_list`.
            contract_details: The contract that was consented to.
            user_access_token: The user's token. An expired one is refreshed.
            app_user_id (optional): Your own id of a user whose connection is kept, in place of `user_access_token`.
            on_access_token_change (optional): Learns the new token of a refresh, before it is used.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: Union[ReadFileMetadataResponse, ReadFileMetadataForAppUserResponse] = await self._call(
            "readFileMetadata", options
        )
        return response

    @overload
    async def read_file_stream(self, **options: Unpack[ReadFileOptions]) -> ReadFileStreamResponse: ...
    @overload
    async def read_file_stream(
        self, **options: Unpack[ReadFileForAppUserOptions]
    ) -> ReadFileStreamForAppUserResponse: ...
    @takes(ReadFileOptions, ReadFileForAppUserOptions)
    async def read_file_stream(self, **options: Any) -> Union[ReadFileStreamResponse, ReadFileStreamForAppUserResponse]:
        """A file of a session as a stream, decrypted and decompressed while it is read, in memory that does not grow
        with its size. An error in its midst reaches whoever reads the stream; what was read before is then not to be
        trusted.

        Args:
            session_key: The `key` of the session.
            file_name: The file's name, from `read_file_list`.
            contract_id: The id of the contract that was consented to.
            private_key: The contract's private key, as in `contract_details`.
            user_access_token: The user's token. An expired one is refreshed.
            app_user_id (optional): Your own id of a user whose connection is kept, in place of `user_access_token`.
            on_access_token_change (optional): Learns the new token of a refresh, before it is used.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: Union[ReadFileStreamResponse, ReadFileStreamForAppUserResponse] = await self._call(
            "readFileStream", options
        )
        return response

    @overload
    async def read_session(self, **options: Unpack[ReadSessionOptions]) -> ReadSessionResponse: ...
    @overload
    async def read_session(self, **options: Unpack[ReadSessionForAppUserOptions]) -> ReadSessionForAppUserResponse: ...
    @takes(ReadSessionOptions, ReadSessionForAppUserOptions)
    async def read_session(self, **options: Any) -> Union[ReadSessionResponse, ReadSessionForAppUserResponse]:
        """Starts a session in which the user's sources are asked for data. A user who has just consented has one
        already, from `get_authorize_url`: another would ask the sources twice.

        Args:
            contract_details: The contract that was consented to.
            user_access_token: The user's token. An expired one is refreshed.
            app_user_id (optional): Your own id of a user whose connection is kept, in place of `user_access_token`.
            session_options (optional): What is to be fetched.
            consumer (optional): What the application understands, in place of `agent.consumer` of the configuration.
            on_access_token_change (optional): Learns the new token of a refresh, before it is used.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: Union[ReadSessionResponse, ReadSessionForAppUserResponse] = await self._call("readSession", options)
        return response

    @takes(RefreshTokenOptions)
    async def refresh_token(self, **options: Unpack[RefreshTokenOptions]) -> UserAccessToken:
        """Exchanges the refresh token of a user access token for a new user access token. The old one is spent: store
        the new one at once. Calls that need it refresh by themselves; this is for refreshing ahead of time.

        Args:
            contract_details: The contract that was consented to.
            user_access_token: The token to replace.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: UserAccessToken = await self._call("refreshToken", options)
        return response

    @takes(RotateConnectionKeysOptions)
    async def rotate_keys(self, **options: Unpack[RotateConnectionKeysOptions]) -> RotateConnectionKeysResponse:
        """Encrypts the tokens of every connection under a contract under `encryption_key` that are still under one of
        `previous_encryption_keys`, once every process seals with it. Calls go on meanwhile, in this process and
        others. A record that cannot be read, since it is damaged or under a key that is not there, is named in
        `failed` and left as it is. Interrupted, it is called again and does what is left. Previous keys may go from
        the configuration a day after it has ended for every contract with nothing in `failed`: attempts to connect,
        which last that long, are not touched.

        Args:
            contract_id: The contract.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: RotateConnectionKeysResponse = await self._call("rotateKeys", options)
        return response

    @takes(UploadFileToStorageOptions)
    async def upload_file_to_storage(
        self, **options: Unpack[UploadFileToStorageOptions]
    ) -> UploadFileToStorageResponse:
        """Writes a file into a storage. It is encrypted for the contract's key while it is sent, in memory that does
        not grow with its size, and sent once.

        Args:
            contract_details: The contract.
            storage_id: The storage.
            file_name: The file's name. The platform takes none with blanks.
            file_data: Its content: bytes, or a stream of them.
            path (optional): The folder. Default: the application's own.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: UploadFileToStorageResponse = await self._call("uploadFileToStorage", options)
        return response


@overload
def init(**options: Unpack[SdkConfiguration]) -> DigiMeSDK: ...
@overload
def init(config: SdkConfiguration, /) -> DigiMeSDK: ...
@configured_by(SdkConfiguration)
def init(config: object = None, /, **options: object) -> DigiMeSDK:
    """Makes the SDK of digi.me for asyncio. A configuration that is wrong is a `TypeValidationError`. All of it may be
    given in one mapping instead of keywords.

    Args:
        application_id: The application's id, as digi.me gave it.
        base_url (optional): Where the API is. Default: the environment variable `DIGIME_BASE_URL`, else
            `https://api.digi.me/v1.7/`.
        cloud_base_url (optional): Where the cloud storage is. Default: `DIGIME_CLOUD_BASE_URL`, else
            `https://cloud.digi.me/v1/`.
        onboard_url (optional): Where the pages are that a person is sent to. Default: `DIGIME_ONBOARD_URL`, else
            `https://api.digi.me/apps/saas/`.
        trusted_origins (optional): Origins that are believed beside those of the addresses above, `https://host:port`:
            the platform's tokens name the address of their keys (`jku`), and where `base_url` is a gateway of your own,
            that is not at it.
        key_set_url (optional): The address of the key set that verifies the platform's tokens, which then is asked for
            beside the first call that brings one, and not once that has named it (`jku`); it is believed, wherever it
            is. Default: `jwks/oauth` below the platform's own `base_url`, and at any other none.
        retry_options (optional): When requests that failed are repeated.
        timeouts (optional): How long to wait.
        file_limits (optional): How large the content of a file may be.
        store (optional): Where the connections of your users are kept, for calls by `app_user_id`: `"memory"`, the path
            of a SQLite file, an address of PostgreSQL (`postgres://…`), or an object of your own. Default: nowhere.
        store_schema (optional): The schema of PostgreSQL's in which the tables are. Default `digime_sdk`.
        encryption_key (optional): The key that encrypts the tokens in the store: 32 random bytes in base64 or
            hexadecimal digits, as `openssl rand -base64 32` makes them; or a pair of functions by which a key
            management service wraps keys and unwraps them. Every store but memory needs it.
        previous_encryption_keys (optional): Keys that open and do not seal: those that were `encryption_key` before,
            until `rotate_keys` makes them unnecessary, and one that is to be it, which every process has to know before
            the first seals with it.
        on_connection_change (optional): Learns what becomes of connections, once the store has it.
        connect_timeout (optional): How long a person may take from the address that `get_connect_url` gives until they
            are back, in milliseconds. Default 3,600,000 (one hour).
        refresh_margin (optional): How long before its end the access token of a connection is replaced, in
            milliseconds; a quarter of its life at most. Default 60,000.
        cache_tokens_for (optional): How long the tokens of a connection that were read from the store serve without
            being read again, in milliseconds. Default 0: each call reads the store, so that a connection that is
            removed, or over, is gone at once everywhere. What other clients and processes change, also that, is seen so
            much later at most; what this client changes, at once. Only calls that need an access token use it, and
            those of 10,000 users at most are kept, in memory, unencrypted.
        refresh_lease (optional): How long one process may take for the refresh of a connection, or for exchanging a
            code, in milliseconds, before another takes over. Default 30,000, at least 3,000. What takes longer to be
            sent than a third of it is not sent.
        ca (optional): Certificates of the authorities that may vouch for a server, in PEM, in place of all others:
            those of the system, and those to which `SSL_CERT_FILE` and `SSL_CERT_DIR`, in Node `NODE_EXTRA_CA_CERTS`
            and in Python `REQUESTS_CA_BUNDLE` and `CURL_CA_BUNDLE` lead.
        client_certificate (optional): The certificate by which the application shows servers who it is, where a gateway
            asks for one (mutual TLS).
        proxy (optional): The proxy through which all requests go, `http://user:password@host:port`, or `False` for
            none. Default: as `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say, and never for addresses of
            this machine.
        on_event (optional): Is told what the SDK does: requests, refreshes, leases, files. It is not waited for, and
            what it fails with is nobody's matter.
        trace_context (optional): Says which trace each attempt at a request is part of: its `traceparent` and
            `tracestate` go along (W3C Trace Context). It is asked where the call was made, and may take a second; where
            it takes longer, fails or gives nothing, the request goes without.
        agent (optional): What the platform is told of the SDK. It may refuse names and versions that it does not know,
            so the default is what the JavaScript SDK says.
        parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that calls
            give: `decimal.Decimal` keeps them all. Default `float`.
        transport (optional): Sends all requests in place of the SDK's own transport: a `Transport`, such as those of
            `digime_sdk.httpx`. It makes the connections, so `ca`, `client_certificate` and `proxy` are refused beside
            it, and `timeouts.connect` has no meaning; signing, repeating, refreshing, decrypting and all other time-
            outs stay with the SDK.
    """
    config, options = hidden(config), hidden(options)
    return DigiMeSDK(configuration("digime", config, options))


class PkbSDK(AsyncClient):
    """The SDK of Patients Know Best for asyncio, which `init_pkb` makes."""

    _platform: ClassVar[str] = "pkb"
    _objects: ClassVar[Mapping[str, Collection[str]]] = {
        "store": (
            "get_link",
            "find_links",
            "list_links",
            "put_link",
            "remove_link",
            "get_attempt",
            "put_attempt",
            "remove_attempts",
            "filter_links",
        )
    }
    _many: ClassVar[Mapping[str, str]] = {"importLinks": "links"}

    @takes(AddMeasurementOptions)
    async def add_measurement(self, **options: Unpack[AddMeasurementOptions]) -> ApiResponse:
        """Adds a measurement to the patient's record, as the patient. It is sent once, so that nothing is added twice.
        PKB documents neither the form of a measurement, which is sent as you give it, nor what it answers.

        Args:
            app_user_id: Your own id of the user.
            measurement: The measurement as PKB has it, or its JSON text, or that as bytes: text is sent as it is, every
                digit included.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: ApiResponse = await self._call("addMeasurement", options)
        return response

    @takes(CheckOptions)
    async def check(self, **options: Unpack[CheckOptions]) -> CheckResponse:
        """Looks whether the store can be reached, has the form that this version knows, and is under keys that are
        there: for the start of an application and for probes of readiness. PKB is not asked.

        Args:
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: CheckResponse = await self._call("check", options)
        return response

    @takes(CloseOptions)
    async def close(self, **options: Unpack[CloseOptions]) -> CloseResponse:
        """Ends the client, before the process ends: waits until the calls under way are done, and what goes on without
        them, such as storing the tokens of a refresh and telling your functions of them; at most for `timeout`. What
        is being iterated over is not waited for: it gives nothing more. Then it lets go of its connections and its
        store. Every other call is refused with a `ClientClosedError` from the moment this one is made, as is whoever
        asks for the next of what they iterate over; it may be made again, and waits again.

        Args:
            timeout (optional): How long to wait for what is under way, in milliseconds. Default 30,000.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: CloseResponse = await self._call("close", options)
        return response

    @takes(CompleteLinkOptions)
    async def complete_link(self, **options: Unpack[CompleteLinkOptions]) -> Link:
        """Completes a link with what the patient came back with: exchanges the code, stores the tokens at once, asks
        PKB whose they are, and stores the pair of your user's id and the PKB public id.

        Called again with the same callback it gives the same link; the code is exchanged once. If it was interrupted
        after the exchange, or refused because of a conflict, calling it again goes on from the tokens that are
        stored.

        Args:
            callback_url (optional): The address that the patient came back to, whole or from its path on.
            code (optional): Its parameter `code`.
            state (optional): Its parameter `state`.
            app_user_id (optional): Your own id of the user who is logged in where the callback arrived. It must be the
                one who asked for the link: else somebody who is sent the address that another user of yours asked for
                links their record to that user's account.
            any_user (optional): `True` where whoever handles the callback cannot know who is logged in: the link is
                then made for whoever asked for it, and you must rule out by other means that they were sent somebody
                else's address. In place of `app_user_id`.
            on_conflict (optional): What to do if the user, or the PKB record, is linked already, to another. Default:
                `refuse`, with a `LinkConflictError`.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: Link = await self._call("completeLink", options)
        return response

    @takes(CountLinksOptions)
    async def count_links(self, **options: Unpack[CountLinksOptions]) -> LinkCounts:
        """How many links there are, by status. PKB is not asked.

        Args:
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: LinkCounts = await self._call("countLinks", options)
        return response

    @takes(ExportLinkOptions)
    async def export_link(self, **options: Unpack[ExportLinkOptions]) -> ExportedLink:
        """The tokens of a patient as they are stored, for an application that is to keep them itself again. From before
        this call until `unlink` has removed the link, nothing may act for the patient: a refresh between the two
        would spend what is given here. PKB is not asked.

        Args:
            app_user_id: Your own id of the user.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: ExportedLink = await self._call("exportLink", options)
        return response

    @takes(FhirBatchOptions)
    async def fhir_batch(self, **options: Unpack[FhirBatchOptions]) -> list[FhirOutcome]:
        """Sends a `batch` to the Customer API, by your Customer System Client: each entry is done or refused by itself,
        so look at the `status_code` of each outcome. They come in the order of the entries. It is sent once, so that
        nothing is written twice.

        Args:
            bundle: A FHIR `Bundle` of type `batch`, or its JSON text, or that as bytes: text is sent as it is, every
                digit included.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: list[FhirOutcome] = await self._call("fhirBatch", options)
        return response

    @takes(FhirCreateOptions)
    async def fhir_create(self, **options: Unpack[FhirCreateOptions]) -> FhirOutcome:
        """Sends a resource to the Customer API, by your Customer System Client, for the server to give it an id. It is
        sent once, so that nothing is made twice; with `if_none_exist` it can be sent again. PKB checks its syntax
        alone: whether it can be shown in Aggregated PKB tells otherwise.

        Args:
            resource: The resource, or its JSON text, or that as bytes: text is sent as it is, every digit included.
            if_none_exist (optional): A search: the resource is made only where there is none that it finds (FHIR's
                conditional create), such as `identifier`.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: FhirOutcome = await self._call("fhirCreate", options)
        return response

    @takes(FhirReadOptions)
    async def fhir_read(self, **options: Unpack[FhirReadOptions]) -> dict[str, Any]:
        """Reads one resource of one of PKB's FHIR APIs, as PKB gives it: of the Facade (STU3) as a patient or on behalf
        of an organisation, of Aggregated (R4) and of Customer by your Customer System Client.

        Args:
            app_user_id (optional): Your own id of the user on whose behalf it is read.
            org_public_id (optional): The public id of the organisation on whose behalf it is read, by your System
                Client.
            surface (optional): The API in which it is read. Default `facade`; `aggregated` and `customer` are called by
                your Customer System Client, on nobody else's behalf.
            resource_type: What it is: `Patient`.
            id: Its id: for the patient's own `Patient` in the Facade, the public id.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: dict[str, Any] = await self._call("fhirRead", options)
        return response

    @takes(FhirSearchOptions)
    def fhir_search(self, **options: Unpack[FhirSearchOptions]) -> Results[dict[str, Any]]:
        """Searches one of PKB's FHIR APIs. The pages are FHIR `Bundle`s; each is asked for when the one before has been
        dealt with, so that a search may be left early. Most searches of the Facade (STU3) need `patient`, the public
        id; those of Aggregated (R4) name the patient by a parameter of their own, which is filled in where
        `app_user_id` is given. What PKB demands of a search and is not there is refused before anything is sent.

        Args:
            app_user_id (optional): Your own id of the user on whose behalf it is made.
            org_public_id (optional): The public id of the organisation on whose behalf it is made, by your System
                Client.
            surface (optional): The API that is searched. Default `facade`; `aggregated` and `customer` are called by
                your Customer System Client. In `aggregated` `app_user_id` says whose data is searched for, and the
                caller is still that client.
            patient_parameter (optional): In `aggregated`, beside `app_user_id`: the parameter that names the patient,
                for types of which PKB's documents do not tell it, such as `subject:Patient.identifier`.
            resource_type: What is searched for: `Observation`.
            parameters (optional): The search's parameters: `patient`, `category`, `date`.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        return self._results("fhirSearch", options, "on_page")

    @takes(FhirSearchResourcesOptions)
    def fhir_search_resources(self, **options: Unpack[FhirSearchResourcesOptions]) -> Results[FoundResource]:
        """Searches one of PKB's FHIR APIs as `fhir_search` does, and gives the resources of all pages one after the
        other, those apart that were included. A page is asked for when the resources of the one before have been
        dealt with, so that a search may be left early.

        Args:
            app_user_id (optional): Your own id of the user on whose behalf it is made.
            org_public_id (optional): The public id of the organisation on whose behalf it is made, by your System
                Client.
            surface (optional): The API that is searched. Default `facade`; `aggregated` and `customer` are called by
                your Customer System Client. In `aggregated` `app_user_id` says whose data is searched for, and the
                caller is still that client.
            patient_parameter (optional): In `aggregated`, beside `app_user_id`: the parameter that names the patient,
                for types of which PKB's documents do not tell it, such as `subject:Patient.identifier`.
            resource_type: What is searched for: `Observation`.
            parameters (optional): The search's parameters: `patient`, `category`, `date`.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        return self._results("fhirSearchResources", options, "on_resource")

    @takes(FhirTransactionOptions)
    async def fhir_transaction(self, **options: Unpack[FhirTransactionOptions]) -> list[FhirOutcome]:
        """Sends a `transaction` to the Customer API, by your Customer System Client: all of its entries are done, or
        none, which is an error. The outcomes come in the order of the entries. It is sent once, so that nothing is
        written twice.

        Args:
            bundle: A FHIR `Bundle` of type `transaction`, or its JSON text, or that as bytes: text is sent as it is,
                every digit included.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: list[FhirOutcome] = await self._call("fhirTransaction", options)
        return response

    @takes(FhirUpdateOptions)
    async def fhir_update(self, **options: Unpack[FhirUpdateOptions]) -> FhirOutcome:
        """Sends a resource to the Customer API, by your Customer System Client, under the `id` that it has: in place of
        the one that is there, or as a new one. PKB's documents show ids of an application's own, and do not say
        whether they are kept.

        Args:
            resource: The resource with its `id`, or its JSON text, or that as bytes: text is sent as it is, every digit
                included.
            if_version (optional): The version that it is to replace, so that nobody else's change is lost: the
                `version_id` of what was read, or its `etag`.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: FhirOutcome = await self._call("fhirUpdate", options)
        return response

    @takes(FindLinksOptions)
    async def find_links(self, **options: Unpack[FindLinksOptions]) -> list[Link]:
        """The links to a PKB record: one or none. PKB is not asked.

        Args:
            public_id: The patient's PKB public id.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: list[Link] = await self._call("findLinks", options)
        return response

    @takes(GetAccessTokenOptions)
    async def get_access_token(self, **options: Unpack[GetAccessTokenOptions]) -> IssuedToken:
        """An access token of the patient's that serves now, for use with a FHIR client of your own. Ask for it anew
        before each call.

        Args:
            app_user_id: Your own id of the user.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: IssuedToken = await self._call("getAccessToken", options)
        return response

    @takes(GetConsentsOptions)
    async def get_consents(self, **options: Unpack[GetConsentsOptions]) -> list[PkbConsent]:
        """Who may see what of a patient's record, as the patient: teams of organisations, professionals and carers.
        After a patient has joined your organisation it shows whether your team has the privacy labels that it needs.
        PKB leaves out what is about organisations that the patient does not see.

        Args:
            app_user_id: Your own id of the user.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: list[PkbConsent] = await self._call("getConsents", options)
        return response

    @takes(GetCurrentUserOptions)
    async def get_current_user(self, **options: Unpack[GetCurrentUserOptions]) -> CurrentUser:
        """The patient's demographics and national identifiers, as PKB has them. What PKB leaves empty is left out.

        Args:
            app_user_id: Your own id of the user.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: CurrentUser = await self._call("getCurrentUser", options)
        return response

    @takes(GetLastChangeOptions)
    async def get_last_change(self, **options: Unpack[GetLastChangeOptions]) -> list[LastChange]:
        """When the data of a patient's record last changed: what to ask before extracting any. It covers the data of
        every organisation and what was entered by hand; not demographics, consents and labels, measurements of
        connected devices, and what PKB has not processed yet. The time may go backwards, when something is deleted:
        what matters is whether it is **another** than the last. There is one answer for each identifier, in their
        order; for an app user there is one.

        Args:
            app_user_id (optional): Your own id of the user whose record it is about.
            org_public_id (optional): The public id of the organisation that asks, by your System Client.
            identifiers (optional): The patients that the organisation asks about, by national numbers or public ids, as
                many as you like: PKB is asked for 100 at a time.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: list[LastChange] = await self._call("getLastChange", options)
        return response

    @takes(GetLinkOptions)
    async def get_link(self, **options: Unpack[GetLinkOptions]) -> Optional[Link]:
        """The link of a user, or nothing. PKB is not asked.

        Args:
            app_user_id: Your own id of the user.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: Optional[Link] = await self._call("getLink", options)
        return response

    @takes(GetLinkUrlOptions)
    async def get_link_url(self, **options: Unpack[GetLinkUrlOptions]) -> GetLinkUrlResponse:
        """Says where to send a patient who is logged in to your application so that they link their PKB record to it,
        and remembers the attempt: it serves once, for this user, until it expires. PKB shows them who asks; they
        come back to the redirect URI, with which `complete_link` goes on, on whichever machine that shares the
        store.

        Args:
            app_user_id: Your own id of the user who is logged in: at most 1,000 bytes, without NUL.
            redirect_uri (optional): Where PKB sends them back to, if that is not just the `redirect_uri` of the
                configuration: PKB allows parameters to be added to its query.
            context (optional): Anything that `complete_link` is to give back, such as the page to go on with: up to 16
                KiB of JSON. It is stored encrypted.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: GetLinkUrlResponse = await self._call("getLinkUrl", options)
        return response

    @takes(GetMeasurementTypesOptions)
    async def get_measurement_types(self, **options: Unpack[GetMeasurementTypesOptions]) -> Any:
        """What can be measured: of each type its name, its `apiRef`, its category and units. PKB does not document the
        form of the answer, which is handed on as it came.

        Args:
            app_user_id (optional): Your own id of a user on whose behalf it is asked. PKB calls the list public, so by
                default nobody's token is sent along.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: Any = await self._call("getMeasurementTypes", options)
        return response

    @takes(GetMeasurementsOptions)
    async def get_measurements(self, **options: Unpack[GetMeasurementsOptions]) -> Any:
        """The patient's measurements, those that they typed in and those of connected devices among them, as PKB's REST
        API tells them: each with its values, when it was taken and when it was entered. PKB has no filter by time.
        It documents neither the form of the answer, which is handed on as it came, nor how types are listed in the
        query.

        Args:
            app_user_id: Your own id of the user.
            query (optional): Parameters for the query: PKB wants all types listed by their `apiRef`, which
                `get_measurement_types` tells, and does not document under which name.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: Any = await self._call("getMeasurements", options)
        return response

    @takes(GetPublicIdOptions)
    async def get_public_id(self, **options: Unpack[GetPublicIdOptions]) -> str:
        """The PKB public id of a user who has linked, which is the `id` of their FHIR `Patient`. PKB was asked for it
        when they linked.

        Args:
            app_user_id: Your own id of the user.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: str = await self._call("getPublicId", options)
        return response

    @takes(GetRecordStatusOptions)
    async def get_record_status(self, **options: Unpack[GetRecordStatusOptions]) -> list[RecordStatus]:
        """Whether patients have a PKB record that they can log in to, by their national numbers: what to know before
        they are asked to link. An organisation asks, by your System Client. There is one answer for each identifier,
        in their order.

        Args:
            org_public_id: The public id of the organisation that asks.
            identifiers: The patients' NHS, CHI or Health & Care numbers, as many as you like: PKB is asked for 5,000 at
                a time.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: list[RecordStatus] = await self._call("getRecordStatus", options)
        return response

    @takes(GetSignInUrlOptions)
    async def get_sign_in_url(self, **options: Unpack[GetSignInUrlOptions]) -> GetSignInUrlResponse:
        """Says where to send a patient's browser so that it opens a page of PKB's without their logging in there: with
        a one-time password, for which PKB is asked as the patient. Ask for each click anew, and **keep the address
        out of logs**: it logs in. PKB configures for which clients, and which users, this is open.

        Args:
            app_user_id: Your own id of the user.
            path: The page, from PKB's host on: `/auth/patientSummary.action?tab=patientSummary`.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: GetSignInUrlResponse = await self._call("getSignInUrl", options)
        return response

    @takes(GetSystemTokenOptions)
    async def get_system_token(self, **options: Unpack[GetSystemTokenOptions]) -> IssuedToken:
        """An access token of your System Client's that serves now, or of your Customer System Client's. It is fetched
        once and kept until shortly before its end. Calls of the Facade and of Messaging with it name an organisation
        in `X-Org-Public-Id`, as `fhir_read`, `fhir_search` and `request` do when given `org_public_id`.

        Args:
            surface (optional): The API that it is to serve at: `facade`, the default, `messaging`, `aggregated` or
                `customer`.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: IssuedToken = await self._call("getSystemToken", options)
        return response

    @takes(ImportLinkOptions)
    async def import_link(self, **options: Unpack[ImportLinkOptions]) -> Link:
        """Brings in a patient whose tokens your application has kept itself: from then on they are kept here, and what
        your application has is of no use any more as soon as a refresh has replaced it. A user who is linked already
        stays as they are, so that it can be called again; `unlink` comes first where their tokens are to be others.
        PKB is not asked.

        Args:
            app_user_id: Your own id of the user: at most 1,000 bytes, without NUL.
            public_id: The patient's PKB public id, as `$purview` has given it.
            tokens: Their tokens, as they are now.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: Link = await self._call("importLink", options)
        return response

    @takes(ImportLinksOptions)
    async def import_links(self, **options: Unpack[ImportLinksOptions]) -> ImportResponse:
        """Brings in many patients whose tokens your application has kept itself, however many there are: some hundreds
        are taken and written in one step, and no more are in memory. Those who are linked already stay as they are,
        so that it can be called again with the same; those who cannot be brought in, since another user has their
        public id for one, are named in `refused`, and the others are. Where what is given fails on the way, or the
        store does, those stay who were brought in before. PKB is not asked.

        Args:
            links: The patients: whatever can be iterated over, a list or the rows of a table. A list is looked through
                before anybody is brought in.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: ImportResponse = await self._call("importLinks", options)
        return response

    @takes(InviteToRecordOptions)
    async def invite_to_record(self, **options: Unpack[InviteToRecordOptions]) -> InviteToRecordResponse:
        """Has PKB make invitations for patients, by which they register and then log in to their record. An
        organisation invites, by your System Client. PKB leaves patients out without a word who have registered, have
        died, are not found, have no date of birth or are under 16: they are in `left_out`, and `get_record_status`
        tells most of the reasons.

        Args:
            org_public_id: The public id of the organisation that invites.
            identifiers: The patients' NHS, CHI or Health & Care numbers, as many as you like: PKB is asked for 500 at a
                time.
            team_code (optional): The code of a team, which PKB gives: the join page then has its logo.
            email (optional): The patient's email address, which the join page then has filled in. For one patient
                alone.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: InviteToRecordResponse = await self._call("inviteToRecord", options)
        return response

    @takes(JoinOrganisationOptions)
    async def join_organisation(self, **options: Unpack[JoinOrganisationOptions]) -> ApiResponse:
        """Puts a patient into your organisation at PKB, or into teams of it, by your System Client: what has to be done
        before the organisation can extract the patient's data. PKB makes a record for a patient that it does not
        know, and **overwrites the demographics** of one that it knows; so what is sent for an app user is what PKB
        itself says of them: `get_current_user`, with the middle names of their FHIR `Patient`. Any success is one:
        PKB does not document what it answers.

        Args:
            org_public_id: The public id of the organisation.
            app_user_id (optional): Your own id of the user, who has linked: PKB is asked for what it knows of them.
            patient (optional): In place of `app_user_id`, the patient as a FHIR `Patient` (STU3), or its JSON text, or
                that as bytes. Name, date of birth and gender are required; identifiers are the national ones.
            teams (optional): The aliases of the teams that the patient is put into. Default: the organisation's default
                team.
            default_team (optional): The alias of the organisation's default team, which PKB wants among `teams`, and
                which is added to them.
            invite (optional): Whether PKB may invite the patient to register, by email. Default `False`: their email
                address is left out of what is sent.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: ApiResponse = await self._call("joinOrganisation", options)
        return response

    @takes(KeepAliveOptions)
    async def keep_alive(self, **options: Unpack[KeepAliveOptions]) -> KeepAliveResponse:
        """Refreshes the links whose tokens were not refreshed for so long, before their sessions end unused. Call it
        from a job of yours, more often than sessions live. Several machines may do so at once: each link is
        refreshed by one of them. Interrupted, it is called again and does what is left.

        Args:
            idle_for: For how long tokens must not have been refreshed, in milliseconds: a part of how long sessions
                live.
            concurrency (optional): How many are refreshed at once. Default 4.
            per_second (optional): How many in a second at most. Default 10.
            on_progress (optional): Learns how far it is, from time to time and at the end.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: KeepAliveResponse = await self._call("keepAlive", options)
        return response

    @takes(ListLinksOptions)
    def list_links(self, **options: Unpack[ListLinksOptions]) -> Results[Link]:
        """The links, in the order of your users' ids, however many there are: they are read from the store a page at a
        time, and the list may be left early. PKB is not asked.

        Args:
            status (optional): Only those that stand so.
            refreshed_before (optional): Only those whose tokens were last refreshed before this time, in milliseconds
                since 1970.
            after (optional): Only those of users whose id is greater, to go on where a list was left.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        return self._results("listLinks", options, "on_link")

    @takes(RequestOptions)
    async def request(self, **options: Unpack[RequestOptions]) -> ApiResponse:
        """Makes a call of one of PKB's APIs that has no method of its own here. A GET that failed is repeated as
        `retry_options` says; nothing else is, so that nothing is written twice.

        Args:
            app_user_id (optional): Your own id of the user on whose behalf it is made.
            org_public_id (optional): The public id of the organisation on whose behalf it is made, by your System
                Client.
            surface (optional): The API that it is a call of. Aggregated and Customer are called by your Customer System
                Client, on nobody else's behalf. Default: the API whose address it is, of those at PKB's host.
            path: Where it goes to: with `surface`, a path of that API (`Patient/1/_history`); without, a path at PKB's
                host (`/json/users/self`, `/fhir/metadata`); or an address at the hosts of the configuration. No segment
                of it may be `.` or `..`, however encoded. Ids that are put into it are to be percent-encoded.
            method (optional): Default GET.
            query (optional): Parameters for its query.
            headers (optional): Headers beyond those that every request has; names are not case-sensitive.
            body (optional): What is sent as JSON, or its JSON text, or that as bytes: text is sent as it is, every
                digit included. So a body that is a mere string is given as its JSON text, in quotes.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: ApiResponse = await self._call("request", options)
        return response

    @takes(RotateKeysOptions)
    async def rotate_keys(self, **options: Unpack[RotateKeysOptions]) -> RotateKeysResponse:
        """Encrypts the tokens of every link under `encryption_key` that are still under one of
        `previous_encryption_keys`, once every process seals with it. Calls go on meanwhile, in this process and
        others. A record that cannot be read, since it is damaged or under a key that is not there, is named in
        `failed` and left as it is. Interrupted, it is called again and does what is left. Previous keys may go from
        the configuration a day after it has ended with nothing in `failed`: attempts to link, which last that long,
        are not touched.

        Args:
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        response: RotateKeysResponse = await self._call("rotateKeys", options)
        return response

    @takes(UnlinkOptions)
    async def unlink(self, **options: Unpack[UnlinkOptions]) -> None:
        """Removes a user's link, its tokens with it; no harm is done if there is none. PKB documents no call by which
        it could be told.

        Args:
            app_user_id: Your own id of the user.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        await self._call("unlink", options)

    @takes(WatchOptions)
    def watch(self, **options: Unpack[WatchOptions]) -> Results[RecordChange]:
        """Looks at the records of all who are linked, again and again, and gives those in which something has changed
        since it was last dealt with, as `get_last_change` tells it: what to extract anew. A record that was never
        dealt with is given once in any case. What was dealt with is kept with the link: a process that dies, or
        leaves, is followed by another that goes on. A change has been dealt with when the next is asked for; until
        then it is given again, so do what you do with it in a way that may be done twice. Several processes may
        watch: each record is looked at by one of them, by the clocks of their machines. It goes on until it is left,
        the client is closed, or no record at all could be looked at for as long as `every`.

        Args:
            every: How long after a look a record is looked at again, in milliseconds; at least 1,000. Whoever does not
                ask for the next for longer than that may see others given the same change.
            per_second (optional): How many patients are looked at in a second at most, one after the other. Default 1:
                900 patients take 15 minutes.
            timeouts (optional): Time-outs of this call, which go before those of the configuration.
            on_response (optional): Is told what the platform has answered to each request of this call, before the call
                goes on: status, headers, reference. It is not waited for, and what it fails with is no matter of the
                call's.
            parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that
                this call gives: `decimal.Decimal` keeps them all. Default `float`.
        """
        options = hidden(options)
        return self._results("watch", options, "on_change")


@overload
def init_pkb(**options: Unpack[PkbConfiguration]) -> PkbSDK: ...
@overload
def init_pkb(config: PkbConfiguration, /) -> PkbSDK: ...
@configured_by(PkbConfiguration)
def init_pkb(config: object = None, /, **options: object) -> PkbSDK:
    """Makes the SDK of Patients Know Best for asyncio. A configuration that is wrong is a `TypeValidationError`. All of
    it may be given in one mapping instead of keywords.

    Args:
        client_id: The id of your User Client, as PKB gave it.
        client_secret (optional): Its secret, if PKB gave one.
        redirect_uri: Where PKB sends the patient back to: exactly as registered with PKB. An address of localhost or a
            custom scheme (`myapp://linked`) is one too.
        environment: Which of PKB's environments. The environment variable `PKB_BASE_URL` goes before it.
        store (optional): Where links are kept: `"memory"`, the path of a SQLite file, an address of PostgreSQL
            (`postgres://…`), or an object of your own. Default: in memory, so that they end with the process.
        store_schema (optional): The schema of PostgreSQL's in which the tables are. Default `digime_sdk`.
        encryption_key (optional): The key that encrypts the tokens in the store: 32 random bytes in base64 or
            hexadecimal digits, as `openssl rand -base64 32` makes them; or a pair of functions by which a key
            management service wraps keys and unwraps them. Every store but memory needs it.
        previous_encryption_keys (optional): Keys that open and do not seal: those that were `encryption_key` before,
            until `rotate_keys` makes them unnecessary, and one that is to be it, which every process has to know before
            the first seals with it.
        on_tokens_changed (optional): Learns of each new pair of tokens, once it is stored.
        on_link_expired (optional): Learns of each link that PKB says is over, once that is stored: time to ask the
            patient to link again.
        on_link_change (optional): Learns of each change of a link, once it is stored: of those, and of links that were
            made, replaced, removed, or whose refresh token may be spent.
        on_event (optional): Is told what the SDK does: requests, refreshes, leases, files. It is not waited for, and
            what it fails with is nobody's matter.
        trace_context (optional): Says which trace each attempt at a request is part of: its `traceparent` and
            `tracestate` go along (W3C Trace Context). It is asked where the call was made, and may take a second; where
            it takes longer, fails or gives nothing, the request goes without.
        scope (optional): What an app user is asked for. Default `PATIENT`.
        client_authentication (optional): How your client proves to PKB's token endpoint who it is. Default: `body` if
            there is a `client_secret`, else `none`.
        pkce (optional): Whether linking uses PKCE (RFC 7636). PKB documents none, so the default is not to.
        link_timeout (optional): How long a patient may take from the address that `get_link_url` gives until they are
            back, in milliseconds. Default 900,000 (15 minutes).
        refresh_margin (optional): How long before its end an access token is replaced, in milliseconds; a quarter of
            its life at most. Default 60,000.
        cache_tokens_for (optional): How long the tokens of a link that were read from the store serve without being
            read again, in milliseconds. Default 0: each call reads the store, so that a link that is removed, or over,
            is gone at once everywhere. What other clients and processes change, also that, is seen so much later at
            most; what this client changes, at once. Only calls that need an access token use it, and those of 10,000
            users at most are kept, in memory, unencrypted.
        refresh_lease (optional): How long one process may take for a refresh, or for exchanging a code, in
            milliseconds, before another takes over. Default 30,000, at least 3,000. What takes longer to be sent than a
            third of it is not sent.
        system_client (optional): Your System Client, for calls of the Facade and of Messaging on an organisation's
            behalf.
        customer_system_client (optional): Your Customer System Client, for calls of Aggregated and Customer.
        per_patient (optional): How many requests about one patient are under way at once.
        endpoints (optional): Addresses, paths and methods that are not as PKB documents them.
        trusted_origins (optional): Origins that are believed beside those of the addresses above, `https://host:port`:
            a search goes on at the address that its page names, and where PKB is behind a gateway of your own, that is
            not at it. Patients' tokens are sent there.
        retry_options (optional): When GET requests that failed are repeated. Others never are.
        timeouts (optional): How long to wait.
        ca (optional): Certificates of the authorities that may vouch for a server, in PEM, in place of all others:
            those of the system, and those to which `SSL_CERT_FILE` and `SSL_CERT_DIR`, in Node `NODE_EXTRA_CA_CERTS`
            and in Python `REQUESTS_CA_BUNDLE` and `CURL_CA_BUNDLE` lead.
        client_certificate (optional): The certificate by which the application shows servers who it is, where a gateway
            asks for one (mutual TLS).
        proxy (optional): The proxy through which all requests go, `http://user:password@host:port`, or `False` for
            none. Default: as `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say, and never for addresses of
            this machine.
        parse_float (optional): What makes numbers of digits that have a point or a power, in the documents that calls
            give: `decimal.Decimal` keeps them all. Default `float`.
        transport (optional): Sends all requests in place of the SDK's own transport: a `Transport`, such as those of
            `digime_sdk.httpx`. It makes the connections, so `ca`, `client_certificate` and `proxy` are refused beside
            it, and `timeouts.connect` has no meaning; signing, repeating, refreshing, decrypting and all other time-
            outs stay with the SDK.
    """
    config, options = hidden(config), hidden(options)
    return PkbSDK(configuration("pkb", config, options))
