// Printed by `npm run types` from the core's description of itself; not edited by hand.

/** What the function is told. */
export interface RetryAttempt {
  /** How many attempts have failed. */
  attemptCount: number;
  /** The milliseconds that would be waited without the function. */
  computedValue: number;
  /** The `Retry-After` of the answer, in milliseconds. */
  retryAfter?: number;
}

/**
 * How long to wait, in milliseconds; 0 is at once, except for `call`. A time-out is a `TimeoutError` that says which, and how much of the request had been sent. None ever
 * ends a refresh of tokens that was sent: that goes on, and is handed to whoever asks next.
 */
export interface TimeoutOptions {
  /** For a connection. Default 10,000. */
  connect?: number;
  /**
   * For the next bytes of an answer, of which the head comes as one piece, or for the server to take the next bytes of a request; how long
   * a stream of the application's own takes to give the next bytes counts in the others alone. An answer that brings tokens has half a
   * second more. Default 60,000.
   */
  idle?: number;
  /**
   * For one attempt at a request, from its first byte to the last of its answer, also where that is read as a stream. Default: as long
   * as bytes keep coming.
   */
  total?: number;
  /**
   * For the whole call: its attempts, the pauses between them, and waiting for a refresh or a store. Of a call that makes one request after
   * another as it goes on, `readAllFiles` and `fhirSearch`, each has as long. Default 120,000, and none where the content of a file is
   * sent or read; 0 for none.
   */
  call?: number;
}

/**
 * How large the content of a file may be. A few bytes can be compressed from a great many: what exceeds a limit is a
 * `FileLimitError`, and is not held in memory.
 */
export interface FileLimits {
  /** In bytes. Default 1 GiB. */
  size?: number;
  /** As a multiple of the compressed size, for content of more than 16 MiB. Default 1,000. */
  ratio?: number;
}

/** What `getLink` is asked. */
export interface LinkQuery {
  platform: string;
  appUserId: string;
}

/**
 * One link, as it is stored: everything but the tokens can be read. A store keeps all members of a record, also those that it does not
 * know: a later version of the SDK may have added them.
 */
export interface LinkRecord {
  /** The platform that the link is with: `pkb:` and the host. With `appUserId` the key of the record. */
  platform: string;
  /** Your own id of the user. */
  appUserId: string;
  /** The patient's PKB public id. Of the records of a platform that do not share theirs, no two have the same. */
  publicId: string;
  /** Whether other users may have the same public id, by the rules of the platform. Absent where they may not, as with PKB. */
  sharesPublicId?: boolean;
  /** How the link stands. */
  status: LinkStatus;
  /** When the patient linked, in milliseconds since 1970. */
  linkedAt: number;
  /** When the tokens were last replaced, in milliseconds since 1970. */
  refreshedAt: number;
  /** Who refreshes the tokens at the moment, if anybody does. */
  lease: string | null;
  /** By when they would have done so, in milliseconds since 1970. Version 1 of the SDK wrote it. */
  leaseUntil: number | null;
  /** The id of the key under which `sealed` is encrypted. */
  keyId: string;
  /** The tokens, encrypted. */
  sealed: string;
  /** Grows by one with each change. */
  version: number;
}

/** How a link stands. */
export type LinkStatus = "active" | "uncertain" | "expired";

/** What `findLinks` is asked. */
export interface PublicIdQuery {
  platform: string;
  publicId: string;
}

/** What `listLinks` is asked: up to `limit` links in the order of their users' ids, from the first whose id is greater than `after`. */
export interface LinkPageQuery {
  platform: string;
  after: string;
  limit: number;
}

/** What `putLink` is told: the record, and the version that must be there to write over, none if nothing must be. */
export interface LinkChange {
  link: LinkRecord;
  expectedVersion: number | null;
}

/** What `removeLink` is told. */
export interface LinkRemoval {
  platform: string;
  appUserId: string;
  expectedVersion: number;
}

/** What `getAttempt` is asked. */
export interface AttemptQuery {
  platform: string;
  id: string;
}

/**
 * One attempt to link, from the address that the patient is sent to until the link is made. A store keeps all members of a record, also
 * those that it does not know.
 */
export interface AttemptRecord {
  /** The platform that the link is to be with. With `id` the key of the record. */
  platform: string;
  /** A digest of the attempt's `state`, so that the store knows no state. */
  id: string;
  /** Your own id of the user. */
  appUserId: string;
  /** How far it has come. */
  status: AttemptStatus;
  /** From when on it counts for nothing, in milliseconds since 1970. */
  expiresAt: number;
  /** The id of the key under which `sealed` is encrypted. */
  keyId: string;
  /** The redirect URI, the code verifier, your context and the tokens, encrypted. */
  sealed: string;
  /** Grows by one with each change. */
  version: number;
}

/** How far an attempt to link has come. */
export type AttemptStatus = "pending" | "exchanging" | "exchanged" | "linking" | "completed" | "failed";

/** What `putAttempt` is told. */
export interface AttemptChange {
  attempt: AttemptRecord;
  expectedVersion: number | null;
}

/**
 * What `removeAttempts` is told: the time before which an attempt has expired that is to go, and the user all of whose attempts are, if one is
 * meant.
 */
export interface AttemptRemoval {
  platform: string;
  expiredBefore: number;
  appUserId: string | null;
}

/** What `filterLinks` is asked. */
export interface LinkFilterQuery {
  platform: string;
  filter: LinkFilter;
  after: string;
  limit: number;
}

/** Which links are wanted: those of which all is so that is said. */
export interface LinkFilter {
  /** Those that stand so. */
  status: LinkStatus | null;
  /** Those whose tokens were last refreshed before this time, in milliseconds since 1970. */
  refreshedBefore: number | null;
}

/** A change of a connection. */
export interface ConnectionEvent {
  /** What has become of it. */
  change: ConnectionChange;
  /** How it stands now; of one that was removed, how it stood. */
  connection: Connection;
}

/** What has become of a connection. The store has it already. */
export type ConnectionChange =
  | "connected"
  | "replaced"
  | "refreshed"
  | "uncertain"
  | "recovered"
  | "expired"
  | "disconnected";

/** A user of your application, connected to their digi.me library under one contract. */
export interface Connection {
  /** Your own id of the user. */
  appUserId: string;
  /** The contract that they have consented to. */
  contractId: string;
  /** The platform's id of the person, the same for every application; absent if the platform has not said it. */
  userId?: string;
  /** The platform's id of the consent; absent if the platform has not said it. */
  consentId?: string;
  /** How it stands. */
  status: LinkStatus;
  /** When they consented, in milliseconds since 1970. */
  connectedAt: number;
  /** When the tokens were last replaced, in milliseconds since 1970. */
  refreshedAt: number;
  /** When the access token ends, in milliseconds since 1970; absent if the platform has not said it. It is replaced before that. */
  accessTokenExpiresAt?: number;
  /**
   * When the refresh token ends, in milliseconds since 1970; absent if the platform has not said it. By then either a call must have been
   * made, or the person asked to consent again.
   */
  refreshTokenExpiresAt?: number;
  /** Why it is over, in the platform's word: of one that is `expired`. */
  ended?: string;
}

