// Printed by `npm run types` from the core's description of itself; not edited by hand.

import type {
  CreateProvisionalStorageOptions,
  CreateProvisionalStorageResponse,
  DeleteAccountOptions,
  DeleteAccountResponse,
  DeleteUserOptions,
  DeleteUserResponse,
  ExchangeCodeForTokenOptions,
  GetAuthorizeUrlOptions,
  GetAuthorizeUrlResponse,
  GetContractDetailsOptions,
  GetContractDetailsResponse,
  GetOnboardServiceUrlOptions,
  GetOnboardServiceUrlResponse,
  GetPortabilityReportOptions,
  GetPortabilityReportResponse,
  GetReauthorizeAccountUrlOptions,
  GetReauthorizeAccountUrlResponse,
  GetReauthorizeUrlOptions,
  GetReauthorizeUrlResponse,
  GetRevokeAccountPermissionUrlOptions,
  GetRevokeAccountPermissionUrlResponse,
  GetServiceSampleDataSetsOptions,
  GetServiceSampleDataSetsResponse,
  GetUserStorageOptions,
  GetUserStorageResponse,
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
  ReadSessionOptions,
  ReadSessionResponse,
  RefreshTokenOptions,
  UserAccessToken,
} from "./types";

/** The calls. Each stands for itself, so the object can be taken apart. */
export interface DigiMeSDK {
  /** Creates a storage. It becomes a person's when they consent by a `getAuthorizeUrl` that names it as `storageId`. */
  createProvisionalStorage: (options: CreateProvisionalStorageOptions) => Promise<CreateProvisionalStorageResponse>;
  /** Removes an account, and what came from it, from the user's library. */
  deleteAccount: (options: DeleteAccountOptions) => Promise<DeleteAccountResponse>;
  /** Deletes the user and their whole library. There is no way back. */
  deleteUser: (options: DeleteUserOptions) => Promise<DeleteUserResponse>;
  /** Exchanges the code that a person came back with for a user access token. A code works once; store the token at once. */
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
   * Says where to send a user so that they withdraw the permission that an account stands for (MedMij only). They come back to
   * `redirectUri` with `result`, `success` or `failed`.
   */
  getRevokeAccountPermissionUrl: (
    options: GetRevokeAccountPermissionUrlOptions,
  ) => Promise<GetRevokeAccountPermissionUrlResponse>;
  /** The sets of sample data that a source has, by their ids, which `getAuthorizeUrl` takes as `sampleData.dataSet`. */
  getServiceSampleDataSets: (options: GetServiceSampleDataSetsOptions) => Promise<GetServiceSampleDataSetsResponse>;
  /** The storage of a user. */
  getUserStorage: (options: GetUserStorageOptions) => Promise<GetUserStorageResponse>;
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
   * Starts a session in which the user's sources are asked for data. A user who has just consented has one already, from
   * `getAuthorizeUrl`: another would ask the sources twice.
   */
  readSession: (options: ReadSessionOptions) => Promise<ReadSessionResponse>;
  /**
   * Exchanges the refresh token of a user access token for a new user access token. The old one is spent: store the new one at
   * once. Calls that need it refresh by themselves; this is for refreshing ahead of time.
   */
  refreshToken: (options: RefreshTokenOptions) => Promise<UserAccessToken>;
  /** Planned. */
  deleteStorageFiles: (options: any) => any;
  /** Planned. */
  downloadStorageFile: (options: any) => any;
  /** Planned. */
  listStorageFiles: (options: any) => any;
  /** Planned. */
  readAllFiles: (options: any) => any;
  /** Planned. */
  readFile: (options: any) => any;
  /** Planned. */
  readFileList: (options: any) => any;
  /** Planned. */
  readFileMetadata: (options: any) => any;
  /** Planned. */
  uploadFileToStorage: (options: any) => any;
}

/** The names of all calls. */
export const METHODS = [
  "createProvisionalStorage",
  "deleteAccount",
  "deleteUser",
  "exchangeCodeForToken",
  "getAuthorizeUrl",
  "getContractDetails",
  "getOnboardServiceUrl",
  "getPortabilityReport",
  "getReauthorizeAccountUrl",
  "getReauthorizeUrl",
  "getRevokeAccountPermissionUrl",
  "getServiceSampleDataSets",
  "getUserStorage",
  "pushData",
  "queryCategories",
  "queryCountries",
  "queryPlatforms",
  "querySources",
  "readAccounts",
  "readSession",
  "refreshToken",
  "deleteStorageFiles",
  "downloadStorageFile",
  "listStorageFiles",
  "readAllFiles",
  "readFile",
  "readFileList",
  "readFileMetadata",
  "uploadFileToStorage",
] as const satisfies ReadonlyArray<keyof DigiMeSDK>;

/** The names of the options that may be streams. */
export const STREAMS: readonly string[] = ["fileData"];
