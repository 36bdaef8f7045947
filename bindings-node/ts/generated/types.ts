// Printed by `npm run types` from the core's description of itself; not edited by hand.

import type { NodeBuffer, UrlObject } from "../ambient";
import type { ByteStream } from "../byte-stream";
import type { Abortable } from "../call";
import type { Answering, Callback } from "../callback";
import type { DigiMeSDKError } from "../errors";
import type { Fetch } from "../fetch";
import type { FileData } from "../file-data";
import type { Many } from "../many";
import type {
  Agent,
  ApiResponse,
  AttemptChange,
  AttemptQuery,
  AttemptRecord,
  AttemptRemoval,
  ClientAuthentication,
  ClientCertificate,
  Connection,
  ConnectionEvent,
  Consumer,
  ContractDetails,
  CurrentUser,
  DiscoveryBodyParams,
  ExportedLink,
  FhirOutcome,
  FhirVersion,
  FileDescriptor,
  FileLimits,
  FileListEntry,
  FileMetadata,
  FoundResource,
  HttpMethod,
  ImportedConnection,
  ImportedLink,
  ImportResponse,
  IssuedToken,
  KeepAliveResponse,
  LastChange,
  Library,
  Link,
  LinkChange,
  LinkCounts,
  LinkEvent,
  LinkFilterQuery,
  LinkPageQuery,
  LinkQuery,
  LinkRecord,
  LinkRemoval,
  LinkStatus,
  LinkTokens,
  OnConflict,
  PatientIdentifier,
  PkbConsent,
  PkbEndpoints,
  PkbEnvironment,
  PkbFhirSurface,
  PkbPerPatient,
  PkbSurface,
  PollingLimits,
  Provider,
  ProviderDataFinding,
  PublicIdQuery,
  PullSessionOptions,
  QueryParameters,
  ReadingProgress,
  RecordChange,
  RecordStatus,
  ReportFormat,
  ReportServiceType,
  RetryAttempt,
  SampleDataOptions,
  SdkEvent,
  SessionOptions,
  SourcesBodyParams,
  SourcesScope,
  SourceType,
  Standard,
  SystemClient,
  TimeoutOptions,
  TokensChanged,
  TraceContext,
  TracedAttempt,
  UserAccessToken,
} from "./data";

export type * from "./data";
export type * from "./every-call";

/** How an application is configured. */
export interface SdkConfiguration {
  /** The application's id, as digi.me gave it. */
  applicationId: string;
  /** Where the API is. Default: the environment variable `DIGIME_BASE_URL`, else `https://api.digi.me/v1.7/`. */
  baseUrl?: string;
  /** Where the cloud storage is. Default: `DIGIME_CLOUD_BASE_URL`, else `https://cloud.digi.me/v1/`. */
  cloudBaseUrl?: string;
  /** Where the pages are that a person is sent to. Default: `DIGIME_ONBOARD_URL`, else `https://api.digi.me/apps/saas/`. */
  onboardUrl?: string;
  /**
   * Origins that are believed beside those of the addresses above, `https://host:port`: the platform's tokens name the address of their keys
   * (`jku`), and where `baseUrl` is a gateway of your own, that is not at it.
   */
  trustedOrigins?: string[];
  /**
   * The address of the key set that verifies the platform's tokens, which then is asked for beside the first call that brings one, and not
   * once that has named it (`jku`); it is believed, wherever it is. Default: `jwks/oauth` below the platform's own `baseUrl`, and at any other
   * none.
   */
  keySetUrl?: string;
  /** When requests that failed are repeated. */
  retryOptions?: RetryOptions;
  /** How long to wait. */
  timeouts?: TimeoutOptions;
  /** How large the content of a file may be. */
  fileLimits?: FileLimits;
  /**
   * Where the connections of your users are kept, for calls by `appUserId`: `"memory"`, the path of a SQLite file, an address of PostgreSQL
   * (`postgres://…`), or an object of your own. Default: nowhere.
   */
  store?: string | UrlObject | LinkStore;
  /** The schema of PostgreSQL's in which the tables are. Default `digime_sdk`. */
  storeSchema?: string;
  /**
   * The key that encrypts the tokens in the store: 32 random bytes in base64 or hexadecimal digits, as `openssl rand -base64 32`
   * makes them; or a pair of functions by which a key management service wraps keys and unwraps them. Every store but memory needs it.
   */
  encryptionKey?: string | KeyWrapping;
  /**
   * Keys that open and do not seal: those that were `encryptionKey` before, until `rotateKeys` makes them unnecessary, and one that is
   * to be it, which every process has to know before the first seals with it.
   */
  previousEncryptionKeys?: Array<string | KeyWrapping>;
  /** Learns what becomes of connections, once the store has it. */
  onConnectionChange?: Callback<ConnectionEvent>;
  /**
   * How long a person may take from the address that `getConnectUrl` gives until they are back, in milliseconds. Default 3,600,000 (one
   * hour).
   */
  connectTimeout?: number;
  /** How long before its end the access token of a connection is replaced, in milliseconds; a quarter of its life at most. Default 60,000. */
  refreshMargin?: number;
  /**
   * How long the tokens of a connection that were read from the store serve without being read again, in milliseconds. Default 0: each call reads
   * the store, so that a connection that is removed, or over, is gone at once everywhere. What other clients and processes change, also that, is
   * seen so much later at most; what this client changes, at once. Only calls that need an access token use it, and those of 10,000 users at
   * most are kept, in memory, unencrypted.
   */
  cacheTokensFor?: number;
  /**
   * How long one process may take for the refresh of a connection, or for exchanging a code, in milliseconds, before another takes over.
   * Default 30,000, at least 3,000. What takes longer to be sent than a third of it is not sent.
   */
  refreshLease?: number;
  /**
   * Certificates of the authorities that may vouch for a server, in PEM, in place of all others: those of the system, and those to which
   * `SSL_CERT_FILE` and `SSL_CERT_DIR`, in Node `NODE_EXTRA_CA_CERTS` and in Python `REQUESTS_CA_BUNDLE` and `CURL_CA_BUNDLE` lead.
   */
  ca?: string | Uint8Array;
  /** The certificate by which the application shows servers who it is, where a gateway asks for one (mutual TLS). */
  clientCertificate?: ClientCertificate;
  /**
   * The proxy through which all requests go, `http://user:password@host:port`, or `false` for none. Default: as `HTTPS_PROXY`,
   * `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say, and never for addresses of this machine.
   */
  proxy?: string | false;
  /**
   * Sends all requests in place of the SDK's own transport: `fetch` as the standard has it, or what behaves so. It makes the connections, so
   * `ca`, `clientCertificate` and `proxy` are refused beside it, and `timeouts.connect` has no meaning; signing, repeating, refreshing,
   * decrypting and all other time-outs stay with the SDK.
   */
  fetch?: Fetch;
  /** Is told what the SDK does: requests, refreshes, leases, files. It is not waited for, and what it fails with is nobody's matter. */
  onEvent?: Callback<SdkEvent>;
  /**
   * Says which trace each attempt at a request is part of: its `traceparent` and `tracestate` go along (W3C Trace Context). It is asked where
   * the call was made, and may take a second; where it takes longer, fails or gives nothing, the request goes without.
   */
  traceContext?: Answering<TracedAttempt, TraceContext | null | undefined>;
  /**
   * What the platform is told of the SDK. It may refuse names and versions that it does not know, so the default is what the
   * JavaScript SDK says.
   */
  agent?: Agent;
}