/** The certificate by which an application shows servers who it is (mutual TLS), and its private key. */
export interface ClientCertificate {
  /** The certificate in PEM, followed by those between it and its authority. */
  cert: string | Uint8Array;
  /** Its private key in PEM, not encrypted. */
  key: string | Uint8Array;
}

/** One thing that the SDK does. Which members it has is a matter of its `type`; none is secret, or about a person. */
export interface SdkEvent {
  /** What happens. */
  type: EventType;
  /** How much it matters, as logs have it. */
  level: EventLevel;
  /** When, in milliseconds since 1970. */
  at: number;
  /** The number of the call that it is part of, which no other call in this process has. */
  callId?: number;
  /** The name of that call: `pushData`. */
  call?: string;
  /** The number of the request, which no other in this process has. */
  requestId?: number;
  /** The request: its method and the pattern of its path, without a value in it. */
  request?: string;
  /** Which attempt at the request, from 1 on; of a `poll`, which time. */
  attempt?: number;
  /** The server that an attempt is for, by its name or address. */
  server?: string;
  /** The server's port. */
  port?: number;
  /** The HTTP status of the answer. */
  statusCode?: number;
  /** Why: what the network reported, the status for which a request is repeated, the code of a call's error, or `cancelled`. */
  reason?: string;
  /** How much of a request had been sent to which no answer came: `nothing`, `maybe` some of it, or the `whole`. */
  sent?: "nothing" | "maybe" | "whole";
  /** How long it took, in milliseconds. */
  duration?: number;
  /** How long is waited before the next attempt, in milliseconds. */
  wait?: number;
  /** Whether it went well. */
  succeeded?: boolean;
  /** How many bytes a file's content, or a header's value, has. */
  bytes?: number;
  /** Which header is long. */
  header?: string;
  /** How many keys a key set has. */
  keys?: number;
  /** What the platform says of this version of the SDK in `x-digi-sdk-status`. */
  status?: string;
  /** The same in words, in `x-digi-sdk-status-message`. */
  message?: string;
}

/** What happens. */
export type EventType =
  | "callStarted"
  | "callEnded"
  | "requestStarted"
  | "requestSent"
  | "requestAnswered"
  | "requestFailed"
  | "requestRetried"
  | "longHeader"
  | "refreshStarted"
  | "refreshEnded"
  | "tokenStored"
  | "keySetFetched"
  | "leaseTaken"
  | "leaseSpent"
  | "leaseWaitedFor"
  | "leaseTakenOver"
  | "leaseReleased"
  | "linkUncertain"
  | "fileRead"
  | "poll"
  | "platformNotice";

/** How much an event matters: what happens all the time, what is worth a line, what somebody should look at. */
export type EventLevel = "debug" | "info" | "warning";

/** An attempt at a request that is about to be sent. Its numbers are those of its events. */
export interface TracedAttempt {
  /** The number of the call that it is part of, which no other call in this process has. */
  callId?: number;
  /** The name of that call: `pushData`. */
  call?: string;
  /** The number of the request, which no other in this process has. */
  requestId: number;
  /** The request: its method and the pattern of its path, without a value in it. */
  request: string;
  /** Which attempt at the request, from 1 on. */
  attempt: number;
}

/** What a request says of the trace that it is part of. */
export interface TraceContext {
  /** The header `traceparent`: `00-`, the trace's id, `-`, the span's, `-01`. One that has not that form is not sent. */
  traceparent?: string;
  /** The header `tracestate`, which goes with it. */
  tracestate?: string;
}

/** What the platform is told of the SDK. */
export interface Agent {
  /** The name of an SDK that the platform knows. Default `nodejs`. */
  name?: string;
  /** A version of that SDK. Default `16.1.5`. */
  version?: string;
  /** What the application understands, of all calls that do not say it themselves. */
  consumer?: Consumer;
}

/**
 * What an application understands. The platform does not say what it makes of it: evidently it chooses the data model of a session's files.
 * The SDK looks at none of it, and sends what it is given.
 */
export interface Consumer {
  /** The application's version. */
  version?: string;
  /** The data models that it understands. */
  objectVersions: ObjectVersions;
}

/** The data models that an application understands. */
export interface ObjectVersions {
  /** By service: evidently by its id. */
  service: Record<string, OntologyWrapper[]>;
  /** By type of object: evidently by its id. */
  objectType?: Record<string, OntologyWrapper[]>;
}

/** One of them. */
export interface OntologyWrapper {
  /** The data model. */
  ontology: Ontology;
}

/** A data model. */
export type Ontology = MeDigiV1Ontology | FhirStu3Ontology | FhirR4Ontology;

/** Who defines a data model. */
export type Schemas = "fhir" | "me.digi";

/** Whether a client is ready, and what is not. */
export interface CheckResponse {
  /** Whether nothing was found. */
  ready: boolean;
  /** What was found. */
  findings: CheckFinding[];
}

/** Something that calls would fail of. */
export interface CheckFinding {
  /** The setting that it is about: `store`, `encryptionKey`. */
  setting: string;
  /** What is wrong, and what to do. */
  message: string;
}

/** A release of FHIR. */
export type FhirVersion = "stu3" | "3.0.2";

/** One thing that a care provider refuses, or may refuse. It says where it stands and what is asked for, and holds no value of the data. */
export interface ProviderDataFinding {
  /** Whether it is certain. */
  severity: FindingSeverity;
  /**
   * Where, in words of `FHIRPath`: `entry[2].resource.subject.display`, of what is missing too. It is empty for the whole. A name that cannot be
   * that of an element is `?`.
   */
  path: string;
  /** The rule's name, which stays the same in later versions: `reference-display`. */
  rule: string;
  /** What the rule asks for. */
  message: string;
}

/** How certain it is that it is refused. */
export type FindingSeverity = "error" | "warning";

/** How a client has ended. */
export interface CloseResponse {
  /** Whether all that was under way was done in time. What was not goes on for as long as the process lives, and keeps its store. */
  finished: boolean;
}

/** The contract that an application uses. */
export interface ContractDetails {
  /** The contract's id, as digi.me gave it. */
  contractId: string;
  /**
   * The contract's RSA private key in PEM form, PKCS#1 or PKCS#8; line breaks may be written as `\n`, as environment variables
   * hold them.
   */
  privateKey: string;
}

/** What to do if a user or a record is linked already, to another. */
export type OnConflict = "refuse" | "replace";

/** The connection, and what came with it. */
export interface CompleteConnectResponse {
  /** The connection. */
  connection: Connection;
  /** The reading session that started with the consent; empty if the platform started none. */
  session: Session;
  /** The `reference` of the account that the person connected, if they did. */
  accountReference?: string;
  /** What `getConnectUrl` was given as `context`. */
  context?: unknown;
}

/** A session in which the user's data is fetched and can be read. */
export interface Session {
  /** What the session is read with. */
  key: string;
  /** When it ends, in milliseconds since 1970. */
  expiry: number;
}

