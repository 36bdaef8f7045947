// Printed by `npm run types` from the core's description of itself; not edited by hand.

import type { AllFilesReading } from "../all-files";
import type { Disposable } from "../ambient";
import type {
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
  DeleteAccountOptions,
  DeleteAccountResponse,
  DeleteStorageFilesOptions,
  DeleteStorageFilesResponse,
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
  ForAppUser,
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
  GetOnboardServiceUrlOptions,
  GetOnboardServiceUrlResponse,
  GetPortabilityReportOptions,
  GetPortabilityReportResponse,
  GetPublicIdOptions,
  GetReauthorizeAccountUrlOptions,
  GetReauthorizeAccountUrlResponse,
  GetReauthorizeUrlOptions,
  GetReauthorizeUrlResponse,
  GetRecordStatusOptions,
  GetRevokeAccountPermissionUrlOptions,
  GetRevokeAccountPermissionUrlResponse,
  GetServiceSampleDataSetsOptions,
  GetServiceSampleDataSetsResponse,
  GetSignInUrlOptions,
  GetSignInUrlResponse,
  GetSystemTokenOptions,
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
  PkbConsent,
  ProviderDataFinding,
  PushDataOptions,
  QueryCategoriesOptions,
  QueryCategoriesResponse,
  QueryCountriesOptions,
  QueryCountriesResponse,
  QueryPlatformsOptions,
  QueryPlatformsResponse,
  QuerySourcesOptions,
  QuerySourcesResponse,
  ReadAccountsOptions,
  ReadAccountsResponse,
  ReadAllFilesOptions,
  ReadAllFilesResponse,
  ReadFileListOptions,
  ReadFileListResponse,
  ReadFileMetadataOptions,
  ReadFileMetadataResponse,
  ReadFileOptions,
  ReadFileResponse,
  ReadFileStreamResponse,
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
  UnlinkOptions,
  UploadFileToStorageOptions,
  UploadFileToStorageResponse,
  UserAccessToken,
  WatchOptions,
  WithoutToken,
} from "./types";