/**
 * When to repeat a request that failed. What is left out has the default of the JavaScript SDK.
 *
 * POST is never among `methods`: a code, a refresh token and a pushed file must not be sent twice. Where an HTTP/2 server says that it has not
 * looked at a request (`REFUSED_STREAM`, `GOAWAY`), it is repeated whatever its method, but for streams.
 */
export interface RetryOptions {
  /** How often a request is repeated at most. Default 2; 0 for never. */
  limit?: number;
  /** The methods of requests that may be repeated. Default GET, PUT, HEAD, DELETE, OPTIONS, TRACE. */
  methods?: Array<
    | "GET"
    | "POST"
    | "PUT"
    | "PATCH"
    | "HEAD"
    | "DELETE"
    | "OPTIONS"
    | "TRACE"
    | "get"
    | "post"
    | "put"
    | "patch"
    | "head"
    | "delete"
    | "options"
    | "trace"
  >;
  /** The HTTP statuses after which a request is repeated. Default 408, 413, 429, 500, 502, 503, 504, 521, 522, 524. */
  statusCodes?: number[];
  /**
   * The network errors after which a request is repeated. Default `ETIMEDOUT`, `ECONNRESET`, `EADDRINUSE`,
   * `ECONNREFUSED`, `EPIPE`, `ENOTFOUND`, `ENETUNREACH`, `EAI_AGAIN`.
   */
  errorCodes?: string[];
  /**
   * The longest `Retry-After` that is waited for, in milliseconds; a longer one ends the attempts, and so does one beyond what is left of
   * `timeouts.call`. The error has it in `retryAfter`. Default: any within `timeouts.call`, and 120,000 where that does not bound the call.
   */
  maxRetryAfter?: number;
  /**
   * Given `{attemptCount, computedValue, retryAfter}`, says how many milliseconds to wait before the next attempt; 0 ends them.
   * It is asked only where the other rules would repeat.
   */
  calculateDelay?: Answering<RetryAttempt, number>;
}

/** How a key management service wraps the keys that encrypt the store: the SDK makes them, and keeps them wrapped, beside what they encrypt. */
export interface KeyWrapping {
  /** Wraps a key, which is 32 bytes: gives what the service makes of it, as bytes or text. */
  wrap: Answering<NodeBuffer, string | Uint8Array>;
  /** Gives the 32 bytes of a key again, or their base64, for what `wrap` has given. */
  unwrap: Answering<string | NodeBuffer, string | Uint8Array>;
  /** For how long an unwrapped key is kept in memory, in milliseconds: for so long the service may be away. Default 3,600,000 (one hour). */
  cacheFor?: number;
}

/** The options of `check`. */
export interface CheckConnectionsOptions extends Abortable {
  /** The contract whose connections are looked at. */
  contractId: string;
}

/** The options of `checkProviderData`. */
export interface CheckProviderDataOptions extends Abortable {
  /** The FHIR resource, most often a Bundle, as `pushData` takes it: as an object, as its JSON text, or as that in bytes. */
  data: Record<string, any> | string | Uint8Array;
  /** The FHIR release. */
  version: FhirVersion;
}

/** The options of `close`. */
export interface CloseOptions extends Abortable {
  /** How long to wait for what is under way, in milliseconds. Default 30,000. */
  timeout?: number;
}

/** The options of `completeConnect`. */
export interface CompleteConnectOptions extends Abortable {
  /** The contract that the person was asked to consent to. */
  contractDetails: ContractDetails;
  /** The address that the person came back to, whole or from its path on. */
  callbackUrl: string;
  /**
   * Your own id of the user who is logged in where the callback arrived. It must be the one who asked for the connection: else somebody
   * who is sent the address that another user of yours asked for connects their library to that user's account.
   */
  appUserId?: string;
  /**
   * `true` where whoever handles the callback cannot know who is logged in: the connection is then made for whoever asked for it, and you
   * must rule out by other means that they were sent somebody else's address. In place of `appUserId`.
   */
  anyUser?: boolean;
  /** What to do if the user is connected already, to another person's library. Default: `refuse`, with a `ConnectionConflictError`. */
  onConflict?: OnConflict;
}

/** The options of `countConnections`. */
export interface CountConnectionsOptions extends Abortable {
  /** The contract. */
  contractId: string;
}

/** The options of `createProvisionalStorage`. */
export interface CreateProvisionalStorageOptions extends Abortable {
  /** The contract. */
  contractDetails: ContractDetails;
}

/** The options of `deleteAccount`. */
export interface DeleteAccountOptions extends Abortable {
  /** The contract that was consented to. */
  contractDetails: ContractDetails;
  /** The user's token. */
  userAccessToken: UserAccessToken;
  /** The account, from `readAccounts`. */
  accountId: string;
  /** Learns the new token of a refresh, before it is used. An expired token is refreshed only if this is given. */
  onAccessTokenChange?: Callback<UserAccessToken>;
}

/** The options of `deleteStorageFiles`. */
export interface DeleteStorageFilesOptions extends Abortable {
  /** The contract. */
  contractDetails: ContractDetails;
  /** The storage. */
  storageId: string;
  /** What to delete. */
  path: string;
}

/** The options of `deleteUser`. */
export interface DeleteUserOptions extends Abortable {
  /** The contract that was consented to. */
  contractDetails: ContractDetails;
  /** The user's token. */
  userAccessToken: UserAccessToken;
  /** Learns the new token of a refresh, before it is used. An expired token is refreshed only if this is given. */
  onAccessTokenChange?: Callback<UserAccessToken>;
}

/** The options of `disconnect`. */
export interface DisconnectOptions extends Abortable {
  /** Your own id of the user. */
  appUserId: string;
  /** The contract that they had consented to. */
  contractId: string;
}

/** The options of `downloadStorageFile`. */
export interface DownloadStorageFileOptions extends Abortable {
  /** The contract. */
  contractDetails: ContractDetails;
  /** The storage. */
  storageId: string;
  /** The file's path. */
  path: string;
}

/** A file being read. */
export interface DownloadStorageFileResponse {
  /** Its content. */
  body: ByteStream;
  /** How many bytes it has, if the platform says so. */
  contentLength?: number;
}

/** The options of `exchangeCodeForToken`. */
export interface ExchangeCodeForTokenOptions extends Abortable {
  /** The contract that was consented to. */
  contractDetails: ContractDetails;
  /** The `codeVerifier` of the `getAuthorizeUrl` that sent the person away. */
  codeVerifier: string;
  /** The `code` that the person came back with. */
  authorizationCode: string;
}

/** The options of `exportConnection`. */
export interface ExportConnectionOptions extends Abortable {
  /** Your own id of the user. */
  appUserId: string;
  /** The contract that they have consented to. */
  contractId: string;
}

