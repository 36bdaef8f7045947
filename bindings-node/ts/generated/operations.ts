// Printed by `npm run types` from the core's description of itself; not edited by hand.

import type { AllFilesReading } from "../all-files";
import type { Disposable } from "../ambient";
import type {
  AddMeasurementOptions,
  ApiResponse,
  CloseOptions,
  CloseResponse,
  CompleteLinkOptions,
  CreateProvisionalStorageOptions,
  CreateProvisionalStorageResponse,
  CurrentUser,
  DeleteAccountOptions,
  DeleteAccountResponse,
  DeleteStorageFilesOptions,
  DeleteStorageFilesResponse,
  DeleteUserOptions,
  DeleteUserResponse,
  DownloadStorageFileOptions,
  DownloadStorageFileResponse,
  ExchangeCodeForTokenOptions,
  FhirReadOptions,
  FhirSearchOptions,
  FindLinksOptions,
  GetAccessTokenOptions,
  GetAuthorizeUrlOptions,
  GetAuthorizeUrlResponse,
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
  InviteToRecordOptions,
  InviteToRecordResponse,
  IssuedToken,
  JoinOrganisationOptions,
  LastChange,
  Link,
  ListStorageFilesOptions,
  ListStorageFilesResponse,
  PkbConsent,
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
  ReadFileListOptions,
  ReadFileListResponse,
  ReadFileMetadataOptions,
  ReadFileMetadataResponse,
  ReadFileOptions,
  ReadFileResponse,
  ReadFileStreamResponse,
  ReadSessionOptions,
  ReadSessionResponse,
  RecordStatus,
  RefreshTokenOptions,
  RequestOptions,
  RotateKeysOptions,
  RotateKeysResponse,
  UnlinkOptions,
  UploadFileToStorageOptions,
  UploadFileToStorageResponse,
  UserAccessToken,
} from "./types";