/** The calls. Each stands for itself, so the object can be taken apart. */
export interface DigiMeSDK extends Disposable {
  /**
   * Looks whether the store can be reached, has the form that this version knows, and is under keys that are there: for the start of an
   * application and for probes of readiness. The platform is not asked.
   */
  check: (options: CheckConnectionsOptions) => Promise<CheckResponse>;
  /**
   * Looks at FHIR data before `pushData` sends it to a care provider of `MedMij`, and says what is certain to be refused there, an `error`, and
   * what may be, a `warning`; nothing where nothing is known against it. It asks nobody, and changes nothing. `check` of `pushData` does the same, and
   * pushes nothing that has an error.
   */
  checkProviderData: (options: CheckProviderDataOptions) => Promise<ProviderDataFinding[]>;
  /**
   * Ends the client, before the process ends: waits until the calls under way are done, and what goes on without them, such as storing the
   * tokens of a refresh and telling your functions of them; at most for `timeout`. What is being iterated over is not waited for: it gives nothing
   * more. Then it lets go of its connections and its store. Every other call is refused with a `ClientClosedError` from the moment this one is made,
   * as is whoever asks for the next of what they iterate over; it may be made again, and waits again.
   */
  close: (options?: CloseOptions) => Promise<CloseResponse>;
  /**
   * Completes a connection with the address that the person came back to: exchanges the code, and stores the tokens at once.
   *
   * Called again with the same address it gives the same connection; the code is exchanged once. If it was interrupted after the exchange,
   * or refused because of a conflict, calling it again goes on from the tokens that are stored.
   */
  completeConnect: (options: CompleteConnectOptions) => Promise<CompleteConnectResponse>;
  /** How many connections there are under a contract, by status. The platform is not asked. */
  countConnections: (options: CountConnectionsOptions) => Promise<LinkCounts>;
  /** Creates a storage. It becomes a person's when they consent by a `getAuthorizeUrl` that names it as `storageId`. */
  createProvisionalStorage: (options: CreateProvisionalStorageOptions) => Promise<CreateProvisionalStorageResponse>;
  /** Removes an account, and what came from it, from the user's library. */
  deleteAccount: {
    /** Removes an account, and what came from it, from the user's library. */
    (options: ForAppUser<DeleteAccountOptions>): Promise<DeleteAccountResponse>;
    /** Removes an account, and what came from it, from the user's library. */
    (options: DeleteAccountOptions): Promise<DeleteAccountResponse>;
  };
  /** Deletes a file; with a slash at the end of its path a folder; with `/` all that the application has in the storage. */
  deleteStorageFiles: (options: DeleteStorageFilesOptions) => Promise<DeleteStorageFilesResponse>;
  /** Deletes the user and their whole library. There is no way back. */
  deleteUser: {
    /** Deletes the user and their whole library. There is no way back. */
    (options: ForAppUser<DeleteUserOptions>): Promise<DeleteUserResponse>;
    /** Deletes the user and their whole library. There is no way back. */
    (options: DeleteUserOptions): Promise<DeleteUserResponse>;
  };
  /**
   * Removes a user's connection under a contract, its tokens with it; no harm is done if there is none. The platform has no call by which it
   * could be told: the person's library stays (`deleteUser` deletes it), and so do accounts (`deleteAccount`).
   */
  disconnect: (options: DisconnectOptions) => Promise<void>;
  /**
   * A file of a storage as a stream, decrypted while it is read, in memory that does not grow with its size. An error in its midst
   * reaches whoever reads the stream; what was read before is then not to be trusted.
   */
  downloadStorageFile: (options: DownloadStorageFileOptions) => Promise<DownloadStorageFileResponse>;
  /**
   * Exchanges the code that a person came back with for a user access token. A code works once; store the token at once. A call that is
   * cancelled, or has waited long enough, loses nothing: made again on the same client, it gives what the first has brought.
   */
  exchangeCodeForToken: (options: ExchangeCodeForTokenOptions) => Promise<UserAccessToken>;
  /**
   * The token of a user as it is stored, for an application that is to keep it itself again. From before this call until `disconnect` has removed
   * the connection, nothing may act for the user: a refresh between the two would spend what is given here. The platform is not asked.
   */
  exportConnection: (options: ExportConnectionOptions) => Promise<UserAccessToken>;
  /**
   * Prepares an authorisation and says where to send the person. Keep `codeVerifier`, and `state` tied to the person's own
   * browser session, until they come back to `callback` with `success=true`, `state=…`, `code=…` and
   * `accountReference=…`, or with `success=false` and `errorCode=…`.
   */
  getAuthorizeUrl: (options: GetAuthorizeUrlOptions) => Promise<GetAuthorizeUrlResponse>;
  /**
   * Says where to send a user who is logged in to your application so that they connect their digi.me library to it, and remembers the
   * attempt with its `state` and code verifier: it serves once, for this user, until it expires. They come back to `callback`, with which
   * `completeConnect` goes on, on whichever machine that shares the store. A user who is connected already adds to the same library.
   */
  getConnectUrl: (options: GetConnectUrlOptions) => Promise<GetConnectUrlResponse>;
  /** The connection of a user under a contract, or nothing. The platform is not asked. */
  getConnection: (options: GetConnectionOptions) => Promise<Connection | undefined>;
  /** What the platform knows of the contract: its application, what it may do, and until when. */
  getContractDetails: (options: GetContractDetailsOptions) => Promise<GetContractDetailsResponse>;
  /** Says where to send a user who has consented already, so that they add a source to their library. */
  getOnboardServiceUrl: {
    /** Says where to send a user who has consented already, so that they add a source to their library. */
    (options: ForAppUser<GetOnboardServiceUrlOptions>): Promise<WithoutToken<GetOnboardServiceUrlResponse>>;
    /** Says where to send a user who has consented already, so that they add a source to their library. */
    (options: GetOnboardServiceUrlOptions): Promise<GetOnboardServiceUrlResponse>;
  };
  /** The portability report of a user: what was exchanged with care providers, as XML. */
  getPortabilityReport: {
    /** The portability report of a user: what was exchanged with care providers, as XML. */
    (options: ForAppUser<GetPortabilityReportOptions>): Promise<GetPortabilityReportResponse>;
    /** The portability report of a user: what was exchanged with care providers, as XML. */
    (options: GetPortabilityReportOptions): Promise<GetPortabilityReportResponse>;
  };
  /** Says where to send a user so that they log in again at a source whose account reports `ServiceAuthorizationError`. */
  getReauthorizeAccountUrl: {
    /** Says where to send a user so that they log in again at a source whose account reports `ServiceAuthorizationError`. */
    (options: ForAppUser<GetReauthorizeAccountUrlOptions>): Promise<WithoutToken<GetReauthorizeAccountUrlResponse>>;
    /** Says where to send a user so that they log in again at a source whose account reports `ServiceAuthorizationError`. */
    (options: GetReauthorizeAccountUrlOptions): Promise<GetReauthorizeAccountUrlResponse>;
  };
  /**
   * Says where to send a user so that they renew their consent before it runs out. They come back with a `code` for
   * `exchangeCodeForToken`; by `appUserId`, the address that they come back to is for `completeConnect`.
   */
  getReauthorizeUrl: {
    /**
     * Says where to send a user so that they renew their consent before it runs out. They come back with a `code` for
     * `exchangeCodeForToken`; by `appUserId`, the address that they come back to is for `completeConnect`.
     */
    (options: ForAppUser<GetReauthorizeUrlOptions>): Promise<WithoutToken<GetReauthorizeUrlResponse>>;
    /**
     * Says where to send a user so that they renew their consent before it runs out. They come back with a `code` for
     * `exchangeCodeForToken`; by `appUserId`, the address that they come back to is for `completeConnect`.
     */
    (options: GetReauthorizeUrlOptions): Promise<GetReauthorizeUrlResponse>;
  };
  /**
   * Says where to send a user so that they withdraw the permission that an account stands for (`MedMij` only). They come back to
   * `redirectUri` with `result`, `success` or `failed`.
   */
  getRevokeAccountPermissionUrl: {
    /**
     * Says where to send a user so that they withdraw the permission that an account stands for (`MedMij` only). They come back to
     * `redirectUri` with `result`, `success` or `failed`.
     */
    (options: ForAppUser<GetRevokeAccountPermissionUrlOptions>): Promise<GetRevokeAccountPermissionUrlResponse>;
    /**
     * Says where to send a user so that they withdraw the permission that an account stands for (`MedMij` only). They come back to
     * `redirectUri` with `result`, `success` or `failed`.
     */
    (options: GetRevokeAccountPermissionUrlOptions): Promise<GetRevokeAccountPermissionUrlResponse>;
  };
  /** The sets of sample data that a source has, by their ids, which `getAuthorizeUrl` takes as `sampleData.dataSet`. */
  getServiceSampleDataSets: (options: GetServiceSampleDataSetsOptions) => Promise<GetServiceSampleDataSetsResponse>;
  /** The storage of a user. */
  getUserStorage: {
    /** The storage of a user. */
    (options: ForAppUser<GetUserStorageOptions>): Promise<GetUserStorageResponse>;
    /** The storage of a user. */
    (options: GetUserStorageOptions): Promise<GetUserStorageResponse>;
  };
  /**
   * Brings in a user whose token your application has kept itself: from then on it is kept here, and what your application has is of no use
   * any more as soon as a refresh has replaced it. A user who is connected already stays as they are, so that it can be called again; `disconnect` comes
   * first where their token is to be another. The platform is not asked.
   */
  importConnection: (options: ImportConnectionOptions) => Promise<Connection>;
  /**
   * Brings in many users whose tokens your application has kept itself, however many there are: some hundreds are taken and written in one step, and
   * no more are in memory. Those who are connected already stay as they are, so that it can be called again with the same; those who cannot be
   * brought in are named in `refused`, and the others are. Where what is given fails on the way, or the store does, those stay who were brought in
   * before. The platform is not asked.
   */
  importConnections: (options: ImportConnectionsOptions) => Promise<ImportResponse>;
  /**
   * Refreshes the connections under a contract whose tokens were not refreshed for so long, before the refresh tokens end unused. Call it
   * from a job of yours, more often than refresh tokens live. Several machines may do so at once: each connection is refreshed by one of them.
   * Interrupted, it is called again and does what is left.
   */
  keepAlive: (options: KeepConnectionsAliveOptions) => Promise<KeepAliveResponse>;
  /**
   * The connections under a contract, in the order of your users' ids, however many there are: they are read from the store a page at a time, and
   * the list may be left early. One that cannot be read, since it is under a key that is not there, is told with what is not encrypted of it.
   * The platform is not asked.
   */
  listConnections: (options: ListConnectionsOptions) => AsyncIterable<Connection>;
  /** The files in a folder of a storage. */
  listStorageFiles: (options: ListStorageFilesOptions) => Promise<ListStorageFilesResponse>;
  /**
   * Pushes a file into the user's library (`type: "library"`, the default), or FHIR data to the care provider of one of their
   * accounts (`type: "provider"`). It is sent once: after a failure without an answer, look whether it arrived before pushing again.
   */
  pushData: {
    /**
     * Pushes a file into the user's library (`type: "library"`, the default), or FHIR data to the care provider of one of their
     * accounts (`type: "provider"`). It is sent once: after a failure without an answer, look whether it arrived before pushing again.
     */
    (options: ForAppUser<PushDataOptions>): Promise<void>;
    /**
     * Pushes a file into the user's library (`type: "library"`, the default), or FHIR data to the care provider of one of their
     * accounts (`type: "provider"`). It is sent once: after a failure without an answer, look whether it arrived before pushing again.
     */
    (options: PushDataOptions): Promise<void>;
  };
  /** The categories that sources belong to. */
  queryCategories: (options: QueryCategoriesOptions) => Promise<QueryCategoriesResponse>;
  /** The countries that sources are in. */
  queryCountries: (options: QueryCountriesOptions) => Promise<QueryCountriesResponse>;
  /** The platforms that sources run on. */
  queryPlatforms: (options: QueryPlatformsOptions) => Promise<QueryPlatformsResponse>;
  /** The sources that the platform knows. Without a filter of their own, those to read from that are approved. */
  querySources: (options: QuerySourcesOptions) => Promise<QuerySourcesResponse>;
  /**
   * The accounts that the user has connected. To push to a provider, find the one whose `reference` is the `accountReference=…`
   * that the person came back with.
   */
  readAccounts: {
    /**
     * The accounts that the user has connected. To push to a provider, find the one whose `reference` is the `accountReference=…`
     * that the person came back with.
     */
    (options: ForAppUser<ReadAccountsOptions>): Promise<WithoutToken<ReadAccountsResponse>>;
    /**
     * The accounts that the user has connected. To push to a provider, find the one whose `reference` is the `accountReference=…`
     * that the person came back with.
     */
    (options: ReadAccountsOptions): Promise<ReadAccountsResponse>;
  };
  /**
   * Reads every file of a session as it becomes ready, several at once, until the session is `completed` or `partial`. Callbacks may
   * be asynchronous and are awaited one after another; what one throws stops nothing, and is thrown when all is read.
   */
  readAllFiles: {
    /**
     * Reads every file of a session as it becomes ready, several at once, until the session is `completed` or `partial`. Callbacks may
     * be asynchronous and are awaited one after another; what one throws stops nothing, and is thrown when all is read.
     */
    (options: ForAppUser<ReadAllFilesOptions>): AllFilesReading<WithoutToken<ReadAllFilesResponse>>;
    /**
     * Reads every file of a session as it becomes ready, several at once, until the session is `completed` or `partial`. Callbacks may
     * be asynchronous and are awaited one after another; what one throws stops nothing, and is thrown when all is read.
     */
    (options: ReadAllFilesOptions): AllFilesReading<ReadAllFilesResponse>;
  };
  /**
   * A file of a session, decrypted and decompressed. One whose content is larger than `fileLimits` allows is a `FileLimitError`;
   * `readFileStream` reads large files without holding them in memory.
   */
  readFile: {
    /**
     * A file of a session, decrypted and decompressed. One whose content is larger than `fileLimits` allows is a `FileLimitError`;
     * `readFileStream` reads large files without holding them in memory.
     */
    (options: ForAppUser<ReadFileOptions>): Promise<WithoutToken<ReadFileResponse>>;
    /**
     * A file of a session, decrypted and decompressed. One whose content is larger than `fileLimits` allows is a `FileLimitError`;
     * `readFileStream` reads large files without holding them in memory.
     */
    (options: ReadFileOptions): Promise<ReadFileResponse>;
  };
  /** How far a session is, and which files it has so far. Ask again until its state is `completed` or `partial`. */
  readFileList: {
    /** How far a session is, and which files it has so far. Ask again until its state is `completed` or `partial`. */
    (options: ForAppUser<ReadFileListOptions>): Promise<WithoutToken<ReadFileListResponse>>;
    /** How far a session is, and which files it has so far. Ask again until its state is `completed` or `partial`. */
    (options: ReadFileListOptions): Promise<ReadFileListResponse>;
  };
  /** What is known of a file of a session, without its content. */
  readFileMetadata: {
    /** What is known of a file of a session, without its content. */
    (options: ForAppUser<ReadFileMetadataOptions>): Promise<WithoutToken<ReadFileMetadataResponse>>;
    /** What is known of a file of a session, without its content. */
    (options: ReadFileMetadataOptions): Promise<ReadFileMetadataResponse>;
  };
  /**
   * A file of a session as a stream, decrypted and decompressed while it is read, in memory that does not grow with its size. An
   * error in its midst reaches whoever reads the stream; what was read before is then not to be trusted.
   */
  readFileStream: {
    /**
     * A file of a session as a stream, decrypted and decompressed while it is read, in memory that does not grow with its size. An
     * error in its midst reaches whoever reads the stream; what was read before is then not to be trusted.
     */
    (options: ForAppUser<ReadFileOptions>): Promise<WithoutToken<ReadFileStreamResponse>>;
    /**
     * A file of a session as a stream, decrypted and decompressed while it is read, in memory that does not grow with its size. An
     * error in its midst reaches whoever reads the stream; what was read before is then not to be trusted.
     */
    (options: ReadFileOptions): Promise<ReadFileStreamResponse>;
  };
  /**
   * Starts a session in which the user's sources are asked for data. A user who has just consented has one already, from
   * `getAuthorizeUrl`: another would ask the sources twice.
   */
  readSession: {
    /**
     * Starts a session in which the user's sources are asked for data. A user who has just consented has one already, from
     * `getAuthorizeUrl`: another would ask the sources twice.
     */
    (options: ForAppUser<ReadSessionOptions>): Promise<WithoutToken<ReadSessionResponse>>;
    /**
     * Starts a session in which the user's sources are asked for data. A user who has just consented has one already, from
     * `getAuthorizeUrl`: another would ask the sources twice.
     */
    (options: ReadSessionOptions): Promise<ReadSessionResponse>;
  };
  /**
   * Exchanges the refresh token of a user access token for a new user access token. The old one is spent: store the new one at
   * once. Calls that need it refresh by themselves; this is for refreshing ahead of time.
   */
  refreshToken: (options: RefreshTokenOptions) => Promise<UserAccessToken>;
  /**
   * Encrypts the tokens of every connection under a contract under `encryptionKey` that are still under one of `previousEncryptionKeys`,
   * once every process seals with it. Calls go on meanwhile, in this process and others. A record that cannot be read, since it is damaged
   * or under a key that is not there, is named in `failed` and left as it is. Interrupted, it is called again and does what is left. Previous
   * keys may go from the configuration a day after it has ended for every contract with nothing in `failed`: attempts to connect, which
   * last that long, are not touched.
   */
  rotateKeys: (options: RotateConnectionKeysOptions) => Promise<RotateConnectionKeysResponse>;
  /**
   * Writes a file into a storage. It is encrypted for the contract's key while it is sent, in memory that does not grow with its
   * size, and sent once.
   */
  uploadFileToStorage: (options: UploadFileToStorageOptions) => Promise<UploadFileToStorageResponse>;
}

