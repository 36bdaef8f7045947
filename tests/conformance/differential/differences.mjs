// In what this SDK differs from the JavaScript SDK: where each difference is seen, and the sentence of docs/migrating.md that says it. A
// difference of a case is that of the first row that it fits.

const SDKS_OWN = ["ServerError", "SDKInvalidError", "TypeValidationError", "FileDecryptionError", "DigiMeSDKError"];
/** The classes of errors that both SDKs have, and of what is no error. */
const SHARED = [...SDKS_OWN, "HTTPError", "a result"];
const REFUSALS = ["HTTPError", "ServerError", "SDKInvalidError"];

const of =
  (...aspects) =>
  ({ aspect }) =>
    aspects.includes(aspect);
const isOutcome = of("outcome");
const isAsked = of("asked");
/** What was sent, told and came of it, where a call goes another way altogether. */
const isCourse = of("asked", "told", "outcome");
const ends = ({ error }) => error?.class ?? "a result";
const theirEnd = ({ theirOutcome }) => ends(theirOutcome);
const ourEnd = ({ ourOutcome }) => ends(ourOutcome);
const status = ({ answered }) => Number(answered?.match(/ answering (\d+),/)?.[1]);
const isExplained = ({ answered }) => /headers: explained/.test(answered);
const isSent = ({ asked }) => asked.length > 0;

/** The option that this SDK refuses before anything is sent, though the JavaScript SDK takes it. */
function refused({ theirOutcome, ourOutcome }) {
  const takes = isSent(theirOutcome) || ends(theirOutcome) === "a result";
  return takes && !isSent(ourOutcome) && ends(ourOutcome) === "TypeValidationError" ? ourOutcome.error.path : undefined;
}
const refuses = (pattern) => (seen) => isCourse(seen) && pattern.test(refused(seen) ?? "");
const given =
  (...names) =>
  ({ edits }) =>
    edits.some(({ value }) => names.includes(value));

const UNCHECKED = [
  "deleteAccount",
  "deleteUser",
  "getRevokeAccountPermissionUrl",
  "refreshToken",
  "getPortabilityReport",
].concat(["readFile", "readFileMetadata", "readFileList", "readAllFiles"]);
/** Objects that are no plain ones, which io-ts takes for objects all the same, or for none. */
const NO_PLAIN_OBJECTS = [
  "date",
  "invalid date",
  "buffer",
  "empty buffer",
  "bytes",
  "bytes without a view",
  "map",
  "set",
  "promise",
  "error",
].concat([
  "pattern",
  "stream",
  "boxed text",
  "boxed number",
  "boxed truth",
  "same, boxed",
  "class",
  "function",
  "says its JSON",
]);