/** How many links there are, by how they stand. */
export interface LinkCounts {
  /** Those whose tokens serve. */
  active: number;
  /** Those whose refresh token may be spent. */
  uncertain: number;
  /** Those that are over. */
  expired: number;
}

/** The new storage. */
export interface CreateProvisionalStorageResponse {
  /** The storage. */
  storage: Storage;
}

/** A storage in the platform's cloud. What this SDK does not know of is kept. */
export interface Storage {
  /** The storage's id. */
  id: string;
  /** The id of its key. */
  kid: string;
  [name: string]: any;
}

/**
 * What an application keeps for each user who consented. Store it safely, and replace it whenever a call hands out a newer one.
 *
 * It is a document: its keys are the same in every language, so that applications in several languages can share a store. What an
 * application keeps beside them in the same document stays there when the tokens are replaced.
 */
export interface UserAccessToken {
  /** The token that calls are made with. */
  accessToken: Token;
  /** The token that buys the next pair, once. */
  refreshToken: Token;
  /** Whose they are. */
  user?: User;
  /** The consent that they stand for. */
  consentid?: string;
}

/** A token and how long it lives. */
export interface Token {
  /** The token itself. */
  value: string;
  /** When it expires, in seconds since 1970. */
  expiry: number;
}

/** A user of the platform. */
export interface User {
  /** The user's id, the same for every application. */
  id?: string;
}

/** The account is gone. */
export interface DeleteAccountResponse {
  /** Always `true`; a failure is an error. */
  deleted: boolean;
  /** What the platform answered. */
  response: DeletedResponse;
}

/** The platform's answer to a deletion. */
export interface DeletedResponse {
  /** The HTTP status. */
  statusCode: number;
  /** The HTTP status in words. */
  statusMessage: string;
  /** The headers, names in lower case. */
  headers: Record<string, any>;
  /** The body: JSON as it is, other text as text, and an empty one as an empty string. */
  body: unknown;
}

/** It is gone. */
export interface DeleteStorageFilesResponse {
  /** Always `true`; a failure is an error. */
  deleted: boolean;
  /** The HTTP status. */
  statusCode: number;
  /** The HTTP status in words. */
  statusMessage: string;
}

/** The user is gone. */
export interface DeleteUserResponse {
  /** Always `true`; a failure is an error. */
  deleted: boolean;
  /** What the platform answered. */
  response: DeletedResponse;
}

/** What the sessions of an authorisation are to do. */
export interface SessionOptions {
  /** The session that reads. */
  pull?: PullSessionOptions;
}

/** What a reading session is to fetch. */
export interface PullSessionOptions {
  /** How long the platform may take. */
  limits?: Limits;
  /** Which data. */
  scope?: CAScope;
  /** Whether the sources are asked for newer data. */
  sourceFetch?: boolean;
  /** Which sources are asked. */
  sourceFetchFilter?: SourceFetchFilter;
}

/** How long the platform may take. */
export interface Limits {
  /** For what. */
  duration?: LimitsDuration;
}

/** How long the platform may take for what. */
export interface LimitsDuration {
  /** For fetching from the sources, in seconds. */
  sourceFetch?: number;
}

/** Which data of a library: the contract's own scope, made narrower. */
export interface CAScope {
  /** From when. */
  timeRanges?: TimeRange[];
  /** From which groups of services. */
  serviceGroups?: ServiceGroup[];
  /** Which raw files. */
  criteria?: ScopeCriteria[];
}

/** A range of time. */
export interface TimeRange {
  /** Its begin, in seconds since 1970. */
  from?: number;
  /** Its length up to now: `6m`, `1y`. */
  last?: string;
  /** Its end, in seconds since 1970. */
  to?: number;
}

/** A group of services. */
export interface ServiceGroup {
  /** Its id. */
  id: number;
  /** Which of its services. */
  serviceTypes: ServiceType[];
}

/** A service. */
export interface ServiceType {
  /** Its id. */
  id: number;
  /** Which of its kinds of objects. */
  serviceObjectTypes: ServiceObjectType[];
}

/** A kind of objects of a service. */
export interface ServiceObjectType {
  /** Its id. */
  id: number;
}

/** A condition on raw files. */
export interface ScopeCriteria {
  /** From when, in seconds since 1970. */
  from?: number;
  /** From how long ago: `6m`, `1y`. */
  last?: string;
  /** What their metadata must hold. */
  metadata?: Metadata;
}

/** Which sources are asked for newer data. */
export interface SourceFetchFilter {
  /** By account. */
  account: AccountFilter;
}

/** Accounts by their ids. */
export interface AccountFilter {
  /** The ids. */
  id: string[];
}

/** Whether sources are added to read from, or to push to. */
export type SourceType = "pull" | "push";

/** Sample data instead of a real account. */
export interface SampleDataOptions {
  /** Which set of it, from `getServiceSampleDataSets`. */
  dataSet: string;
  /** Whether the person is spared the steps of adding it. */
  autoOnboard?: boolean;
}

/** Limits the sources that a person can choose from. */
export interface SourcesScope {
  /** Sources that hold any of these. */
  dataType?: DataType[];
  /** Sources of this kind of organisation. */
  organizationType?: OrganizationType;
}

/** What a source holds. */
export type DataType =
  | "medication-information"
  | "laboratory-results"
  | "appointments"
  | "patient-summary-hospital-data"
  | "gp-data"
  | "mental-health-patient-summary"
  | "documents"
  | "measurements-vital-signs"
  | "allergy-intolerances"
  | "images"
  | "medication-related-intolerances"
  | "referral-to-questionnaire"
  | "questionnaire-response"
  | "longterm-healthcare-patient-summary"
  | "patient-corrections-request"
  | "vaccinations"
  | "integral-birth-care-process";

/** Who keeps a source. */
export type OrganizationType =
  | "general-practitioner"
  | "health-center"
  | "hospital"
  | "private-treatment-center"
  | "specialist-centre"
  | "radiotherapy-center"
  | "dialysis-center"
  | "obstetrics-and-maternity-care"
  | "mental-health-care"
  | "youth-health-care"
  | "psychology-and-psychotherapy"
  | "nursing-and-care-homes-and-home-care"
  | "disability-care"
  | "mentally-disabled-care"
  | "daycare-centers"
  | "rehabilitation-center"
  | "pharmacy"
  | "audiological-center"
  | "medical-aids"
  | "physiotherapy"
  | "protected-and-supported-living"
  | "dentist"
  | "ambulance"
  | "health-insurers";

/** Where to send the person, and what to keep. */
export interface GetAuthorizeUrlResponse {
  /** Where to send the person. It holds a code that works once: do not let it reach a log. */
  url: string;
  /** What `exchangeCodeForToken` needs beside the code. Keep it on the server. */
  codeVerifier: string;
  /** The reading session that starts with the consent; empty if the platform starts none. */
  session: Session;
}