/** The calls. Each stands for itself, so the object can be taken apart. */
export interface PkbSDK extends Disposable {
  /**
   * Adds a measurement to the patient's record, as the patient. It is sent once, so that nothing is added twice. PKB documents neither the
   * form of a measurement, which is sent as you give it, nor what it answers.
   */
  addMeasurement: (options: AddMeasurementOptions) => Promise<ApiResponse>;
  /**
   * Looks whether the store can be reached, has the form that this version knows, and is under keys that are there: for the start of an
   * application and for probes of readiness. PKB is not asked.
   */
  check: (options?: CheckOptions) => Promise<CheckResponse>;
  /**
   * Ends the client, before the process ends: waits until the calls under way are done, and what goes on without them, such as storing the
   * tokens of a refresh and telling your functions of them; at most for `timeout`. What is being iterated over is not waited for: it gives nothing
   * more. Then it lets go of its connections and its store. Every other call is refused with a `ClientClosedError` from the moment this one is made,
   * as is whoever asks for the next of what they iterate over; it may be made again, and waits again.
   */
  close: (options?: CloseOptions) => Promise<CloseResponse>;
  /**
   * Completes a link with what the patient came back with: exchanges the code, stores the tokens at once, asks PKB whose they are,
   * and stores the pair of your user's id and the PKB public id.
   *
   * Called again with the same callback it gives the same link; the code is exchanged once. If it was interrupted after the exchange,
   * or refused because of a conflict, calling it again goes on from the tokens that are stored.
   */
  completeLink: (options?: CompleteLinkOptions) => Promise<Link>;
  /** How many links there are, by status. PKB is not asked. */
  countLinks: (options?: CountLinksOptions) => Promise<LinkCounts>;
  /**
   * The tokens of a patient as they are stored, for an application that is to keep them itself again. From before this call until `unlink` has
   * removed the link, nothing may act for the patient: a refresh between the two would spend what is given here. PKB is not asked.
   */
  exportLink: (options: ExportLinkOptions) => Promise<ExportedLink>;
  /**
   * Sends a `batch` to the Customer API, by your Customer System Client: each entry is done or refused by itself, so look at the `statusCode` of
   * each outcome. They come in the order of the entries. It is sent once, so that nothing is written twice.
   */
  fhirBatch: (options: FhirBatchOptions) => Promise<FhirOutcome[]>;
  /**
   * Sends a resource to the Customer API, by your Customer System Client, for the server to give it an id. It is sent once, so that nothing is
   * made twice; with `ifNoneExist` it can be sent again. PKB checks its syntax alone: whether it can be shown in Aggregated PKB tells
   * otherwise.
   */
  fhirCreate: (options: FhirCreateOptions) => Promise<FhirOutcome>;
  /**
   * Reads one resource of one of PKB's FHIR APIs, as PKB gives it: of the Facade (STU3) as a patient or on behalf of an organisation, of
   * Aggregated (R4) and of Customer by your Customer System Client.
   */
  fhirRead: (options: FhirReadOptions) => Promise<Record<string, any>>;
  /**
   * Searches one of PKB's FHIR APIs. The pages are FHIR `Bundle`s; each is asked for when the one before has been dealt with, so that a
   * search may be left early. Most searches of the Facade (STU3) need `patient`, the public id; those of Aggregated (R4) name the patient
   * by a parameter of their own, which is filled in where `appUserId` is given. What PKB demands of a search and is not there is
   * refused before anything is sent.
   */
  fhirSearch: (options: FhirSearchOptions) => AsyncIterable<Record<string, any>>;
  /**
   * Searches one of PKB's FHIR APIs as `fhirSearch` does, and gives the resources of all pages one after the other, those apart that were
   * included. A page is asked for when the resources of the one before have been dealt with, so that a search may be left early.
   */
  fhirSearchResources: (options: FhirSearchResourcesOptions) => AsyncIterable<FoundResource>;
  /**
   * Sends a `transaction` to the Customer API, by your Customer System Client: all of its entries are done, or none, which is an error. The
   * outcomes come in the order of the entries. It is sent once, so that nothing is written twice.
   */
  fhirTransaction: (options: FhirTransactionOptions) => Promise<FhirOutcome[]>;
  /**
   * Sends a resource to the Customer API, by your Customer System Client, under the `id` that it has: in place of the one that is there, or as
   * a new one. PKB's documents show ids of an application's own, and do not say whether they are kept.
   */
  fhirUpdate: (options: FhirUpdateOptions) => Promise<FhirOutcome>;
  /** The links to a PKB record: one or none. PKB is not asked. */
  findLinks: (options: FindLinksOptions) => Promise<Link[]>;
  /** An access token of the patient's that serves now, for use with a FHIR client of your own. Ask for it anew before each call. */
  getAccessToken: (options: GetAccessTokenOptions) => Promise<IssuedToken>;
  /**
   * Who may see what of a patient's record, as the patient: teams of organisations, professionals and carers. After a patient has joined
   * your organisation it shows whether your team has the privacy labels that it needs. PKB leaves out what is about organisations that
   * the patient does not see.
   */
  getConsents: (options: GetConsentsOptions) => Promise<PkbConsent[]>;
  /** The patient's demographics and national identifiers, as PKB has them. What PKB leaves empty is left out. */
  getCurrentUser: (options: GetCurrentUserOptions) => Promise<CurrentUser>;
  /**
   * When the data of a patient's record last changed: what to ask before extracting any. It covers the data of every organisation and
   * what was entered by hand; not demographics, consents and labels, measurements of connected devices, and what PKB has not processed
   * yet. The time may go backwards, when something is deleted: what matters is whether it is **another** than the last. There is one
   * answer for each identifier, in their order; for an app user there is one.
   */
  getLastChange: (options?: GetLastChangeOptions) => Promise<LastChange[]>;
  /** The link of a user, or nothing. PKB is not asked. */
  getLink: (options: GetLinkOptions) => Promise<Link | undefined>;
  /**
   * Says where to send a patient who is logged in to your application so that they link their PKB record to it, and remembers the
   * attempt: it serves once, for this user, until it expires. PKB shows them who asks; they come back to the redirect URI, with which
   * `completeLink` goes on, on whichever machine that shares the store.
   */
  getLinkUrl: (options: GetLinkUrlOptions) => Promise<GetLinkUrlResponse>;
  /**
   * What can be measured: of each type its name, its `apiRef`, its category and units. PKB does not document the form of the answer, which
   * is handed on as it came.
   */
  getMeasurementTypes: (options?: GetMeasurementTypesOptions) => Promise<unknown>;
  /**
   * The patient's measurements, those that they typed in and those of connected devices among them, as PKB's REST API tells them: each
   * with its values, when it was taken and when it was entered. PKB has no filter by time. It documents neither the form of the
   * answer, which is handed on as it came, nor how types are listed in the query.
   */
  getMeasurements: (options: GetMeasurementsOptions) => Promise<unknown>;
  /** The PKB public id of a user who has linked, which is the `id` of their FHIR `Patient`. PKB was asked for it when they linked. */
  getPublicId: (options: GetPublicIdOptions) => Promise<string>;
  /**
   * Whether patients have a PKB record that they can log in to, by their national numbers: what to know before they are asked to link.
   * An organisation asks, by your System Client. There is one answer for each identifier, in their order.
   */
  getRecordStatus: (options: GetRecordStatusOptions) => Promise<RecordStatus[]>;
  /**
   * Says where to send a patient's browser so that it opens a page of PKB's without their logging in there: with a one-time password, for
   * which PKB is asked as the patient. Ask for each click anew, and **keep the address out of logs**: it logs in. PKB configures for
   * which clients, and which users, this is open.
   */
  getSignInUrl: (options: GetSignInUrlOptions) => Promise<GetSignInUrlResponse>;
  /**
   * An access token of your System Client's that serves now, or of your Customer System Client's. It is fetched once and kept until shortly
   * before its end. Calls of the Facade and of Messaging with it name an organisation in `X-Org-Public-Id`, as `fhirRead`, `fhirSearch`
   * and `request` do when given `orgPublicId`.
   */
  getSystemToken: (options?: GetSystemTokenOptions) => Promise<IssuedToken>;
  /**
   * Brings in a patient whose tokens your application has kept itself: from then on they are kept here, and what your application has is of no use
   * any more as soon as a refresh has replaced it. A user who is linked already stays as they are, so that it can be called again; `unlink` comes first
   * where their tokens are to be others. PKB is not asked.
   */
  importLink: (options: ImportLinkOptions) => Promise<Link>;
  /**
   * Brings in many patients whose tokens your application has kept itself, however many there are: some hundreds are taken and written in one step,
   * and no more are in memory. Those who are linked already stay as they are, so that it can be called again with the same; those who cannot be
   * brought in, since another user has their public id for one, are named in `refused`, and the others are. Where what is given fails on the way, or
   * the store does, those stay who were brought in before. PKB is not asked.
   */
  importLinks: (options: ImportLinksOptions) => Promise<ImportResponse>;
  /**
   * Has PKB make invitations for patients, by which they register and then log in to their record. An organisation invites, by your
   * System Client. PKB leaves patients out without a word who have registered, have died, are not found, have no date of birth or are
   * under 16: they are in `leftOut`, and `getRecordStatus` tells most of the reasons.
   */
  inviteToRecord: (options: InviteToRecordOptions) => Promise<InviteToRecordResponse>;
  /**
   * Puts a patient into your organisation at PKB, or into teams of it, by your System Client: what has to be done before the organisation
   * can extract the patient's data. PKB makes a record for a patient that it does not know, and **overwrites the demographics** of one
   * that it knows; so what is sent for an app user is what PKB itself says of them: `getCurrentUser`, with the middle names of their FHIR
   * `Patient`. Any success is one: PKB does not document what it answers.
   */
  joinOrganisation: (options: JoinOrganisationOptions) => Promise<ApiResponse>;
  /**
   * Refreshes the links whose tokens were not refreshed for so long, before their sessions end unused. Call it
   * from a job of yours, more often than sessions live. Several machines may do so at once: each link is refreshed by one of them.
   * Interrupted, it is called again and does what is left.
   */
  keepAlive: (options: KeepAliveOptions) => Promise<KeepAliveResponse>;
  /**
   * The links, in the order of your users' ids, however many there are: they are read from the store a page at a time, and the list may be
   * left early. PKB is not asked.
   */
  listLinks: (options?: ListLinksOptions) => AsyncIterable<Link>;
  /**
   * Makes a call of one of PKB's APIs that has no method of its own here. A GET that failed is repeated as `retryOptions` says;
   * nothing else is, so that nothing is written twice.
   */
  request: (options: RequestOptions) => Promise<ApiResponse>;
  /**
   * Encrypts the tokens of every link under `encryptionKey` that are still under one of `previousEncryptionKeys`, once every process
   * seals with it. Calls go on meanwhile, in this process and others. A record that cannot be read, since it is damaged or under a
   * key that is not there, is named in `failed` and left as it is. Interrupted, it is called again and does what is left. Previous
   * keys may go from the configuration a day after it has ended with nothing in `failed`: attempts to link, which last that long,
   * are not touched.
   */
  rotateKeys: (options?: RotateKeysOptions) => Promise<RotateKeysResponse>;
  /** Removes a user's link, its tokens with it; no harm is done if there is none. PKB documents no call by which it could be told. */
  unlink: (options: UnlinkOptions) => Promise<void>;
  /**
   * Looks at the records of all who are linked, again and again, and gives those in which something has changed since it was last dealt with,
   * as `getLastChange` tells it: what to extract anew. A record that was never dealt with is given once in any case. What was
   * dealt with is kept with the link: a process that dies, or leaves, is followed by another that goes on. A change has been
   * dealt with when the next is asked for; until then it is given again, so do what you do with it in a way that may be done twice.
   * Several processes may watch: each record is looked at by one of them, by the clocks of their machines. It goes on until it is left, the client is
   * closed, or no record at all could be looked at for as long as `every`.
   */
  watch: (options: WatchOptions) => AsyncIterable<RecordChange>;
}