/** The options of `getAuthorizeUrl`. */
export interface GetAuthorizeUrlOptions extends Abortable {
  /** The contract that the person is asked to consent to. */
  contractDetails: ContractDetails;
  /** Where the person comes back to (`redirect_uri`); it has to be registered with the contract. */
  callback: string;
  /** What comes back with the person unchanged. Make it unguessable and compare it, against forged callbacks (RFC 6749 section 10.12). */
  state: string;
  /** The service that the person is shown at once. */
  serviceId?: number;
  /** The token of a person whose library exists already: what they add goes there. */
  userAccessToken?: UserAccessToken;
  /** What the reading session that starts with the consent is to fetch. */
  sessionOptions?: SessionOptions;
  /** Whether sources are added to read from, `pull`, or to push to, `push`. Default `pull`. */
  sourceType?: SourceType;
  /** Sample data instead of a real account. */
  sampleData?: SampleDataOptions;
  /** The language of the pages, as an ISO 639-1 code. */
  locale?: string;
  /** Whether sources that have only sample data are offered too. */
  includeSampleDataOnlySources?: boolean;
  /** The provisional storage that becomes the person's. */
  storageId?: string;
  /** Whether the sources are asked for data at once. */
  triggerQuery?: boolean;
  /** Limits the sources that the person can choose from. */
  sourcesScope?: SourcesScope;
  /** What the application understands, in place of `agent.consumer` of the configuration. */
  consumer?: Consumer;
}

/** The options of `getConnectUrl`. */
export interface GetConnectUrlOptions extends Abortable {
  /** Your own id of the user who is logged in: at most 1,000 bytes, without NUL. */
  appUserId: string;
  /** The contract that the person is asked to consent to. */
  contractDetails: ContractDetails;
  /** Where the person comes back to (`redirect_uri`); it has to be registered with the contract. */
  callback: string;
  /**
   * Another contract under which the user may be connected: where they are, what they add goes to the library that they have. Without it,
   * and without a connection under this contract, they get a library of their own for it.
   */
  libraryContract?: ContractDetails;
  /** Anything that `completeConnect` is to give back, such as the page to go on with: up to 16 KiB of JSON. It is stored encrypted. */
  context?: unknown;
  /** The service that the person is shown at once. */
  serviceId?: number;
  /** What the reading session that starts with the consent is to fetch. */
  sessionOptions?: SessionOptions;
  /** Whether sources are added to read from, `pull`, or to push to, `push`. Default `pull`. */
  sourceType?: SourceType;
  /** Sample data instead of a real account. */
  sampleData?: SampleDataOptions;
  /** The language of the pages, as an ISO 639-1 code. */
  locale?: string;
  /** Whether sources that have only sample data are offered too. */
  includeSampleDataOnlySources?: boolean;
  /** The provisional storage that becomes the person's. */
  storageId?: string;
  /** Whether the sources are asked for data at once. */
  triggerQuery?: boolean;
  /** Limits the sources that the person can choose from. */
  sourcesScope?: SourcesScope;
  /** What the application understands, in place of `agent.consumer` of the configuration. */
  consumer?: Consumer;
}

/** The options of `getConnection`. */
export interface GetConnectionOptions extends Abortable {
  /** Your own id of the user. */
  appUserId: string;
  /** The contract that they may have consented to. */
  contractId: string;
}

/** The options of `getContractDetails`. */
export interface GetContractDetailsOptions extends Abortable {
  /** The contract. */
  contractDetails: ContractDetails;
}

/** The options of `getOnboardServiceUrl`. */
export interface GetOnboardServiceUrlOptions extends Abortable {
  /** The contract that was consented to. */
  contractDetails: ContractDetails;
  /** Where the user comes back to; it has to be registered with the contract. */
  callback: string;
  /** The user's token. An expired one is refreshed. */
  userAccessToken: UserAccessToken;
  /** The service that the user is shown at once. */
  serviceId?: number;
  /** Whether a source is added to read from, `pull`, or to push to, `push`. Default `pull`. */
  sourceType?: SourceType;
  /** Sample data instead of a real account. */
  sampleData?: SampleDataOptions;
  /** What the reading session that starts with the new source is to fetch. */
  sessionOptions?: SessionOptions;
  /** The language of the pages, as an ISO 639-1 code. */
  locale?: string;
  /** Whether sources that have only sample data are offered too. */
  includeSampleDataOnlySources?: boolean;
  /** Whether the source is asked for data at once. */
  triggerQuery?: boolean;
  /** Limits the sources that the user can choose from. */
  sourcesScope?: SourcesScope;
  /** What comes back with the user unchanged. */
  state?: string;
  /** What the application understands, in place of `agent.consumer` of the configuration. */
  consumer?: Consumer;
  /** Learns the new token of a refresh, before it is used. */
  onAccessTokenChange?: Callback<UserAccessToken>;
}

/** The options of `getPortabilityReport`. */
export interface GetPortabilityReportOptions extends Abortable {
  /** The contract that was consented to. */
  contractDetails: ContractDetails;
  /** The user's token. */
  userAccessToken: UserAccessToken;
  /** The format. */
  format: ReportFormat;
  /** The kind of service. */
  serviceType: ReportServiceType;
  /** From when, in seconds since 1970. Default: from the begin. */
  from?: number;
  /** To when, in seconds since 1970. Default: to now. */
  to?: number;
  /** Learns the new token of a refresh, before it is used. An expired token is refreshed only if this is given. */
  onAccessTokenChange?: Callback<UserAccessToken>;
}

/** The options of `getReauthorizeAccountUrl`. */
export interface GetReauthorizeAccountUrlOptions extends Abortable {
  /** The contract that was consented to. */
  contractDetails: ContractDetails;
  /** Where the user comes back to; it has to be registered with the contract. */
  callback: string;
  /** The user's token. An expired one is refreshed. */
  userAccessToken: UserAccessToken;
  /** The account, from `readAccounts`. */
  accountId: string;
  /** The language of the pages, as an ISO 639-1 code. */
  locale?: string;
  /** What the application understands, in place of `agent.consumer` of the configuration. */
  consumer?: Consumer;
  /** Learns the new token of a refresh, before it is used. */
  onAccessTokenChange?: Callback<UserAccessToken>;
}

/** The options of `getReauthorizeUrl`. */
export interface GetReauthorizeUrlOptions extends Abortable {
  /** The contract that was consented to. */
  contractDetails: ContractDetails;
  /** Where the user comes back to; it has to be registered with the contract. */
  callback: string;
  /** The user's token. */
  userAccessToken: UserAccessToken;
  /** What comes back with the user unchanged. Not with `appUserId`: the SDK makes it and remembers it. */
  state?: string;
  /** The language of the pages, as an ISO 639-1 code. */
  locale?: string;
  /** What the reading session that starts with the consent is to fetch. */
  sessionOptions?: SessionOptions;
  /** Whether the sources are asked for data at once. */
  triggerQuery?: boolean;
  /** What the application understands, in place of `agent.consumer` of the configuration. */
  consumer?: Consumer;
  /** Learns the new token of a refresh, before it is used. An expired token is refreshed only if this is given. */
  onAccessTokenChange?: Callback<UserAccessToken>;
}

/** The options of `getRevokeAccountPermissionUrl`. */
export interface GetRevokeAccountPermissionUrlOptions extends Abortable {
  /** The contract that was consented to. */
  contractDetails: ContractDetails;
  /** The user's token. */
  userAccessToken: UserAccessToken;
  /** The account, from `readAccounts`. */
  accountId: string;
  /** Where the user comes back to. */
  redirectUri: string;
  /** Learns the new token of a refresh, before it is used. An expired token is refreshed only if this is given. */
  onAccessTokenChange?: Callback<UserAccessToken>;
}

/** The options of `getServiceSampleDataSets`. */
export interface GetServiceSampleDataSetsOptions extends Abortable {
  /** The contract. */
  contractDetails: ContractDetails;
  /** The source, from `querySources`. */
  sourceId: number;
}