/** Where to send the user. */
export interface GetConnectUrlResponse {
  /** Where to send the person. It holds a code that works once: do not let it reach a log. */
  url: string;
  /** The reading session that starts with the consent; empty if the platform starts none. `completeConnect` gives it too. */
  session: Session;
  /** When the attempt expires, in milliseconds since 1970; an hour later it counts for nothing by any machine's clock. */
  expiresAt: number;
}

/** A contract as the platform describes it. What this SDK does not know of is kept. */
export interface GetContractDetailsResponse {
  /** The contract's id. */
  id: string;
  /** `r` for reading, `w` for writing. */
  accessType: "r" | "w";
  /** The kind of contract. */
  type: string;
  /** The partner that it was made with. */
  partnerId: string;
  /** When it ends, in milliseconds since 1970. */
  expirationDate: number;
  application: {
    id: string;
    name: string;
    resources: Record<string, any>;
    status: number;
    [name: string]: any;
  };
  certificate: string;
  certificateContractSchemaVersion: string;
  [name: string]: any;
}

/** Where to send the user, and the token to go on with. */
export interface GetOnboardServiceUrlResponse {
  /** Where to send the user. It holds a code that works once: do not let it reach a log. */
  url: string;
  /** The reading session that starts with the new source; empty if the platform starts none. */
  session: Session;
  /** The user's token: the one given, or the one that replaced it. Store it. */
  userAccessToken: UserAccessToken;
}

/** The format of a report. */
export type ReportFormat = "xml";

/** The kind of service that a report is about. */
export type ReportServiceType = "medmij";

/** A report. */
export interface GetPortabilityReportResponse {
  /** The report's text. */
  file: string;
}

/** Where to send the user, and the token to go on with. */
export interface GetReauthorizeAccountUrlResponse {
  /** Where to send the user. It holds a code that works once: do not let it reach a log. */
  url: string;
  /** The reading session that starts with the new log-in; empty if the platform starts none. */
  session: Session;
  /** The user's token: the one given, or the one that replaced it. Store it. */
  userAccessToken: UserAccessToken;
}

/** Where to send the user, and what to keep. */
export interface GetReauthorizeUrlResponse {
  /** Where to send the user. It holds a code that works once: do not let it reach a log. */
  url: string;
  /** What `exchangeCodeForToken` needs beside the code. Keep it on the server. */
  codeVerifier: string;
  /** The reading session that starts with the consent; empty if the platform starts none. */
  session: Session;
}

/** Where to send the user. What this SDK does not know of is kept. */
export interface GetRevokeAccountPermissionUrlResponse {
  /** Where to send the user. */
  location: string;
  [name: string]: any;
}

/** Sets of sample data by their ids. */
export type GetServiceSampleDataSetsResponse = Record<string, SampleDataSet>;

/** A set of sample data. What this SDK does not know of is kept. */
export interface SampleDataSet {
  /** Its name. */
  name: string;
  /** What is in it. */
  description: string;
  [name: string]: any;
}

/** The storage, and the new token if there is one. */
export interface GetUserStorageResponse {
  /** The storage. */
  storage: Storage;
  /** The token that replaced the one given, if it was refreshed. Store it. */
  userAccessToken?: UserAccessToken;
}

/** A user who consented before their connection was kept. */
export interface ImportedConnection {
  /** Your own id of the user: at most 1,000 bytes, without NUL. */
  appUserId: string;
  /** Their token, as it is now, with its expiry. */
  userAccessToken: UserAccessToken;
}

/** What was done. */
export interface ImportResponse {
  /** How many were brought in. */
  imported: number;
  /** How many were there already, and stay as they are. */
  present: number;
  /** Those that were not, each of them, and why. */
  refused: NotImported[];
}

/** A user who was not brought in. */
export interface NotImported {
  /** Your own id of the user. */
  appUserId: string;
  /** Why, without anything secret. */
  reason: string;
}

/** What was done. */
export interface KeepAliveResponse {
  /** How many connections were looked at. */
  seen: number;
  /** How many of them this process has refreshed. */
  refreshed: number;
  /** Of which the platform said that they are over: the people must be asked again. */
  ended: string[];
  /** Those that could not be refreshed now. */
  failed: NotKeptAlive[];
}

/** A connection that could not be refreshed now. */
export interface NotKeptAlive {
  /** Your own id of the user. */
  appUserId: string;
  /** Why, without anything secret. */
  reason: string;
}

/** The files. */
export interface ListStorageFilesResponse {
  /** The files. */
  files: StorageFile[];
  /** How many there are. */
  total: number;
}

/** A file in a storage. What this SDK does not know of is kept. */
export interface StorageFile {
  /** Its id. */
  id: string;
  /** Its name, in lower case. */
  name: string;
  /** Its name. */
  originalName: string;
  /** Its folder. */
  originalPath: string;
  /** Its folder, in lower case. */
  path: string;
  [name: string]: any;
}

/** The word `library`. */
export type Library = "library";

/** What the platform is told of a pushed file. */
export interface FileDescriptor {
  /** Its media type: `application/pdf`. */
  mimeType: string;
  /** The accounts that it concerns. */
  accounts: FileDescriptorAccount[];
  /** What the application knows it by. */
  reference?: string[];
  /** What it can be found by. */
  tags?: string[];
}

/** An account that a pushed file concerns. */
export interface FileDescriptorAccount {
  /** The account's id, of the application's choosing. */
  accountId: string;
}

/** The word `provider`. */
export type Provider = "provider";

/** A standard of health data. */
export type Standard = "fhir";

/** Which entries of a directory, and what of them. */
export interface DiscoveryBodyParams {
  /** The query. */
  query?: DiscoveryQuery;
  [name: string]: any;
}

/** Which entries, and what of them. */
export interface DiscoveryQuery {
  /** Which fields the answer is to have. */
  include?: string[];
  /** What the entries must have: `{ id: [1, 2] }`. */
  filter?: Record<string, any>;
}

/** Categories. */
export interface QueryCategoriesResponse {
  /** The categories. */
  data: Category[];
}

/** A category as the platform describes it. What this SDK does not know of is kept. */
export interface Category {
  /** Its id, which the filters of `querySources` take. */
  id: number;
  /** Its name. */
  name?: string;
  /** Its title. */
  title?: string;
  /** What stands below its title. */
  subTitle?: string;
  /** Its title where there is room for more. */
  expandedTitle?: string;
  /** What stands below that. */
  expandedSubTitle?: string;
  /** The platform's own word for it. */
  reference?: string;
  /** The kind of category. */
  categoryTypeId?: number;
  /** Its picture. */
  resource?: DiscoveryResource;
  [name: string]: any;
}

/** A picture, as the platform describes it. What this SDK does not know of is kept. */
export interface DiscoveryResource {
  /** Its address. */
  url?: string;
  /** Its media type. */
  mimetype?: string;
  /** What it is resized by. */
  resize?: string;
  /** The kind of picture. */
  type?: number;
  [name: string]: any;
}

/** Countries. */
export interface QueryCountriesResponse {
  /** The countries. */
  data: Country[];
}

