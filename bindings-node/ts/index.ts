/** What an application imports: `init`, `initPkb`, the error classes, the codecs, and the types of every call. */

export type { AllFilesReading, AllFilesReading as ReadAllFilesResponse } from "./all-files";
export type { ByteStream } from "./byte-stream";
export type { Abortable } from "./call";
export type { Answering, Callback } from "./callback";
export type { Codec, Context, ContextEntry, Decoded, Decoder, ValidationError } from "./codecs";
export {
  ConnectDeniedError,
  ConnectionConflictError,
  ConnectionExpiredError,
  ConnectStateError,
  NotConnectedError,
} from "./connection-errors";
export { jsonText } from "./documents";
export {
  type ApiError,
  ClientClosedError,
  DigiMeSDKError,
  type FailedResponse,
  FileDecryptionError,
  FileLimitError,
  HTTPError,
  type NetworkError,
  SDKInvalidError,
  type Sent,
  ServerError,
  StoreError,
  TimeoutError,
  TokenVerificationError,
  TransportError,
  TypeValidationError,
  UploadNotRepeatableError,
} from "./errors";
export type { Fetch, FetchInit, FetchResponse } from "./fetch";
export type { BlobLike, BodyLike, FileData, WebStream } from "./file-data";
export * from "./generated/codecs";
export type { DigiMeSDK, DigiMeSDK as DigimeSDK, PkbSDK } from "./generated/operations";
export type * from "./generated/types";
export type {
  Account as AccountsResponse,
  MetadataAccount as Account,
  ReadAllFilesResponse as ReadAllFilesResult,
  ScopeCriteria as Criteria,
  SdkConfiguration as SDKConfiguration,
  ServiceObjectType as ServiceObject,
  ServiceType as Service,
} from "./generated/types";
export { init, initPkb } from "./init";
export type { Many } from "./many";
export {
  FhirError,
  type FhirIssue,
  LinkConflictError,
  LinkDeniedError,
  LinkExpiredError,
  LinkStateError,
  NotLinkedError,
  PkbError,
} from "./pkb-errors";
export { ProviderDataError } from "./provider-data-error";