/** The options of `getUserStorage`. */
export interface GetUserStorageOptions extends Abortable {
  /** The contract that was consented to. */
  contractDetails: ContractDetails;
  /** The user's token. An expired one is refreshed. */
  userAccessToken: UserAccessToken;
  /** Learns the new token of a refresh, before it is used. */
  onAccessTokenChange?: Callback<UserAccessToken>;
}

/** The options of `importConnection`. */
export interface ImportConnectionOptions extends Abortable {
  /** Your own id of the user: at most 1,000 bytes, without NUL. */
  appUserId: string;
  /** The contract that they have consented to. */
  contractId: string;
  /** Their token, as it is now, with its expiry. */
  userAccessToken: UserAccessToken;
}

/** The options of `importConnections`. */
export interface ImportConnectionsOptions extends Abortable {
  /** The contract that they have consented to. */
  contractId: string;
  /** The users: whatever can be iterated over, a list or the rows of a table. A list is looked through before anybody is brought in. */
  connections: Many<ImportedConnection>;
}

/** The options of `keepAlive`. */
export interface KeepConnectionsAliveOptions extends Abortable {
  /** The contract. */
  contractDetails: ContractDetails;
  /** For how long tokens must not have been refreshed, in milliseconds: a part of how long refresh tokens live. */
  idleFor: number;
  /** How many are refreshed at once. Default 4. */
  concurrency?: number;
  /** How many in a second at most. Default 10. */
  perSecond?: number;
  /** Learns how far it is, from time to time and at the end. */
  onProgress?: Callback<KeepAliveResponse>;
}

/** The options of `listConnections`. */
export interface ListConnectionsOptions extends Abortable {
  /** The contract. */
  contractId: string;
  /** Only those that stand so. */
  status?: LinkStatus;
  /** Only those whose tokens were last refreshed before this time, in milliseconds since 1970. */
  refreshedBefore?: number;
  /** Only those of users whose id is greater, to go on where a list was left. */
  after?: string;
}

/** The options of `listStorageFiles`. */
export interface ListStorageFilesOptions extends Abortable {
  /** The contract. */
  contractDetails: ContractDetails;
  /** The storage. */
  storageId: string;
  /** The folder. Default: all of them, the application's own. */
  path?: string;
  /** Whether folders inside it are listed too. Default `false`. */
  recursive?: boolean;
}

/** The options of `pushData`. */
export type PushDataOptions = PushDataToLibraryOptions | PushDataToProviderOptions;

/** What to push into the user's library. */
export interface PushDataToLibraryOptions extends Abortable {
  /** `library`, or left out. */
  type?: Library;
  /** The contract that was consented to. */
  contractDetails: ContractDetails;
  /** The user's token. An expired one is refreshed. */
  userAccessToken: UserAccessToken;
  /** The file. */
  data: PushedFileMeta;
  /** Learns the new token of a refresh, before it is used. */
  onAccessTokenChange?: Callback<UserAccessToken>;
}

/** A file for the library. */
export interface PushedFileMeta {
  /** Its content: bytes, or a stream of them. */
  fileData: FileData;
  /** Its name. The platform has no place for it: what readers are to see belongs in `reference` or `tags`. */
  fileName: string;
  /** What the platform is told of it. It travels in a header, and gateways refuse long ones: keep it below 4,000 bytes of JSON. */
  fileDescriptor: FileDescriptor;
}

/** What to push to a provider. */
export interface PushDataToProviderOptions extends Abortable {
  /** `provider`. */
  type: Provider;
  /** The contract that was consented to. */
  contractDetails: ContractDetails;
  /** The user's token. An expired one is refreshed. */
  userAccessToken: UserAccessToken;
  /**
   * The FHIR resource, most often a Bundle: as an object, as its JSON text, or as that in bytes. Text is sent as it is, every digit
   * included.
   */
  data: Record<string, any> | string | Uint8Array;
  /** The FHIR release. */
  version: FhirVersion;
  /** The standard of the data. Default `fhir`. */
  standard?: Standard;
  /** The `id` of the provider's account, from `readAccounts`. */
  accountId: string;
  /** Whether data that the provider is certain to refuse fails the call, with a `ProviderDataError`, before anything is sent. Default `false`. */
  check?: boolean;
  /** Learns the new token of a refresh, before it is used. */
  onAccessTokenChange?: Callback<UserAccessToken>;
}

/** The options of `queryCategories`. */
export interface QueryCategoriesOptions extends Abortable {
  /** The contract. */
  contractDetails: ContractDetails;
  /** Which of them, and what of them. Default: all. */
  categoriesBodyParams?: DiscoveryBodyParams;
}

/** The options of `queryCountries`. */
export interface QueryCountriesOptions extends Abortable {
  /** The contract. */
  contractDetails: ContractDetails;
  /** Which of them, and what of them. Default: all. */
  countriesBodyParams?: DiscoveryBodyParams;
}

/** The options of `queryPlatforms`. */
export interface QueryPlatformsOptions extends Abortable {
  /** The contract. */
  contractDetails: ContractDetails;
  /** Which of them, and what of them. Default: all. */
  platformsBodyParams?: DiscoveryBodyParams;
}

/** The options of `querySources`. */
export interface QuerySourcesOptions extends Abortable {
  /** The contract. */
  contractDetails: ContractDetails;
  /** Which sources, and what of them. */
  sourcesBodyParams?: SourcesBodyParams;
}

/** The options of `readAccounts`. */
export interface ReadAccountsOptions extends Abortable {
  /** The contract that was consented to. */
  contractDetails: ContractDetails;
  /** The user's token. An expired one is refreshed. */
  userAccessToken: UserAccessToken;
  /** Learns the new token of a refresh, before it is used. */
  onAccessTokenChange?: Callback<UserAccessToken>;
}

/** The options of `readAllFiles`. */
export interface ReadAllFilesOptions extends Abortable {
  /** The `key` of the session. */
  sessionKey: string;
  /** The id of the contract that was consented to. */
  contractId: string;
  /** The contract's private key, as in `contractDetails`. */
  privateKey: string | Uint8Array;
  /** The user's token. An expired one is refreshed. */
  userAccessToken: UserAccessToken;
  /** Gets each file. */
  onFileData?: Callback<FileDataEvent>;
  /** Gets each file that cannot be read. */
  onFileError?: Callback<FileErrorEvent>;
  /** Gets the state of the session when it changes, which is taken for `pending` before it is known. */
  onStatusChange?: Callback<"pending" | "running" | "partial" | "completed">;
  /** Learns the new token of a refresh, before it is used. */
  onAccessTokenChange?: Callback<UserAccessToken>;
  /** Learns how far the reading is. */
  onProgress?: Callback<ReadingProgress>;
  /**
   * How many files are read at once at most. They are 5 at first, then more as long as that is faster, and fewer where the platform asks for
   * less or the files are so large that they would be more than 64 MiB together. At least 1. Default 32.
   */
  concurrency?: number;
  /**
   * How long to wait before asking for the list of files again, in milliseconds, at least 1; longer where the platform says so (`Retry-After`),
   * and where it has too much to do (429, 503). Default: 500 at first, then ever longer up to 3,000, and less again after a change.
   */
  pollingInterval?: number;
  /** How long to wait for the session at most. */
  pollingLimits?: PollingLimits;
}

/** A file that was read. */
export interface FileDataEvent {
  /** Its content. */
  fileData: NodeBuffer;
  /** What is known of it. */
  fileMetadata: FileMetadata;
  /** Its name. */
  fileName: string;
  /** When it was last changed, as HTTP writes dates. */
  lastModified: string;
  /** The user's token, as it is now. */
  userAccessToken: UserAccessToken;
  /** All files that the session has so far. */
  fileList: FileListEntry[];
}

