/** What an application imports: `init`, `initPkb`, the error classes, the codecs, and the types of every call. */

export type { AllFilesReading } from "./all-files";
export type { Abortable } from "./call";
export type { Codec, ContextEntry, Decoded, ValidationError } from "./codecs";
export {
  type ApiError,
  DigiMeSDKError,
  type FailedResponse,
  FileDecryptionError,
  FileLimitError,
  HTTPError,
  SDKInvalidError,
  ServerError,
  TimeoutError,
  TokenVerificationError,
  TransportError,
  TypeValidationError,
  UploadNotRepeatableError,
} from "./errors";
export * from "./generated/codecs";
export type { DigiMeSDK, PkbSDK } from "./generated/operations";
export type * from "./generated/types";
export { init, initPkb } from "./init";
export type { Callback } from "./kept";
export {
  FhirError,
  type FhirIssue,
  LinkConflictError,
  LinkDeniedError,
  LinkExpiredError,
  LinkStateError,
  NotLinkedError,
  PkbError,
  StoreError,
} from "./pkb-errors";
export type { FileData } from "./streams";
