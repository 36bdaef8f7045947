// What comes of a case: the call is made, and what it gives, throws and has sent is written down without what is new each time.

import { legible } from "./platform.mjs";

const CONFIGURATION = { applicationId: "An-application", onboardUrl: "https://onboard.example/apps/" };

/** Makes the call of a case with an SDK against a platform. */
export async function outcomeOf(sdk, played, platform) {
  const asked = platform.play(played.answers);
  const events = [];
  const tell = (name) => (argument) => void events.push([name, argument]);
  const options = played.options(tell);
  // A list that is refused is asked for as long as the session may be waited for, which the JavaScript SDK knows nothing of.
  if (played.call === "readAllFiles" && /^list answering (429|503)/.test(played.answered))
    options.pollingLimits = { total: 500 };
  const outcome = await settled(() => call(sdk, played.call, options, platform.origin), options);
  const told = events.map(([name, argument]) => ({ [name]: encoded(argument, options) }));
  return shown({ ...outcome, ...(told.length > 0 && { told }), asked: [...asked] }, platform.origin);
}

async function call(sdk, name, options, origin) {
  if (name === "init") return Object.keys(sdk.init(options)).length > 0;
  const client = sdk.init({
    ...CONFIGURATION,
    baseUrl: `${origin}/api/`,
    cloudBaseUrl: `${origin}/cloud`,
    retryOptions: { limit: 0 },
  });
  const result = await client[name](options);
  if (name === "readAllFiles") return result.filePromise;
  if (name !== "downloadStorageFile") return result;
  return { ...result, body: Buffer.from(await new Response(result.body).arrayBuffer()) };
}

async function settled(make, options) {
  try {
    return { result: encoded(await make(), options) };
  } catch (error) {
    return { error: described(error) };
  }
}

/** What an application sees of an error. */
function described(error) {
  const { name, message, code, error: said, response, path } = error ?? {};
  return {
    class: error?.constructor?.name ?? String(error),
    name,
    message,
    ...(said && { said }),
    ...(response && { status: response.statusCode, code }),
    ...(path !== undefined && { path }),
  };
}

function encoded(value, options, around = []) {
  if (value === undefined) return undefined;
  if (value === options?.userAccessToken && typeof value === "object" && value !== null) return "{{the one given}}";
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return { bytes: legible(Buffer.from(value)) };
  if (value instanceof Error) return described(value);
  if (around.length > 20) return "[deep]";
  // Of the answer to a deletion, what the platform said; the rest is the door to sockets and to itself.
  if ("statusMessage" in value && "headers" in value) value = { statusCode: value.statusCode, body: value.body };
  const within = [...around, value];
  if (Array.isArray(value)) return value.map((item) => encoded(item, options, within) ?? null);
  const members = Object.entries(value).map(([name, member]) => [name, encoded(member, options, within)]);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}

/** As JSON in which equal outcomes are equal texts. */
function shown(outcome, origin) {
  const sorted = (_, value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value;
  const verifier = /"codeVerifier":"[A-Za-z0-9_-]{43}"/;
  const text = JSON.stringify(outcome, sorted).replaceAll(origin, "{{origin}}");
  return JSON.parse(text.replace(verifier, '"codeVerifier":"{{verifier}}"'));
}