/** A file that cannot be read. */
export interface FileErrorEvent {
  /** Why. */
  error: DigiMeSDKError;
  /** Its name. */
  fileName: string;
  /** All files that the session has so far. */
  fileList: FileListEntry[];
}

/** The options of `readFile`. */
export interface ReadFileOptions extends Abortable {
  /** The `key` of the session. */
  sessionKey: string;
  /** The file's name, from `readFileList`. */
  fileName: string;
  /** The id of the contract that was consented to. */
  contractId: string;
  /** The contract's private key, as in `contractDetails`. */
  privateKey: string | Uint8Array;
  /** The user's token. An expired one is refreshed. */
  userAccessToken: UserAccessToken;
  /** Learns the new token of a refresh, before it is used. */
  onAccessTokenChange?: Callback<UserAccessToken>;
}

/** A file, and the token to go on with. */
export interface ReadFileResponse {
  /** Its content. */
  fileData: NodeBuffer;
  /** What is known of it. */
  fileMetadata: FileMetadata;
  /** Its name. */
  fileName: string;
  /** When it was last changed, as HTTP writes dates. */
  lastModified: string;
  /** The user's token: the one given, or the one that replaced it. Store it. */
  userAccessToken: UserAccessToken;
}

/** The options of `readFileList`. */
export interface ReadFileListOptions extends Abortable {
  /** The `key` of the session. */
  sessionKey: string;
  /** The id of the contract that was consented to. */
  contractId: string;
  /** The contract's private key, as in `contractDetails`. */
  privateKey: string | Uint8Array;
  /** The user's token. An expired one is refreshed. */
  userAccessToken: UserAccessToken;
  /** Learns the new token of a refresh, before it is used. */
  onAccessTokenChange?: Callback<UserAccessToken>;
}

/** The options of `readFileMetadata`. */
export interface ReadFileMetadataOptions extends Abortable {
  /** The `key` of the session. */
  sessionKey: string;
  /** The file's name, from `readFileList`. */
  fileName: string;
  /** The contract that was consented to. */
  contractDetails: ContractDetails;
  /** The user's token. An expired one is refreshed. */
  userAccessToken: UserAccessToken;
  /** Learns the new token of a refresh, before it is used. */
  onAccessTokenChange?: Callback<UserAccessToken>;
}

/** A file being read, and the token to go on with. */
export interface ReadFileStreamResponse {
  /** Its content. */
  body: ByteStream;
  /** What is known of it. */
  fileMetadata: FileMetadata;
  /** Its name. */
  fileName: string;
  /** When it was last changed, as HTTP writes dates. */
  lastModified?: string;
  /** The user's token: the one given, or the one that replaced it. Store it. */
  userAccessToken: UserAccessToken;
}

/** The options of `readSession`. */
export interface ReadSessionOptions extends Abortable {
  /** The contract that was consented to. */
  contractDetails: ContractDetails;
  /** The user's token. An expired one is refreshed. */
  userAccessToken: UserAccessToken;
  /** What is to be fetched. */
  sessionOptions?: PullSessionOptions;
  /** What the application understands, in place of `agent.consumer` of the configuration. */
  consumer?: Consumer;
  /** Learns the new token of a refresh, before it is used. */
  onAccessTokenChange?: Callback<UserAccessToken>;
}

/** The options of `refreshToken`. */
export interface RefreshTokenOptions extends Abortable {
  /** The contract that was consented to. */
  contractDetails: ContractDetails;
  /** The token to replace. */
  userAccessToken: UserAccessToken;
}

/** The options of `rotateKeys`. */
export interface RotateConnectionKeysOptions extends Abortable {
  /** The contract. */
  contractId: string;
}

/** The options of `uploadFileToStorage`. */
export interface UploadFileToStorageOptions extends Abortable {
  /** The contract. */
  contractDetails: ContractDetails;
  /** The storage. */
  storageId: string;
  /** The file's name. The platform takes none with blanks. */
  fileName: string;
  /** Its content: bytes, or a stream of them. */
  fileData: FileData;
  /** The folder. Default: the application's own. */
  path?: string;
}

/** How an application is configured that calls PKB. */
export interface PkbConfiguration {
  /** The id of your User Client, as PKB gave it. */
  clientId: string;
  /** Its secret, if PKB gave one. */
  clientSecret?: string;
  /**
   * Where PKB sends the patient back to: exactly as registered with PKB. An address of localhost or a custom scheme
   * (`myapp://linked`) is one too.
   */
  redirectUri: string;
  /** Which of PKB's environments. The environment variable `PKB_BASE_URL` goes before it. */
  environment: PkbEnvironment;
  /**
   * Where links are kept: `"memory"`, the path of a SQLite file, an address of PostgreSQL (`postgres://…`), or an object of your
   * own. Default: in memory, so that they end with the process.
   */
  store?: string | UrlObject | LinkStore;
  /** The schema of PostgreSQL's in which the tables are. Default `digime_sdk`. */
  storeSchema?: string;
  /**
   * The key that encrypts the tokens in the store: 32 random bytes in base64 or hexadecimal digits, as `openssl rand -base64 32`
   * makes them; or a pair of functions by which a key management service wraps keys and unwraps them. Every store but memory needs it.
   */
  encryptionKey?: string | KeyWrapping;
  /**
   * Keys that open and do not seal: those that were `encryptionKey` before, until `rotateKeys` makes them unnecessary, and one that is
   * to be it, which every process has to know before the first seals with it.
   */
  previousEncryptionKeys?: Array<string | KeyWrapping>;
  /** Learns of each new pair of tokens, once it is stored. */
  onTokensChanged?: Callback<TokensChanged>;
  /** Learns of each link that PKB says is over, once that is stored: time to ask the patient to link again. */
  onLinkExpired?: Callback<Link>;
  /**
   * Learns of each change of a link, once it is stored: of those, and of links that were made, replaced, removed, or whose refresh token may be
   * spent.
   */
  onLinkChange?: Callback<LinkEvent>;
  /** Is told what the SDK does: requests, refreshes, leases, files. It is not waited for, and what it fails with is nobody's matter. */
  onEvent?: Callback<SdkEvent>;
  /**
   * Says which trace each attempt at a request is part of: its `traceparent` and `tracestate` go along (W3C Trace Context). It is asked where
   * the call was made, and may take a second; where it takes longer, fails or gives nothing, the request goes without.
   */
  traceContext?: Answering<TracedAttempt, TraceContext | null | undefined>;
  /** What an app user is asked for. Default `PATIENT`. */
  scope?: string;
  /** How your client proves to PKB's token endpoint who it is. Default: `body` if there is a `clientSecret`, else `none`. */
  clientAuthentication?: ClientAuthentication;
  /** Whether linking uses PKCE (RFC 7636). PKB documents none, so the default is not to. */
  pkce?: boolean;
  /**
   * How long a patient may take from the address that `getLinkUrl` gives until they are back, in milliseconds. Default 900,000
   * (15 minutes).
   */
  linkTimeout?: number;
  /** How long before its end an access token is replaced, in milliseconds; a quarter of its life at most. Default 60,000. */
  refreshMargin?: number;
  /**
   * How long the tokens of a link that were read from the store serve without being read again, in milliseconds. Default 0: each call reads
   * the store, so that a link that is removed, or over, is gone at once everywhere. What other clients and processes change, also that, is
   * seen so much later at most; what this client changes, at once. Only calls that need an access token use it, and those of 10,000 users at
   * most are kept, in memory, unencrypted.
   */
  cacheTokensFor?: number;
  /**
   * How long one process may take for a refresh, or for exchanging a code, in milliseconds, before another takes over. Default 30,000, at
   * least 3,000. What takes longer to be sent than a third of it is not sent.
   */
  refreshLease?: number;
  /** Your System Client, for calls of the Facade and of Messaging on an organisation's behalf. */
  systemClient?: SystemClient;
  /** Your Customer System Client, for calls of Aggregated and Customer. */
  customerSystemClient?: SystemClient;
  /** How many requests about one patient are under way at once. */
  perPatient?: PkbPerPatient;
  /** Addresses, paths and methods that are not as PKB documents them. */
  endpoints?: PkbEndpoints;
  /**
   * Origins that are believed beside those of the addresses above, `https://host:port`: a search goes on at the address that its page
   * names, and where PKB is behind a gateway of your own, that is not at it. Patients' tokens are sent there.
   */
  trustedOrigins?: string[];
  /** When GET requests that failed are repeated. Others never are. */
  retryOptions?: RetryOptions;
  /** How long to wait. */
  timeouts?: TimeoutOptions;
  /**
   * Certificates of the authorities that may vouch for a server, in PEM, in place of all others: those of the system, and those to which
   * `SSL_CERT_FILE` and `SSL_CERT_DIR`, in Node `NODE_EXTRA_CA_CERTS` and in Python `REQUESTS_CA_BUNDLE` and `CURL_CA_BUNDLE` lead.
   */
  ca?: string | Uint8Array;
  /** The certificate by which the application shows servers who it is, where a gateway asks for one (mutual TLS). */
  clientCertificate?: ClientCertificate;
  /**
   * The proxy through which all requests go, `http://user:password@host:port`, or `false` for none. Default: as `HTTPS_PROXY`,
   * `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say, and never for addresses of this machine.
   */
  proxy?: string | false;
  /**
   * Sends all requests in place of the SDK's own transport: `fetch` as the standard has it, or what behaves so. It makes the connections, so
   * `ca`, `clientCertificate` and `proxy` are refused beside it, and `timeouts.connect` has no meaning; signing, repeating, refreshing,
   * decrypting and all other time-outs stay with the SDK.
   */
  fetch?: Fetch;
}