/** A country as the platform describes it. What this SDK does not know of is kept. */
export interface Country {
  /** Its id, which the filters of `querySources` take. */
  id: number;
  /** Its name. */
  name?: string;
  /** Its ISO 3166-1 code. */
  code?: string;
  /** Its picture. */
  resource?: DiscoveryResource;
  [name: string]: any;
}

/** Platforms. */
export interface QueryPlatformsResponse {
  /** The platforms. */
  data: Platform[];
}

/** A platform as the platform describes it. What this SDK does not know of is kept. */
export interface Platform {
  /** Its id, which the filters of `querySources` take. */
  id: number;
  /** Its name. */
  name?: string;
  /** What the platform calls it. */
  reference?: string;
  [name: string]: any;
}

/** Which sources, and what of them. */
export interface SourcesBodyParams {
  /** How many at most. */
  limit?: number;
  /** How many to leave out first. */
  offset?: number;
  /** In which order. */
  sort?: SourcesSort;
  /** Which. */
  query?: SourcesQuery;
  [name: string]: any;
}

/** The order of sources. */
export interface SourcesSort {
  /** By name: `asc` or `desc`. */
  name: "asc" | "desc";
}

/** Which sources. */
export interface SourcesQuery {
  /** Words to look for, by field. */
  search?: Record<string, any>;
  /** Words to look for in any field. */
  queryString?: string;
  /**
   * Which fields the answer is to have: `name`, or `resource.url` for one inside another; `status`, `sourceProxy.name` and
   * `sourceProxy.status` for what is disturbed.
   */
  include?: string[];
  /** What the sources must have, as the platform documents it. Default: `type` `{ id: [1] }`, `publishedStatus` `["approved"]`. */
  filter?: Record<string, any>;
}

/** Sources, a page of them. */
export interface QuerySourcesResponse {
  /** The sources. */
  data: Source[];
  /** How many at most. */
  limit: number;
  /** How many were left out first. */
  offset: number;
  /** How many there are in all. */
  total: number;
}

/** A source as the platform describes it. What this SDK does not know of is kept. */
export interface Source {
  /** The source's id, which `getAuthorizeUrl` takes as `serviceId`. */
  id: number;
  /** Its name. */
  name?: string;
  /** Whether it is offered: `approved`, `pending`, `deprecated`, `blocked` or `sampledataonly`. */
  publishedStatus?: "approved" | "pending" | "deprecated" | "blocked" | "sampledataonly";
  /** Its picture. */
  resource?: DiscoveryResource;
  /** That the source is disturbed, where the platform says so. */
  status?: SourceStatus;
  /** What stands between the source and the platform, where something does. */
  sourceProxy?: SourceProxy;
  [name: string]: any;
}

/** That something is disturbed, how badly, and when. What this SDK does not know of is kept. */
export interface SourceStatus {
  /** `partial` or `full`; another word of the platform is handed on. */
  severity: "partial" | "full";
  /** What is disturbed: `data`, `auth`; other words of the platform are handed on. */
  scopes: Array<"data" | "auth">;
  /** When it is expected to be: `from` and `to`, in milliseconds since 1970, it seems. */
  expectedWindow?: {
    from?: number;
    to?: number;
    [name: string]: any;
  };
  /** When it was seen to be, likewise. */
  observedWindow?: {
    from?: number;
    to?: number;
    [name: string]: any;
  };
  [name: string]: any;
}

/** What stands between a source and the platform. What this SDK does not know of is kept. */
export interface SourceProxy {
  /** Its name. */
  name?: string;
  /** Whether it is disturbed. */
  status?: SourceStatus;
  [name: string]: any;
}

/** The accounts, and the token to go on with. */
export interface ReadAccountsResponse {
  /** The accounts. */
  accounts: Account[];
  /** The user's token: the one given, or the one that replaced it. Store it. */
  userAccessToken: UserAccessToken;
}

/** An account at a source, as the platform describes it. What this SDK does not know of is kept. */
export interface Account {
  /** The account's id, which pushing needs. */
  id: string;
  /** What the person came back with as `accountReference=…` when they connected it. */
  reference: string;
  /** The kind of account: `USER`, `PUSH` and others. */
  type:
    | "USER"
    | "ADMIN"
    | "EVENT"
    | "GROUP"
    | "BANK"
    | "CREDIT_CARD"
    | "IMPORTED"
    | "INVESTMENT"
    | "INSURANCE"
    | "LOAN"
    | "REWARD"
    | "BILL"
    | "PUSH";
  /** The id of its service group. */
  serviceGroupId: number;
  /** The name of its service group. */
  serviceGroupName: string;
  /** The id of its service. */
  serviceTypeId: number;
  /** The name of its service. */
  serviceTypeName: string;
  /** The id of its source. */
  sourceId: number;
  /** The id of its provider. */
  serviceProviderId?: number;
  /** The name of its provider. */
  serviceProviderName?: string;
  /** The provider's own word for the account. */
  serviceProviderReference?: string;
  /** The name under which the person is known there. */
  username?: string;
  /** The address of the provider's small picture. */
  providerFavIcon?: string;
  /** The address of the provider's picture. */
  providerLogo?: string;
  /** Whether its data are samples. */
  sample?: boolean;
  /** When it was connected, in milliseconds since 1970. */
  createdDate: number;
  /** When it was changed, in milliseconds since 1970. */
  updatedDate: number;
  serviceTypeReference: string;
  [name: string]: any;
}

/**
 * What is known of a file: of one that the platform has understood, how many objects of which kind it holds; of one that an
 * application pushed, what the application said of it. What this SDK does not know of is kept.
 */
export type FileMetadata = MappedFileMetadata | RawFileMetadata;

/** A file of a session. What this SDK does not know of is kept. */
export interface FileListEntry {
  /** Its name, which `readFile` takes. */
  name: string;
  /** When it was last changed, in milliseconds since 1970. */
  updatedDate: number;
  /** How many objects are in it. */
  objectCount?: number;
  /** What kind of objects. */
  objectType?: string;
  /** The group of its service. */
  serviceGroup?: string;
  /** Its service. */
  serviceName?: string;
  /** The version of its objects. */
  objectVersion?: string;
  [name: string]: any;
}

/** How far the reading is. */
export interface ReadingProgress {
  /** How many files were read, or could not be. */
  filesDone: number;
  /** How many files are known to be there. */
  filesKnown: number;
  /** How many bytes were read, as content. */
  bytes: number;
}

/**
 * How long to wait for a session at most. At a limit the call fails with a `TimeoutError` whose `phase` is the limit's name, and what is under way
 * is given up, but for a callback that is at work and a refresh of the token, which are waited for. The time of callbacks counts in `total` alone. A
 * `pollingInterval` of more than 3 seconds takes their place in `pending` and `stale`.
 */
export interface PollingLimits {
  /** For how many times 3 seconds the session may be `pending`; with a `pollingInterval`, also how often it may be found so. Default: any number. */
  pending?: number;
  /**
   * For how many times 3 seconds nothing may change; with a `pollingInterval`, also how often that may be found, one time after another. A list that
   * is refused (429, 503) has not changed. Default 100: five minutes.
   */
  stale?: number;
  /** How long the reading may take, in milliseconds. Default: any time. */
  total?: number;
}

