// Printed by `npm run types` from the core's description of itself; not edited by hand.

/** The table of error classes, parents before children. */
export const ERROR_CLASSES = [
  { class: "DigiMeSDKError", name: "DigiMeSDKError", parent: null, code: "ERR_DIGIME_SDK" },
  { class: "TypeValidationError", name: "TypeValidationError", parent: "DigiMeSDKError", code: "ERR_TYPE_VALIDATION" },
  { class: "FileDecryptionError", name: "FileDecryptionError", parent: "DigiMeSDKError", code: "ERR_FILE_DECRYPTION" },
  { class: "FileLimitError", name: "FileLimitError", parent: "DigiMeSDKError", code: "ERR_FILE_LIMIT" },
  { class: "HTTPError", name: "HTTPError", parent: "DigiMeSDKError", code: "ERR_NON_2XX_3XX_RESPONSE" },
  { class: "TimeoutError", name: "TimeoutError", parent: "DigiMeSDKError", code: "ERR_TIMEOUT" },
  { class: "TransportError", name: "TransportError", parent: "DigiMeSDKError", code: "ERR_TRANSPORT" },
  {
    class: "TokenVerificationError",
    name: "TokenVerificationError",
    parent: "DigiMeSDKError",
    code: "ERR_TOKEN_VERIFICATION",
  },
  {
    class: "UploadNotRepeatableError",
    name: "UploadNotRepeatableError",
    parent: "DigiMeSDKError",
    code: "ERR_UPLOAD_NOT_REPEATABLE",
  },
  { class: "ClientClosedError", name: "ClientClosedError", parent: "DigiMeSDKError", code: "ERR_CLIENT_CLOSED" },
  { class: "StoreError", name: "StoreError", parent: "DigiMeSDKError", code: "ERR_STORE" },
  { class: "ServerError", name: "DigiMeServerError", parent: "DigiMeSDKError", code: "ERR_SERVER" },
  { class: "SDKInvalidError", name: "SDKInvalidError", parent: "ServerError", code: "ERR_SDK_INVALID" },
  { class: "ConnectDeniedError", name: "ConnectDeniedError", parent: "DigiMeSDKError", code: "ERR_CONNECT_DENIED" },
  { class: "ConnectStateError", name: "ConnectStateError", parent: "DigiMeSDKError", code: "ERR_CONNECT_STATE" },
  { class: "NotConnectedError", name: "NotConnectedError", parent: "DigiMeSDKError", code: "ERR_NOT_CONNECTED" },
  {
    class: "ConnectionExpiredError",
    name: "ConnectionExpiredError",
    parent: "DigiMeSDKError",
    code: "ERR_CONNECTION_EXPIRED",
  },
  {
    class: "ConnectionConflictError",
    name: "ConnectionConflictError",
    parent: "DigiMeSDKError",
    code: "ERR_CONNECTION_CONFLICT",
  },
  { class: "ProviderDataError", name: "ProviderDataError", parent: "DigiMeSDKError", code: "ERR_PROVIDER_DATA" },
  { class: "PkbError", name: "PkbError", parent: "DigiMeSDKError", code: "ERR_PKB" },
  { class: "LinkDeniedError", name: "LinkDeniedError", parent: "PkbError", code: "ERR_LINK_DENIED" },
  { class: "LinkStateError", name: "LinkStateError", parent: "PkbError", code: "ERR_LINK_STATE" },
  { class: "NotLinkedError", name: "NotLinkedError", parent: "PkbError", code: "ERR_NOT_LINKED" },
  { class: "LinkExpiredError", name: "LinkExpiredError", parent: "PkbError", code: "ERR_LINK_EXPIRED" },
  { class: "LinkConflictError", name: "LinkConflictError", parent: "PkbError", code: "ERR_LINK_CONFLICT" },
  { class: "FhirError", name: "FhirError", parent: "PkbError", code: "ERR_FHIR" },
] as const;

/** The name of a class in the table. */
export type ErrorClassName = (typeof ERROR_CLASSES)[number]["class"];