export const DIFFERENCES = [
  // What an application gives.
  {
    says: "an empty or wrong one is refused and does not mean production.",
    where: refuses(/^config\.(baseUrl|onboardUrl|cloudBaseUrl)/),
  },
  {
    says: "The options of `deleteAccount`, `deleteUser`, `getPortabilityReport`, `getRevokeAccountPermissionUrl`, `refreshToken` and of the `readFile` family are checked as those of all calls; the JavaScript SDK sent what it was given, or failed on the way.",
    where: (seen) => UNCHECKED.includes(seen.call) && refuses(/^options/)(seen),
  },
  {
    says: "`locale` of `getReauthorizeAccountUrl`, the criteria of a scope and the filter of a query are checked too.",
    where: refuses(/^options\.(locale|.*\.scope\.criteria|\w+BodyParams\.query\.filter)/),
  },
  {
    says: "any other `type` is a `TypeValidationError`.",
    where: (seen) => seen.call === "pushData" && refuses(/^options\.type$/)(seen),
  },
  {
    says: "an empty path or storage is refused (`/` means everything);",
    where: (seen) => given("empty text")(seen) && refuses(/^options\.(path|storageId)$/)(seen),
  },
  {
    says: "Members that are not enumerable are not there; inherited ones are.",
    where: (seen) => given("same, hidden")(seen) && refuses(/./)(seen),
  },
  {
    says: "Members that are not enumerable are not there; inherited ones are.",
    where: (seen) => given("same, inherited")(seen) && isAsked(seen) && isSent(seen.ourOutcome),
  },
  {
    says: "A number that JSON has no word for is refused, and so is what is no plain object in the place of one: a `Date`, bytes, a `Map`.",
    where: (seen) => given("NaN", "infinite", ...NO_PLAIN_OBJECTS)(seen) && refuses(/^(options|config)\.\w+/)(seen),
  },
  {
    says: "What JSON cannot hold, a function for one, is refused in what goes to the platform.",
    where: (seen) => given("with odd members", "says its text", "symbol")(seen) && refuses(/^options\.\w+/)(seen),
  },
  {
    says: "A `BigInt` and a boxed number are numbers.",
    where: (seen) =>
      given("whole", "boxed number", "same, boxed")(seen) && isCourse(seen) && ourEnd(seen) === "a result",
  },
  {
    says: "A time, an id and a number of things is a whole number.",
    where: (seen) =>
      given("fraction", "huge", "negative", "NaN", "infinite")(seen) &&
      refuses(/\.(expiry|serviceId|limit|offset|statusCodes\[\d\]|maxRetryAfter)$/)(seen),
  },
  {
    says: "A list with holes is refused.",
    where: (seen) => given("sparse list")(seen) && refuses(/./)(seen),
  },
  {
    says: "`pushData` without `type` pushes to the library;",
    where: (seen) => seen.call === "pushData" && given("absent")(seen) && isAsked(seen) && !isSent(seen.theirOutcome),
  },
  {
    says: "without `standard` it is `fhir`;",
    where: (seen) =>
      seen.call === "pushData" && given("absent")(seen) && isOutcome(seen) && ourEnd(seen) === "a result",
  },
  {
    says: "A stream is not sent with a token that has expired, by its `expiry`: the token is refreshed before.",
    where: (seen) =>
      seen.call === "pushData" && isAsked(seen) && given("one")(seen) && seen.ours.length === seen.theirs.length + 2,
  },
  {
    says: "a bound that is not given is left out;",
    where: (seen) => seen.call === "getPortabilityReport" && given("undefined", "absent")(seen) && isAsked(seen),
  },
  {
    says: "Names, keys of sessions and ids of storages are percent-encoded, and the header of a token is UTF-8.",
    where: (seen) =>
      isEncodedOtherwise(seen) || (isAsked(seen) && seen.theirs.some(({ bearer }) => bearer?.header.text)),
  },
  // Errors.
  {
    says: "Every error is a class of this SDK, and derives from `DigiMeSDKError`.",
    where: (seen) => isOutcome(seen) && !SHARED.includes(seen.theirs) && seen.ours !== "a result",
  },
  {
    says: "the message begins as before, but not where a key cannot be read or the options are no object at all, and in the `readFile` family only where the option is the one that the message is about.",
    where: (seen) =>
      of("message")(seen) &&
      seen.edits.length > 0 &&
      ourEnd(seen) === "TypeValidationError" &&
      !isSent(seen.ourOutcome),
  },
  {
    says: "Of an answer, the message says what was asked, and ends with the call.",
    where: (seen) => of("message")(seen) && /^Token passed in to getPayloadFromToken/.test(seen.theirs),
  },
  {
    says: "The reason that comes with a status is that of the standard, not what the server made of it.",
    where: (seen) => of("message", "error", "result")(seen) && [418, 521, 599].includes(status(seen)),
  },
  {
    says: "A failure that is explained in the headers `X-Error-*` alone is a `ServerError` too.",
    where: (seen) =>
      isExplained(seen) && of("outcome", "error", "message", "asked", "told")(seen) && REFUSALS.includes(ourEnd(seen)),
  },
  {
    says: "So is one whose body lacks the code or the message, and one of `getPortabilityReport`.",
    where: (seen) => isOutcome(seen) && seen.theirs === "HTTPError" && REFUSALS.includes(seen.ours),
  },
  {
    says: "What stands beside an `error` that explains itself does not take its place.",
    where: (seen) => of("error", "message")(seen) && /an error and more/.test(seen.answered),
  },
  {
    says: "`error.reference` is what the platform says, in whatever form it does, and always a text.",
    where: (seen) => of("error")(seen) && ["Unknown reference", 5].includes(seen.theirs.said?.reference),
  },
  {
    says: '`createProvisionalStorage` and `listStorageFiles` fail with what failed, not with a `DigiMeSDKError` that says "Problem with…".',
    where: (seen) =>
      isOutcome(seen) &&
      seen.theirs === "DigiMeSDKError" &&
      /^Problem with/.test(seen.theirOutcome.error.message) &&
      seen.ours !== "a result",
  },
  {
    says: "a failure is an error and not an empty file, also in the midst of a download;",
    where: (seen) => isOutcome(seen) && seen.call === "downloadStorageFile" && seen.theirs === "a result",
  },
  {
    says: "A compression that is not known is an error.",
    where: (seen) => of("outcome", "told")(seen) && /unknown compression|compression (?!absent)/.test(seen.answered),
  },
  {
    says: "`onAccessTokenChange` is called before the new token is used, and awaited.",
    where: (seen) => of("told")(seen) && status(seen) === 401 && seen.ours?.some((one) => "onAccessTokenChange" in one),
  },
  {
    says: "and one that is refused with 429 or 503 always, until then.",
    where: (seen) =>
      seen.call === "readAllFiles" && [429, 503].includes(status(seen)) && ourEnd(seen) === "TimeoutError",
  },
  // Tokens.
  {
    says: "Key sets are asked for again as often as by default, whatever `retryOptions` says.",
    where: (seen) => isAsked(seen) && /^jwks answering/.test(seen.answered),
  },
  {
    says: "A token of the platform that does not verify is a `TokenVerificationError`.",
    where: (seen) =>
      isCourse(seen) && ourEnd(seen) === "TokenVerificationError" && theirEnd(seen) !== "TokenVerificationError",
  },
  {
    says: "an answer of the platform without a code is an error, not a URL with `undefined` in it.",
    where: (seen) =>
      isCourse(seen) &&
      /^(tokenReference|authorize) .*(_code|\$claims)/.test(seen.answered) &&
      ourEnd(seen) === "DigiMeSDKError",
  },
  {
    says: "A key set with a key that has no text for its `kid` is none.",
    where: (seen) => isCourse(seen) && /^jwks with /.test(seen.answered) && ourEnd(seen) === "DigiMeSDKError",
  },
  {
    says: "an answer without an access token is an error.",
    where: (seen) =>
      isCourse(seen) && /^token with json\.token\.\$claims/.test(seen.answered) && ourEnd(seen) === "DigiMeSDKError",
  },
  {
    says: "`expiry` is always a whole number, and `value` a text: what the platform says otherwise is 0 or empty; a `sub` that is a number is a text, and a `consentid` that is none is left out.",
    where: (seen) => of("result")(seen) && /^token with json\.token\.\$claims\./.test(seen.answered),
  },
  {
    says: "A 401 that says another reason than the token, in whatever form, and one that is a page of HTML, is no reason to refresh it: that is spent once.",
    where: (seen) =>
      isCourse(seen) && status(seen) === 401 && seen.theirOutcome.asked.length > seen.ourOutcome.asked.length,
  },
  {
    says: "`getUserStorage` hands on a new token.",
    where: (seen) => of("result")(seen) && seen.call === "getUserStorage" && status(seen) === 401,
  },
  // Answers.
  {
    says: "`getReauthorizeAccountUrl` asks for the account's reference first, so that a wrong account costs nothing.",
    where: (seen) => isAsked(seen) && seen.call === "getReauthorizeAccountUrl" && isSent(seen.ourOutcome),
  },
  {
    says: "`retryOptions` adds to the defaults, applies to all calls alike, and never repeats a POST,",
    where: (seen) =>
      isAsked(seen) &&
      status(seen) >= 400 &&
      new Set(seen.theirs.map((request) => request.asked)).size === 1 &&
      seen.theirs.length > 1,
  },
  {
    says: "Unknown states, types and fields of the platform are handed on and break nothing.",
    where: (seen) =>
      isCourse(seen) &&
      Boolean(seen.answered) &&
      theirEnd(seen) === "TypeValidationError" &&
      ourEnd(seen) === "a result",
  },
  {
    says: "Unknown states, types and fields of the platform are handed on and break nothing.",
    where: (seen) =>
      isOutcome(seen) && /^Problem with/.test(seen.theirOutcome.error?.message) && seen.ours === "a result",
  },
  {
    says: "An answer whose session, reference or number is none is an error.",
    where: (seen) =>
      isCourse(seen) &&
      Boolean(seen.answered) &&
      theirEnd(seen) === "a result" &&
      ourEnd(seen) === "TypeValidationError",
  },
  {
    says: "An answer whose session, reference or number is none is an error.",
    where: (seen) => of("result")(seen) && /json\.session null/.test(seen.answered),
  },
  {
    says: "Unknown states, types and fields of the platform are handed on and break nothing.",
    where: (seen) =>
      of("told")(seen) &&
      [seen.theirs, seen.ours].every((told) => told?.length > 0) &&
      seen.ours.some((one) => "onFileData" in one),
  },
  {
    says: "What is told to `onFileError` is what a call fails with.",
    where: (seen) =>
      of("told")(seen) && [seen.theirs, seen.ours].every((told) => told?.some((one) => "onFileError" in one)),
  },
  {
    says: "What a deletion is answered with need not be JSON.",
    where: (seen) =>
      isOutcome(seen) && ["deleteUser", "deleteAccount"].includes(seen.call) && seen.theirs === "ParseError",
  },
  {
    says: "What goes to the platform is read, not cloned: a `Proxy` will do.",
    where: (seen) => isCourse(seen) && theirEnd(seen) === "DOMException",
  },
];

/** Whether the same was asked, but for how the path is written, or it was asked another thing because of that. */
function isEncodedOtherwise({ aspect, edits, answered, theirOutcome, ourOutcome }) {
  const isText = edits.some(({ value }) => /^(space|text)/.test(value)) || / text/.test(answered ?? "");
  if (!isText || !["asked", "outcome", "told"].includes(aspect)) return false;
  return theirOutcome.asked.some(({ asked }, index) => {
    const ours = ourOutcome.asked[index]?.asked;
    return ours !== undefined && ours !== asked && /%/.test(ours);
  });
}