/** How the reading ended. */
export interface ReadAllFilesResponse {
  /** How far the session was at last. */
  status: FileListStatus;
  /** Its files. */
  fileList: FileListEntry[];
  /** The user's token: the one given, or the one that replaced it. Store it. */
  userAccessToken: UserAccessToken;
}

/** How far a session is. What this SDK does not know of is kept. */
export interface FileListStatus {
  /** `pending`, `running`, `partial` (ended, with errors) or `completed`; another word of the platform is handed on. */
  state: "pending" | "running" | "partial" | "completed";
  /** How far each account is, by its id. */
  details?: Record<string, AccountProgress>;
  [name: string]: any;
}

/** How far a session is with an account. */
export type AccountProgress =
  | {
      state: "partial";
      error: AccountError;
      [name: string]: any;
    }
  | {
      state: "running" | "completed";
      [name: string]: any;
    };

/** Why not all of an account could be fetched. What this SDK does not know of is kept. */
export interface AccountError {
  /** The platform's code: `ServiceAuthorizationError`. */
  code: string;
  /** The HTTP status that goes with it. */
  statusCode: number;
  /** The same in words. */
  message?: string;
  /** Whether the person has to log in at the source again: `getReauthorizeAccountUrl` says where. */
  reauth?: boolean;
  /** When the source may be asked again, as the platform says it. */
  retryAfter?: number;
  /** What is wrong with types of objects. */
  objectTypeErrors?: ObjectTypeError[];
  [name: string]: any;
}

/** What is wrong with a type of objects. What this SDK does not know of is kept. */
export interface ObjectTypeError {
  /** The id of the type. */
  objectType: number;
  /** What is wrong. */
  error: InnerError;
  /** All that is wrong, where the platform tells more than one. */
  errors?: InnerError[];
  [name: string]: any;
}

/** One thing that is wrong. What this SDK does not know of is kept. */
export interface InnerError {
  /** The platform's code. */
  code: string;
  /** The same in words. */
  message: string;
  /** The HTTP status that goes with it. */
  statusCode: number;
  [name: string]: any;
}

/** The files, and the token to go on with. */
export interface ReadFileListResponse {
  /** How far the session is. */
  status: FileListStatus;
  /** The files. A name that is listed again with a later `updatedDate` is to be read again. */
  fileList?: FileListEntry[];
  /** The user's token: the one given, or the one that replaced it. Store it. */
  userAccessToken: UserAccessToken;
}

/** What is known of a file, and the token to go on with. */
export interface ReadFileMetadataResponse {
  /** What is known of it. */
  fileMetadata: FileMetadata;
  /** Its name. */
  fileName: string;
  /** The user's token: the one given, or the one that replaced it. Store it. */
  userAccessToken: UserAccessToken;
}

/** The session, and the token to go on with. */
export interface ReadSessionResponse {
  /** The session. */
  session: Session;
  /** The user's token: the one given, or the one that replaced it. Store it. */
  userAccessToken: UserAccessToken;
}

/** What was done. */
export interface RotateConnectionKeysResponse {
  /** How many connections there are. */
  connections: number;
  /** How many of them were encrypted anew. */
  resealed: number;
  /** Those that could not be read. */
  failed: UnreadableLink[];
}

/** A record that could not be read. */
export interface UnreadableLink {
  /** Your own id of the user. */
  appUserId: string;
  /** What is wrong with the record. */
  reason: string;
}

/** The file is there. */
export interface UploadFileToStorageResponse {
  /** Always `true`; a failure is an error. */
  uploaded: boolean;
  /** The HTTP status. */
  statusCode: number;
  /** The HTTP status in words. */
  statusMessage: string;
}

/** An environment of PKB's. */
export type PkbEnvironment = "sandbox" | "production";

/** Which tokens have changed. The tokens themselves stay in the store. */
export interface TokensChanged {
  /** Your own id of the user. */
  appUserId: string;
  /** The patient's PKB public id. */
  publicId: string;
  /** When the new access token expires, in milliseconds since 1970. */
  accessTokenExpiresAt: number;
}

/** A patient who uses your application, linked to their PKB record. */
export interface Link {
  /** Your own id of the user. */
  appUserId: string;
  /** The patient's PKB public id: the `id` of their FHIR `Patient`. */
  publicId: string;
  /** How the link stands. */
  status: LinkStatus;
  /** When the patient linked, in milliseconds since 1970. */
  linkedAt: number;
  /** When the tokens were last replaced, in milliseconds since 1970. */
  refreshedAt: number;
  /** What `getLinkUrl` was given as `context`; `completeLink` alone gives it back. */
  context?: unknown;
}

/** A change of a link. */
export interface LinkEvent {
  /** What has become of it. */
  change: ConnectionChange;
  /** How it stands now; of one that was removed, how it stood. */
  link: Link;
}

/** How a client proves who it is (RFC 6749 section 2.3.1). */
export type ClientAuthentication = "none" | "body" | "basic";

/** A client of PKB's that acts for an organisation, or for a system of its own, by RFC 6749 section 4.4. */
export interface SystemClient {
  /** Its id. */
  clientId: string;
  /** Its secret. */
  clientSecret: string;
  /** How it proves who it is. Default `basic`. */
  clientAuthentication?: ClientAuthentication;
}

/**
 * How many requests about one patient a client has under way at once; those beyond wait. PKB's guide asks for queries of the FHIR API four at
 * a time, and for calls of the REST API one after the other.
 */
export interface PkbPerPatient {
  /** Those of the FHIR APIs. Default 4. */
  fhir?: number;
  /** Those of the REST API. Default 1. */
  rest?: number;
}