/** The options of `addMeasurement`. */
export interface AddMeasurementOptions extends Abortable {
  /** Your own id of the user. */
  appUserId: string;
  /** The measurement as PKB has it, or its JSON text, or that as bytes: text is sent as it is, every digit included. */
  measurement: Record<string, any> | string | Uint8Array;
}

/** The options of `check`: none of its own. */
export interface CheckOptions extends Abortable {}

/** The options of `completeLink`: `callbackUrl`, or `code` and `state`. */
export interface CompleteLinkOptions extends Abortable {
  /** The address that the patient came back to, whole or from its path on. */
  callbackUrl?: string;
  /** Its parameter `code`. */
  code?: string;
  /** Its parameter `state`. */
  state?: string;
  /**
   * Your own id of the user who is logged in where the callback arrived. It must be the one who asked for the link: else somebody who is
   * sent the address that another user of yours asked for links their record to that user's account.
   */
  appUserId?: string;
  /**
   * `true` where whoever handles the callback cannot know who is logged in: the link is then made for whoever asked for it, and you
   * must rule out by other means that they were sent somebody else's address. In place of `appUserId`.
   */
  anyUser?: boolean;
  /** What to do if the user, or the PKB record, is linked already, to another. Default: `refuse`, with a `LinkConflictError`. */
  onConflict?: OnConflict;
}

/** The options of `countLinks`: there are none. */
export interface CountLinksOptions extends Abortable {}

/** The options of `exportLink`. */
export interface ExportLinkOptions extends Abortable {
  /** Your own id of the user. */
  appUserId: string;
}

/** The options of `fhirBatch`. */
export interface FhirBatchOptions extends Abortable {
  /** A FHIR `Bundle` of type `batch`, or its JSON text, or that as bytes: text is sent as it is, every digit included. */
  bundle: Record<string, any> | string | Uint8Array;
}

/** The options of `fhirCreate`. */
export interface FhirCreateOptions extends Abortable {
  /** The resource, or its JSON text, or that as bytes: text is sent as it is, every digit included. */
  resource: Record<string, any> | string | Uint8Array;
  /** A search: the resource is made only where there is none that it finds (FHIR's conditional create), such as `identifier`. */
  ifNoneExist?: QueryParameters;
}

/** The options of `fhirRead`. */
export interface FhirReadOptions extends Abortable {
  /** Your own id of the user on whose behalf it is read. */
  appUserId?: string;
  /** The public id of the organisation on whose behalf it is read, by your System Client. */
  orgPublicId?: string;
  /**
   * The API in which it is read. Default `facade`; `aggregated` and `customer` are called by your Customer System Client, on nobody else's
   * behalf.
   */
  surface?: PkbFhirSurface;
  /** What it is: `Patient`. */
  resourceType: string;
  /** Its id: for the patient's own `Patient` in the Facade, the public id. */
  id: string;
}

/** The options of `fhirSearch`. */
export interface FhirSearchOptions extends Abortable {
  /** Your own id of the user on whose behalf it is made. */
  appUserId?: string;
  /** The public id of the organisation on whose behalf it is made, by your System Client. */
  orgPublicId?: string;
  /**
   * The API that is searched. Default `facade`; `aggregated` and `customer` are called by your Customer System Client. In `aggregated`
   * `appUserId` says whose data is searched for, and the caller is still that client.
   */
  surface?: PkbFhirSurface;
  /**
   * In `aggregated`, beside `appUserId`: the parameter that names the patient, for types of which PKB's documents do not tell it, such as
   * `subject:Patient.identifier`.
   */
  patientParameter?: string;
  /** What is searched for: `Observation`. */
  resourceType: string;
  /** The search's parameters: `patient`, `category`, `date`. */
  parameters?: QueryParameters;
}

/** The options of `fhirSearchResources`. */
export interface FhirSearchResourcesOptions extends Abortable {
  /** Your own id of the user on whose behalf it is made. */
  appUserId?: string;
  /** The public id of the organisation on whose behalf it is made, by your System Client. */
  orgPublicId?: string;
  /**
   * The API that is searched. Default `facade`; `aggregated` and `customer` are called by your Customer System Client. In `aggregated`
   * `appUserId` says whose data is searched for, and the caller is still that client.
   */
  surface?: PkbFhirSurface;
  /**
   * In `aggregated`, beside `appUserId`: the parameter that names the patient, for types of which PKB's documents do not tell it, such as
   * `subject:Patient.identifier`.
   */
  patientParameter?: string;
  /** What is searched for: `Observation`. */
  resourceType: string;
  /** The search's parameters: `patient`, `category`, `date`. */
  parameters?: QueryParameters;
}

/** The options of `fhirTransaction`. */
export interface FhirTransactionOptions extends Abortable {
  /** A FHIR `Bundle` of type `transaction`, or its JSON text, or that as bytes: text is sent as it is, every digit included. */
  bundle: Record<string, any> | string | Uint8Array;
}

/** The options of `fhirUpdate`. */
export interface FhirUpdateOptions extends Abortable {
  /** The resource with its `id`, or its JSON text, or that as bytes: text is sent as it is, every digit included. */
  resource: Record<string, any> | string | Uint8Array;
  /** The version that it is to replace, so that nobody else's change is lost: the `versionId` of what was read, or its `etag`. */
  ifVersion?: string;
}