/** The calls. Each stands for itself, so the object can be taken apart. */
export interface DigiMeSDK extends Disposable {
  /**
   * Ends the client, before the process ends: waits until the calls under way are done, and what goes on without them, such as storing the
   * tokens of a refresh and telling your functions of them; at most for `timeout`. Then it lets go of its connections and its store. Every
   * other call is refused with a `ClientClosedError` from the moment this one is made; it may be made again, and waits again.
   */
  close: (options?: CloseOptions) => Promise<CloseResponse>;
  /** Creates a storage. It becomes a person's when they consent by a `getAuthorizeUrl` that names it as `storageId`. */
  createProvisionalStorage: (options: CreateProvisionalStorageOptions) => Promise<CreateProvisionalStorageResponse>;
  /** Removes an account, and what came from it, from the user's library. */
  deleteAccount: (options: DeleteAccountOptions) => Promise<DeleteAccountResponse>;
  /** Deletes a file; with a slash at the end of its path a folder; with `/` all that the application has in the storage. */
  deleteStorageFiles: (options: DeleteStorageFilesOptions) => Promise<DeleteStorageFilesResponse>;
  /** Deletes the user and their whole library. There is no way back. */
  deleteUser: (options: DeleteUserOptions) => Promise<DeleteUserResponse>;
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
   * Prepares an authorisation and says where to send the person. Keep `codeVerifier`, and `state` tied to the person's own
   * browser session, until they come back to `callback` with `success`, `state`, `code` and `accountReference`, or with
   * `success=false` and `errorCode`.
   */
  getAuthorizeUrl: (options: GetAuthorizeUrlOptions) => Promise<GetAuthorizeUrlResponse>;
  /** What the platform knows of the contract: its application, what it may do, and until when. */
  getContractDetails: (options: GetContractDetailsOptions) => Promise<GetContractDetailsResponse>;
  /** Says where to send a user who has consented already, so that they add a source to their library. */
  getOnboardServiceUrl: (options: GetOnboardServiceUrlOptions) => Promise<GetOnboardServiceUrlResponse>;
  /** The portability report of a user: what was exchanged with care providers, as XML. */
  getPortabilityReport: (options: GetPortabilityReportOptions) => Promise<GetPortabilityReportResponse>;
  /** Says where to send a user so that they log in again at a source whose account reports `ServiceAuthorizationError`. */
  getReauthorizeAccountUrl: (options: GetReauthorizeAccountUrlOptions) => Promise<GetReauthorizeAccountUrlResponse>;
  /**
   * Says where to send a user so that they renew their consent before it runs out. They come back with a `code` for
   * `exchangeCodeForToken`.
   */
  getReauthorizeUrl: (options: GetReauthorizeUrlOptions) => Promise<GetReauthorizeUrlResponse>;
  /**
   * Says where to send a user so that they withdraw the permission that an account stands for (`MedMij` only). They come back to
   * `redirectUri` with `result`, `success` or `failed`.
   */
  getRevokeAccountPermissionUrl: (
    options: GetRevokeAccountPermissionUrlOptions,
  ) => Promise<GetRevokeAccountPermissionUrlResponse>;
  /** The sets of sample data that a source has, by their ids, which `getAuthorizeUrl` takes as `sampleData.dataSet`. */
  getServiceSampleDataSets: (options: GetServiceSampleDataSetsOptions) => Promise<GetServiceSampleDataSetsResponse>;
  /** The storage of a user. */
  getUserStorage: (options: GetUserStorageOptions) => Promise<GetUserStorageResponse>;
  /** The files in a folder of a storage. */
  listStorageFiles: (options: ListStorageFilesOptions) => Promise<ListStorageFilesResponse>;
  /**
   * Pushes a file into the user's library (`type: "library"`, the default), or FHIR data to the care provider of one of their
   * accounts (`type: "provider"`). It is sent once: after a failure without an answer, look whether it arrived before pushing again.
   */
  pushData: (options: PushDataOptions) => Promise<void>;
  /** The categories that sources belong to. */
  queryCategories: (options: QueryCategoriesOptions) => Promise<QueryCategoriesResponse>;
  /** The countries that sources are in. */
  queryCountries: (options: QueryCountriesOptions) => Promise<QueryCountriesResponse>;
  /** The platforms that sources run on. */
  queryPlatforms: (options: QueryPlatformsOptions) => Promise<QueryPlatformsResponse>;
  /** The sources that the platform knows. Without a filter of their own, those to read from that are approved. */
  querySources: (options: QuerySourcesOptions) => Promise<QuerySourcesResponse>;
  /**
   * The accounts that the user has connected. To push to a provider, find the one whose `reference` is the `accountReference`
   * that the person came back with.
   */
  readAccounts: (options: ReadAccountsOptions) => Promise<ReadAccountsResponse>;
  /**
   * Reads every file of a session as it becomes ready, several at once, until the session is `completed` or `partial`. Callbacks may
   * be asynchronous and are awaited one after another; what one throws stops nothing, and is thrown when all is read.
   */
  readAllFiles: (options: ReadAllFilesOptions) => AllFilesReading;
  /**
   * A file of a session, decrypted and decompressed. One whose content is larger than `fileLimits` allows is a `FileLimitError`;
   * `readFileStream` reads large files without holding them in memory.
   */
  readFile: (options: ReadFileOptions) => Promise<ReadFileResponse>;
  /** How far a session is, and which files it has so far. Ask again until its state is `completed` or `partial`. */
  readFileList: (options: ReadFileListOptions) => Promise<ReadFileListResponse>;
  /** What is known of a file of a session, without its content. */
  readFileMetadata: (options: ReadFileMetadataOptions) => Promise<ReadFileMetadataResponse>;
  /**
   * A file of a session as a stream, decrypted and decompressed while it is read, in memory that does not grow with its size. An
   * error in its midst reaches whoever reads the stream; what was read before is then not to be trusted.
   */
  readFileStream: (options: ReadFileOptions) => Promise<ReadFileStreamResponse>;
  /**
   * Starts a session in which the user's sources are asked for data. A user who has just consented has one already, from
   * `getAuthorizeUrl`: another would ask the sources twice.
   */
  readSession: (options: ReadSessionOptions) => Promise<ReadSessionResponse>;
  /**
   * Exchanges the refresh token of a user access token for a new user access token. The old one is spent: store the new one at
   * once. Calls that need it refresh by themselves; this is for refreshing ahead of time.
   */
  refreshToken: (options: RefreshTokenOptions) => Promise<UserAccessToken>;
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
   * Ends the client, before the process ends: waits until the calls under way are done, and what goes on without them, such as storing the
   * tokens of a refresh and telling your functions of them; at most for `timeout`. Then it lets go of its connections and its store. Every
   * other call is refused with a `ClientClosedError` from the moment this one is made; it may be made again, and waits again.
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
  /** Reads one resource of PKB's FHIR API (STU3), as PKB gives it. */
  fhirRead: (options: FhirReadOptions) => Promise<Record<string, any>>;
  /**
   * Searches PKB's FHIR API (STU3). The pages are FHIR `Bundle`s; each is asked for when the one before has been dealt with, so that a
   * search may be left early. Most searches need `patient`, the public id.
   */
  fhirSearch: (options: FhirSearchOptions) => AsyncIterable<Record<string, any>>;
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
   * An access token of your System Client's that serves now. It is fetched once and kept until shortly before its end. Calls with it
   * name an organisation in `X-Org-Public-Id`, as `fhirRead`, `fhirSearch` and `request` do when given `orgPublicId`.
   */
  getSystemToken: (options?: GetSystemTokenOptions) => Promise<IssuedToken>;
  /**
   * Has PKB make invitations for patients, by which they register and then log in to their record. An organisation invites, by your
   * System Client. PKB leaves patients out without a word who have registered, have died, are not found, have no date of birth or are
   * under 16: they are in `leftOut`, and `getRecordStatus` tells most of the reasons.
   */
  inviteToRecord: (options: InviteToRecordOptions) => Promise<InviteToRecordResponse>;
  /**
   * Puts a patient into your organisation at PKB, or into teams of it, by your System Client: what has to be done before the organisation
   * can extract the patient's data. PKB makes a record for a patient that it does not know, and **overwrites the demographics** of one
   * that it knows; so what is sent for an app user is what PKB itself says of them (`getCurrentUser`), which has no middle names. Any
   * success is one: PKB does not document what it answers.
   */
  joinOrganisation: (options: JoinOrganisationOptions) => Promise<ApiResponse>;
  /**
   * Makes a call of PKB's FHIR or REST API that has no method of its own here. A GET that failed is repeated as `retryOptions` says;
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
}