/** Where things are. What is left out is where PKB documents it to be. */
export interface PkbEndpoints {
  /** The host that all other addresses are at. Default: that of the environment. */
  baseUrl?: string;
  /** The page that a patient is sent to. Default `apiAuthorize.action` at the base. */
  authorizeUrl?: string;
  /** The token endpoint for patients. Default `apiToken.action` at the base. */
  tokenUrl?: string;
  /**
   * The FHIR API in which patients' records are read (Facade). Default: `fhir/` at the base, and for System Clients' tokens
   * `PKB_SYSTEM_TOKEN_URL`, and that of PKB's sandbox in the environment `sandbox`; for production PKB documents none.
   */
  facade?: PkbSurfaceEndpoint;
  /** The FHIR API that takes messages. Default: `phr-fhir/` at the base, with what the Facade has for System Clients. */
  messaging?: PkbSurfaceEndpoint;
  /**
   * The FHIR API in which what all sources say is read (Aggregated). Default: `PKB_AGGREGATED_URL`, and that of PKB's sandbox in the
   * environment `sandbox`; for tokens `PKB_CUSTOMER_TOKEN_URL`, and that of PKB's sandbox. For production PKB documents neither.
   */
  aggregated?: PkbSurfaceEndpoint;
  /**
   * The FHIR API that takes your organisation's data (Customer). Default: `PKB_CUSTOMER_URL`; each customer has a host of its own, which PKB
   * tells. Tokens are had as for Aggregated.
   */
  customer?: PkbSurfaceEndpoint;
  /** The REST API. Default `json/` at the base. */
  rest?: PkbRestEndpoint;
  /** The `$purview` operation, from the base of the Facade on. Default `Consent/$purview`. */
  purviewPath?: string;
  /** The method of `$purview`. Default: GET, and POST if PKB says that GET is not allowed. */
  purviewMethod?: HttpMethod;
  /** The address of the current user. Default `users/self` at the REST API. */
  currentUserUrl?: string;
  /**
   * The operation that `getLastChange` asks, from the base of the Facade on. Default `Patient/$date-of-last-data-point`. Where it is to
   * name the patient, `{publicId}` stands for their public id.
   */
  lastChangePath?: string;
  /** The method by which a patient asks it: POST, the default, or GET. An organisation asks by POST. */
  lastChangeMethod?: HttpMethod;
  /** Where PKB gives the one-time passwords that `getSignInUrl` needs. PKB does not document it in public. */
  oneTimePassword?: OneTimePassword;
  /** Where PKB takes a one-time password from a browser. Default `otp.action` at the base. */
  signInUrl?: string;
  /**
   * The page where patients who were invited register. Default: `PKB_JOIN_URL`, and what PKB documents for its sandbox
   * (`http://sandbox.patientsknowbest.com/join/`) and the production of the United Kingdom (`http://joinpkb.com/`).
   */
  joinUrl?: string;
}

/** Where an API of PKB's is, and how it is called. */
export interface PkbSurfaceEndpoint {
  /** The base of its addresses. */
  url?: string;
  /** The token endpoint of the clients that call it on their own behalf (`client_credentials`). */
  tokenUrl?: string;
  /**
   * The client that calls it so. Default: `systemClient` for the Facade and for Messaging, `customerSystemClient` for Aggregated and
   * Customer.
   */
  client?: SystemClient;
  /** Headers that each request to it has beside its own, such as `x-team-id`; names are not case-sensitive. */
  headers?: Record<string, any>;
}

/** Where the REST API of PKB's is, and how it is called. */
export interface PkbRestEndpoint {
  /** The base of its addresses. */
  url?: string;
  /** Headers that each request to it has beside its own; names are not case-sensitive. */
  headers?: Record<string, any>;
}

/** A method of HTTP. */
export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Where PKB gives one-time passwords, as PKB has told you. */
export interface OneTimePassword {
  /** The path, from the base on. */
  path: string;
  /** The method. */
  method: HttpMethod;
  /** The member of the answer that has it. Left out where the answer is the password itself. */
  member?: string;
}

/** An answer. */
export interface ApiResponse {
  /** The HTTP status: a success. */
  statusCode: number;
  /** The headers, names in lower case. */
  headers: Record<string, any>;
  /** The body. */
  body: any;
}

/** A link outside the store: with `appUserId` what `importLink` takes. */
export interface ExportedLink {
  /** The patient's PKB public id. */
  publicId: string;
  /** Their tokens. */
  tokens: LinkTokens;
}

/** What PKB's token endpoint has given for a patient. */
export interface LinkTokens {
  /** The token that calls are made with. */
  accessToken: string;
  /** The token that buys the next pair, once. Absent where PKB gave none: the link lasts as long as the access token then. */
  refreshToken?: string;
  /** When the access token expires, in milliseconds since 1970. */
  expiresAt: number;
  /** What PKB says that they are for. */
  scope?: string;
}

/** What has become of a resource that was sent to PKB (FHIR, `Bundle.entry.response`). */
export interface FhirOutcome {
  /** The HTTP status: 201 for a resource that was made, 200 for one that was there; from 400 on it was refused. */
  statusCode: number;
  /** The id that the server gave it, where it says so. */
  id?: string;
  /** Its version, where the server says so. */
  versionId?: string;
  /** Its address, as the server writes it. */
  location?: string;
  /** Its entity tag, as the server writes it. */
  etag?: string;
  /** When it was last changed, as the server writes it. */
  lastModified?: string;
  /** The resource as it is stored, or as it was read, where the server gives it. */
  resource?: Record<string, any>;
  /** What the server says about it, as of an `OperationOutcome`. */
  issues: FhirIssue[];
}

/** One issue of an OperationOutcome. */
export interface FhirIssue {
  /** `fatal`, `error`, `warning` or `information`. */
  severity: string;
  /** The kind of issue, from FHIR's own list: `forbidden`. */
  code: string;
  /** What PKB adds, in words. */
  diagnostics?: string;
}

/** Parameters by their names. A value is a string, a number or a boolean, or a list of them for a parameter that is repeated. Numbers are sent with the digits in which they are given. */
export type QueryParameters = Record<string, any>;

/** One of PKB's APIs in which FHIR resources are read. */
export type PkbFhirSurface = "facade" | "aggregated" | "customer";

/** A resource that a search gives. */
export interface FoundResource {
  /** The resource, as PKB gives it. */
  resource: Record<string, any>;
  /** Why it is there. Where PKB does not say: a resource of the type that was searched for is a match. */
  searchMode: SearchMode;
  /** The address that PKB gives it, which may be at a host of PKB's own that nobody else reaches. */
  fullUrl?: string;
}

/** Why a resource is among what a search gives (FHIR's `search-entry-mode`). */
export type SearchMode = "match" | "include" | "outcome";

/** An access token, to make calls with otherwise. */
export interface IssuedToken {
  /** What goes into `Authorization: Bearer …`. Ask anew for each call: tokens last minutes. */
  accessToken: string;
  /** When it expires, in milliseconds since 1970. */
  expiresAt: number;
}

/** What somebody may see of a patient's record: nothing but what has one of the labels. */
export interface PkbConsent {
  /** Its id at PKB. */
  id?: string;
  /** `active`, or `inactive` once the patient has been discharged. */
  status?: string;
  /** Who: `Organization/…` is a team, `Practitioner/…` a professional, and `#…` a carer, who is contained in the resource. */
  actor?: string;
  /** The privacy labels of what they may see: `GENERAL_HEALTH`, `MENTAL_HEALTH`, `SEXUAL_HEALTH`, `SOCIAL_CARE`. */
  labels: string[];
  /** The FHIR `Consent` (STU3) as it came. */
  resource: Record<string, any>;
}

/** A user of PKB's. */
export interface CurrentUser {
  /** PKB's internal id, which is not the public id. */
  id?: string;
  /** Whether they are a patient. */
  patient?: boolean;
  /** `Dr.` */
  title?: string;
  /** First name. */
  firstName?: string;
  /** Last name. */
  lastName?: string;
  /** Date of birth, `2000-01-31`. */
  dob?: string;
  /** When they died, as PKB writes it. */
  dateDeceased?: string;
  /** The sex assigned at birth: `M`, `F`, `I` (indeterminate) or `U` (unknown). */
  gender?: string;
  /** Email address. */
  email?: string;
  /** Phone number. */
  phone?: string;
  /** First line of the address. */
  address1?: string;
  /** Second line of the address. */
  address2?: string;
  /** Town. */
  city?: string;
  /** State or county. */
  state?: string;
  /** Postal code. */
  postalCode?: string;
  /** Country, as ISO 3166-2 has it: `GB-ENG`. */
  country?: string;
  /** Height in centimetres. */
  heightCm?: number;
  /** Weight in kilograms. */
  weightKg?: number;
  /** National identifiers, with their FHIR identifier systems. */
  nationalIds: NationalId[];
}

