/** What an application imports: `init`, `initPkb`, the error classes, the codecs, and the types of every call. */

export type { AllFilesReading } from "./all-files";
export type { Abortable } from "./call";
export type { Callback } from "./callback";
export type { Codec, ContextEntry, Decoded, ValidationError } from "./codecs";
export { jsonText } from "./documents";
export {
  type ApiError,
  ClientClosedError,
  DigiMeSDKError,
  type FailedResponse,
  type NetworkError,
  FileDecryptionError,
  FileLimitError,
  HTTPError,
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
export type { FileData } from "./file-data";
export * from "./generated/codecs";
export type { DigiMeSDK, PkbSDK } from "./generated/operations";
export type * from "./generated/types";
export { init, initPkb } from "./init";
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