/** The options of `findLinks`. */
export interface FindLinksOptions extends Abortable {
  /** The patient's PKB public id. */
  publicId: string;
}

/** The options of `getAccessToken`. */
export interface GetAccessTokenOptions extends Abortable {
  /** Your own id of the user. */
  appUserId: string;
}

/** The options of `getConsents`. */
export interface GetConsentsOptions extends Abortable {
  /** Your own id of the user. */
  appUserId: string;
}

/** The options of `getCurrentUser`. */
export interface GetCurrentUserOptions extends Abortable {
  /** Your own id of the user. */
  appUserId: string;
}

/** The options of `getLastChange`: `appUserId`, or `orgPublicId` and `identifiers`. */
export interface GetLastChangeOptions extends Abortable {
  /** Your own id of the user whose record it is about. */
  appUserId?: string;
  /** The public id of the organisation that asks, by your System Client. */
  orgPublicId?: string;
  /** The patients that the organisation asks about, by national numbers or public ids, as many as you like: PKB is asked for 100 at a time. */
  identifiers?: PatientIdentifier[];
}

/** The options of `getLink`. */
export interface GetLinkOptions extends Abortable {
  /** Your own id of the user. */
  appUserId: string;
}

/** The options of `getLinkUrl`. */
export interface GetLinkUrlOptions extends Abortable {
  /** Your own id of the user who is logged in: at most 1,000 bytes, without NUL. */
  appUserId: string;
  /**
   * Where PKB sends them back to, if that is not just the `redirectUri` of the configuration: PKB allows parameters to be added
   * to its query.
   */
  redirectUri?: string;
  /** Anything that `completeLink` is to give back, such as the page to go on with: up to 16 KiB of JSON. It is stored encrypted. */
  context?: unknown;
}

/** The options of `getMeasurementTypes`. */
export interface GetMeasurementTypesOptions extends Abortable {
  /** Your own id of a user on whose behalf it is asked. PKB calls the list public, so by default nobody's token is sent along. */
  appUserId?: string;
}

/** The options of `getMeasurements`. */
export interface GetMeasurementsOptions extends Abortable {
  /** Your own id of the user. */
  appUserId: string;
  /**
   * Parameters for the query: PKB wants all types listed by their `apiRef`, which `getMeasurementTypes` tells, and does not document
   * under which name.
   */
  query?: QueryParameters;
}

/** The options of `getPublicId`. */
export interface GetPublicIdOptions extends Abortable {
  /** Your own id of the user. */
  appUserId: string;
}

/** The options of `getRecordStatus`. */
export interface GetRecordStatusOptions extends Abortable {
  /** The public id of the organisation that asks. */
  orgPublicId: string;
  /** The patients' NHS, CHI or Health & Care numbers, as many as you like: PKB is asked for 5,000 at a time. */
  identifiers: PatientIdentifier[];
}

/** The options of `getSignInUrl`. */
export interface GetSignInUrlOptions extends Abortable {
  /** Your own id of the user. */
  appUserId: string;
  /** The page, from PKB's host on: `/auth/patientSummary.action?tab=patientSummary`. */
  path: string;
}

/** The options of `getSystemToken`. */
export interface GetSystemTokenOptions extends Abortable {
  /** The API that it is to serve at: `facade`, the default, `messaging`, `aggregated` or `customer`. */
  surface?: PkbSurface;
}

/** The options of `importLink`. */
export interface ImportLinkOptions extends Abortable {
  /** Your own id of the user: at most 1,000 bytes, without NUL. */
  appUserId: string;
  /** The patient's PKB public id, as `$purview` has given it. */
  publicId: string;
  /** Their tokens, as they are now. */
  tokens: LinkTokens;
}

/** The options of `importLinks`. */
export interface ImportLinksOptions extends Abortable {
  /** The patients: whatever can be iterated over, a list or the rows of a table. A list is looked through before anybody is brought in. */
  links: Many<ImportedLink>;
}

/** The options of `inviteToRecord`. */
export interface InviteToRecordOptions extends Abortable {
  /** The public id of the organisation that invites. */
  orgPublicId: string;
  /** The patients' NHS, CHI or Health & Care numbers, as many as you like: PKB is asked for 500 at a time. */
  identifiers: PatientIdentifier[];
  /** The code of a team, which PKB gives: the join page then has its logo. */
  teamCode?: string;
  /** The patient's email address, which the join page then has filled in. For one patient alone. */
  email?: string;
}

/** The options of `joinOrganisation`. */
export interface JoinOrganisationOptions extends Abortable {
  /** The public id of the organisation. */
  orgPublicId: string;
  /** Your own id of the user, who has linked: PKB is asked for what it knows of them. */
  appUserId?: string;
  /**
   * In place of `appUserId`, the patient as a FHIR `Patient` (STU3), or its JSON text, or that as bytes. Name, date of birth and gender
   * are required; identifiers are the national ones.
   */
  patient?: Record<string, any> | string | Uint8Array;
  /** The aliases of the teams that the patient is put into. Default: the organisation's default team. */
  teams?: string[];
  /** The alias of the organisation's default team, which PKB wants among `teams`, and which is added to them. */
  defaultTeam?: string;
  /** Whether PKB may invite the patient to register, by email. Default `false`: their email address is left out of what is sent. */
  invite?: boolean;
}

/** The options of `keepAlive`. */
export interface KeepAliveOptions extends Abortable {
  /** For how long tokens must not have been refreshed, in milliseconds: a part of how long sessions live. */
  idleFor: number;
  /** How many are refreshed at once. Default 4. */
  concurrency?: number;
  /** How many in a second at most. Default 10. */
  perSecond?: number;
  /** Learns how far it is, from time to time and at the end. */
  onProgress?: Callback<KeepAliveResponse>;
}

/** The options of `listLinks`. */
export interface ListLinksOptions extends Abortable {
  /** Only those that stand so. */
  status?: LinkStatus;
  /** Only those whose tokens were last refreshed before this time, in milliseconds since 1970. */
  refreshedBefore?: number;
  /** Only those of users whose id is greater, to go on where a list was left. */
  after?: string;
}

/** The options of `request`. */
export interface RequestOptions extends Abortable {
  /** Your own id of the user on whose behalf it is made. */
  appUserId?: string;
  /** The public id of the organisation on whose behalf it is made, by your System Client. */
  orgPublicId?: string;
  /**
   * The API that it is a call of. Aggregated and Customer are called by your Customer System Client, on nobody else's behalf. Default: the
   * API whose address it is, of those at PKB's host.
   */
  surface?: PkbSurface;
  /**
   * Where it goes to: with `surface`, a path of that API (`Patient/1/_history`); without, a path at PKB's host (`/json/users/self`,
   * `/fhir/metadata`); or an address at the hosts of the configuration. No segment of it may be `.` or `..`, however encoded. Ids that are put into it are to be percent-encoded.
   */
  path: string;
  /** Default GET. */
  method?: HttpMethod;
  /** Parameters for its query. */
  query?: QueryParameters;
  /** Headers beyond those that every request has; names are not case-sensitive. */
  headers?: Record<string, any>;
  /**
   * What is sent as JSON, or its JSON text, or that as bytes: text is sent as it is, every digit included. So a body that is a mere
   * string is given as its JSON text, in quotes.
   */
  body?: unknown;
}

