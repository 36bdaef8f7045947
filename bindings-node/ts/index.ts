/** What an application imports: `init`, the error classes, and the types of every call. */

export type { Abortable } from "./call";
export {
  type ApiError,
  DigiMeSDKError,
  type FailedResponse,
  FileDecryptionError,
  HTTPError,
  SDKInvalidError,
  ServerError,
  TimeoutError,
  TokenVerificationError,
  TransportError,
  TypeValidationError,
  UploadNotRepeatableError,
} from "./errors";
export type { DigiMeSDK } from "./generated/operations";
export type * from "./generated/types";
export { init } from "./init";
export type { FileData } from "./streams";