/** A national identifier, as PKB's REST API gives it, with the system by which FHIR knows it. */
export interface NationalId {
  /** The identifier. */
  value: string;
  /** What it is called: `NHS number`. */
  name?: string;
  /** Where it is used, as ISO 3166-2 has it: `GB-ENG`. */
  countryCodes?: string[];
  /** The FHIR identifier system; none for one that this version of the SDK does not know. */
  system?: string;
}

/** An identifier of a patient: a number, and the system of numbers that it is of. */
export interface PatientIdentifier {
  /** Its system: `https://fhir.nhs.uk/Id/nhs-number`. */
  system: string;
  /** The number. */
  value: string;
}

/** When a patient's data last changed. */
export interface LastChange {
  /** The identifier, as you gave it; none for an app user. */
  identifier?: PatientIdentifier;
  /** The time as PKB writes it, `2027-01-01T09:57:34.2112Z`; left out where there is nothing yet, or PKB does not tell your organisation. */
  lastChange?: string;
}

/** Where to send the patient. */
export interface GetLinkUrlResponse {
  /** The address to redirect the patient's browser to. */
  url: string;
  /** What PKB gives back in the callback, and `completeLink` checks. It is in the address already. */
  state: string;
  /**
   * When the attempt expires, in milliseconds since 1970; an hour later it counts for nothing by any machine's clock. PKB may leave a
   * patient on a page of its own, so an application should not wait for ever.
   */
  expiresAt: number;
}

/** What PKB says of a patient's record. */
export interface RecordStatus {
  /** The identifier, as you gave it. */
  identifier: PatientIdentifier;
  /** Whether there is a record. */
  found: RecordFound;
  /** Whether the patient has registered, and so can log in. */
  registered?: boolean;
  /** Whether the patient has died. */
  deceased?: boolean;
  /** Date of birth, `2000-01-31`, where the record was found. */
  dateOfBirth?: string;
  /** What PKB says in words, where it found no record that you may see. */
  diagnostics?: string;
}

/** Whether there is a record. */
export type RecordFound = "found" | "notFound" | "noAccess" | "unknown";

/** Where to send the patient. */
export interface GetSignInUrlResponse {
  /** The address to redirect the patient's browser to. It serves once. */
  url: string;
}

/** One of PKB's APIs. A token of one kind is good for some of them alone. */
export type PkbSurface = "facade" | "messaging" | "aggregated" | "customer" | "rest";

/** A patient who linked before their link was kept. */
export interface ImportedLink {
  /** Your own id of the user: at most 1,000 bytes, without NUL. */
  appUserId: string;
  /** The patient's PKB public id, as `$purview` has given it. */
  publicId: string;
  /** Their tokens, as they are now. */
  tokens: LinkTokens;
}

/** What came of it. */
export interface InviteToRecordResponse {
  /** The invitations. */
  invitations: Invitation[];
  /** Those for whom PKB made none. */
  leftOut: PatientIdentifier[];
  /** Those of whom PKB could not be asked, or did not answer, after it had made invitations for others: ask again, for them alone. */
  failed: FailedInvitation[];
}

/** An invitation. Whoever has it opens a health record. */
export interface Invitation {
  /** Whom it is for. */
  identifier: PatientIdentifier;
  /** What the join page calls the invitation code. */
  code: string;
  /** What it calls the access code. */
  token: string;
  /** When the invitation expires, as PKB writes it: `2027-01-01T09:00:00.000+00:00`. */
  expiresAt?: string;
  /** The join page with both codes filled in, for the patient's own browser. */
  joinUrl: string;
}

/** A patient for whom it is not known whether there is an invitation. */
export interface FailedInvitation {
  /** Who. */
  identifier: PatientIdentifier;
  /** What failed. */
  reason: string;
}

/** What was done. */
export interface RotateKeysResponse {
  /** How many links there are. */
  links: number;
  /** How many of them were encrypted anew. */
  resealed: number;
  /** Those that could not be read. */
  failed: UnreadableLink[];
}

/** A record of which something has changed. */
export interface RecordChange {
  /** Your own id of the user. */
  appUserId: string;
  /** The patient's public id at PKB. */
  publicId: string;
  /** When the record last changed, as PKB writes it; left out where nothing is in it any more. */
  lastChange?: string;
  /** What it was when it was last dealt with; left out for a record that never was. */
  previous?: string;
}

/** An answer of the platform to one request of a call, of its last attempt: what stands before its body. It holds no token. */
export interface PlatformResponse {
  /** The request: its method and the pattern of its path, without a value in it. */
  request: string;
  /** The HTTP status. */
  statusCode: number;
  /**
   * The headers, by their names in lower case; one that came more than once is a list, parted by commas. Those that hold credentials, such
   * as `set-cookie`, are left out.
   */
  headers: Record<string, string>;
  /** What the platform calls this answer, where it says so: its support can look it up. Of digi.me, the header `x-error-reference`. */
  reference?: string;
}

/** digi.me's own data model. */
export interface MeDigiV1Ontology {
  name: "me.digi";
  version: "v1" | "V1";
}

/** FHIR STU3 as a data model. */
export interface FhirStu3Ontology {
  name: "fhir";
  version: "stu3" | "STU3";
}

/** FHIR R4 as a data model. */
export interface FhirR4Ontology {
  name: "fhir";
  version: "r4" | "R4";
}

/** What is known of a file that the platform has understood. */
export interface MappedFileMetadata {
  objectCount: number;
  objectType: string;
  serviceGroup: string;
  serviceName: string;
  schema: {
    standard: "digime" | "fhir" | "me.digi";
    version: string;
    id?: string;
    [name: string]: any;
  };
  [name: string]: any;
}

/** What is known of a file that an application has pushed: what that said of it. */
export interface RawFileMetadata {
  mimetype: string;
  accounts: Array<{
    accountid: string;
    [name: string]: any;
  }>;
  appid?: string;
  created?: number;
  contractid?: string;
  objecttypes?: Array<{
    name: string;
    references?: string[];
    [name: string]: any;
  }>;
  partnerid?: string;
  reference?: string[];
  servicegroups?: number[];
  tags?: string[];
  [name: string]: any;
}

/** What the metadata of raw files must hold. */
export interface Metadata {
  appId?: string[];
  accounts?: MetadataAccount[];
  contractId?: string[];
  mimeType?: string[];
  reference?: string[];
  tags?: string[];
  [name: string]: any;
}

/** An account that a raw file is of. */
export interface MetadataAccount {
  accountId: string;
  username?: string;
  [name: string]: any;
}