/** The options of `rotateKeys`: none of its own. */
export interface RotateKeysOptions extends Abortable {}

/** The options of `unlink`. */
export interface UnlinkOptions extends Abortable {
  /** Your own id of the user. */
  appUserId: string;
}

/** The options of `watch`. */
export interface WatchOptions extends Abortable {
  /**
   * How long after a look a record is looked at again, in milliseconds; at least 1,000. Whoever does not ask for the next for longer than that
   * may see others given the same change.
   */
  every: number;
  /** How many patients are looked at in a second at most, one after the other. Default 1: 900 patients take 15 minutes. */
  perSecond?: number;
}

/**
 * A store of links of your own. Its methods may be those of a class, and answer at once or later.
 *
 * A change names the version of the record that it was made from. Where the record has another by now, it must change nothing
 * and answer false: of two such changes at once, one wins. What is written is durable when its method answers true.
 */
export interface LinkStore {
  /** The link of a user, if there is one. */
  getLink(asked: LinkQuery): LinkRecord | null | undefined | Promise<LinkRecord | null | undefined>;
  /** The links with a public id: one at most, unless they share it. */
  findLinks(asked: PublicIdQuery): LinkRecord[] | Promise<LinkRecord[]>;
  /** Up to `limit` links in the order of their users' ids, from the first whose id is greater than `after`. */
  listLinks(asked: LinkPageQuery): LinkRecord[] | Promise<LinkRecord[]>;
  /**
   * Writes a link over the one of this user whose version is `expectedVersion`; without a version, where the user has
   * none. False, and nothing is changed, where that is not how things are, or another user's link has the
   * public id and neither has `sharesPublicId`. All members of the record are kept, also those that the store
   * does not know: a later version of the SDK may have added them.
   */
  putLink(asked: LinkChange): boolean | Promise<boolean>;
  /** Removes the link of that version. False, and nothing is changed, where it has another, or is gone. */
  removeLink(asked: LinkRemoval): boolean | Promise<boolean>;
  /** The attempt to link with this id, if there is one. */
  getAttempt(asked: AttemptQuery): AttemptRecord | null | undefined | Promise<AttemptRecord | null | undefined>;
  /** Writes an attempt, with all its members, as `putLink` does a link. */
  putAttempt(asked: AttemptChange): boolean | Promise<boolean>;
  /** Removes the attempts that expired before a time, in milliseconds since 1970; with a user's id also all of theirs, whenever they expire. */
  removeAttempts(asked: AttemptRemoval): unknown;
  /**
   * Some of the links that `filter` lets through, `limit` at most, in the order of `listLinks`, from the first whose user's id is
   * greater than `after`; none only where none is left. A member of `filter` that is null says nothing. A store may be without
   * this method: links are chosen from all that `listLinks` gives then.
   */
  filterLinks?(asked: LinkFilterQuery): LinkRecord[] | Promise<LinkRecord[]>;
}

/** What `checkProviderData` resolves to. */
export type CheckProviderDataResponse = ProviderDataFinding[];

/** What `countConnections` resolves to. */
export type CountConnectionsResponse = LinkCounts;

/** What `disconnect` resolves to. */
export type DisconnectResponse = void;

/** What `exchangeCodeForToken` resolves to. */
export type ExchangeCodeForTokenResponse = UserAccessToken;

/** What `exportConnection` resolves to. */
export type ExportConnectionResponse = UserAccessToken;

/** What `getConnection` resolves to. */
export type GetConnectionResponse = Connection | undefined;

/** What `importConnection` resolves to. */
export type ImportConnectionResponse = Connection;

/** What `importConnections` resolves to. */
export type ImportConnectionsResponse = ImportResponse;

/** What `listConnections` gives. */
export type ListConnectionsResponse = AsyncIterable<Connection>;

/** What `pushData` resolves to. */
export type PushDataResponse = void;

/** The options of `readFileStream`. */
export type ReadFileStreamOptions = ReadFileOptions;

/** What `refreshToken` resolves to. */
export type RefreshTokenResponse = UserAccessToken;

/** What `addMeasurement` resolves to. */
export type AddMeasurementResponse = ApiResponse;

/** What `completeLink` resolves to. */
export type CompleteLinkResponse = Link;

/** What `countLinks` resolves to. */
export type CountLinksResponse = LinkCounts;

/** What `exportLink` resolves to. */
export type ExportLinkResponse = ExportedLink;

/** What `fhirBatch` resolves to. */
export type FhirBatchResponse = FhirOutcome[];

/** What `fhirCreate` resolves to. */
export type FhirCreateResponse = FhirOutcome;

/** What `fhirRead` resolves to. */
export type FhirReadResponse = Record<string, any>;

/** What `fhirSearch` gives. */
export type FhirSearchResponse = AsyncIterable<Record<string, any>>;

/** What `fhirSearchResources` gives. */
export type FhirSearchResourcesResponse = AsyncIterable<FoundResource>;

/** What `fhirTransaction` resolves to. */
export type FhirTransactionResponse = FhirOutcome[];

/** What `fhirUpdate` resolves to. */
export type FhirUpdateResponse = FhirOutcome;

/** What `findLinks` resolves to. */
export type FindLinksResponse = Link[];

/** What `getAccessToken` resolves to. */
export type GetAccessTokenResponse = IssuedToken;

/** What `getConsents` resolves to. */
export type GetConsentsResponse = PkbConsent[];

/** What `getCurrentUser` resolves to. */
export type GetCurrentUserResponse = CurrentUser;

/** What `getLastChange` resolves to. */
export type GetLastChangeResponse = LastChange[];

/** What `getLink` resolves to. */
export type GetLinkResponse = Link | undefined;

/** What `getMeasurementTypes` resolves to. */
export type GetMeasurementTypesResponse = unknown;

/** What `getMeasurements` resolves to. */
export type GetMeasurementsResponse = unknown;

/** What `getPublicId` resolves to. */
export type GetPublicIdResponse = string;

/** What `getRecordStatus` resolves to. */
export type GetRecordStatusResponse = RecordStatus[];

/** What `getSystemToken` resolves to. */
export type GetSystemTokenResponse = IssuedToken;

/** What `importLink` resolves to. */
export type ImportLinkResponse = Link;

/** What `importLinks` resolves to. */
export type ImportLinksResponse = ImportResponse;

/** What `joinOrganisation` resolves to. */
export type JoinOrganisationResponse = ApiResponse;

/** What `listLinks` gives. */
export type ListLinksResponse = AsyncIterable<Link>;

/** What `request` resolves to. */
export type RequestResponse = ApiResponse;

/** What `unlink` resolves to. */
export type UnlinkResponse = void;

/** What `watch` gives. */
export type WatchResponse = AsyncIterable<RecordChange>;

/** The options of a call for a user whose connection is kept: your own id of them in place of their token. */
export type ForAppUser<Options> = Options extends unknown
  ? {
      [Name in keyof Options as Exclude<
        Name,
        "userAccessToken" | "onAccessTokenChange" | "state"
      >]: Name extends "onFileData" ? Callback<WithoutToken<FileDataEvent>> : Options[Name];
    } & {
      /** Your own id of a user whose connection is kept, in place of `userAccessToken`. */
      appUserId: string;
    }
  : never;

/** What a call gives for a user whose connection is kept, and functions are told: all but the token. */
export type WithoutToken<Result> = Result extends unknown ? Omit<Result, "userAccessToken" | "codeVerifier"> : never;
