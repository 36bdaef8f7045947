// What the platform answers: rightly on each of its routes, and in every way in which a server may answer anything.

const session = { key: "a-session", expiry: 4102444800 };
const issued = (claims) => ({
  $header: { alg: "PS512", typ: "JWT", jku: "{{origin}}/jwks", kid: "a-key" },
  $claims: claims,
});
const part = (value) => ({ value, expires_on: 4102444800 });
const described = {
  metadata: {
    objectCount: 1,
    objectType: "Observation",
    serviceGroup: "Health",
    serviceName: "A service",
    schema: { standard: "fhir", version: "3.0.2", id: "a-schema" },
  },
  compression: "gzip",
};
const file = {
  headers: { "x-metadata": { $base64url: described }, "last-modified": "Mon, 05 Jan 2026 10:00:00 GMT" },
  body: { $sealed: "the content of a file", for: "contract", as: "gzip" },
};
const account = {
  id: "an-account",
  accessTokenStatus: { authorized: true, expiresAt: 4102444800 },
  reference: "a-reference",
  type: "USER",
  createdDate: 1,
  serviceGroupId: 2,
  serviceGroupName: "Health",
  serviceTypeId: 3,
  serviceTypeName: "A service",
  serviceTypeReference: "a-service",
  sourceId: 4,
  updatedDate: 5,
  username: "someone",
};
const source = {
  id: 1,
  name: "A source",
  resource: { url: "https://example.org/", mimetype: "image/png" },
  service: { id: 2, name: "A service", reference: "a-service" },
  publishedStatus: "approved",
  json: { authorisation: { type: "saas" } },
};
const found = {
  id: 1,
  name: "A name",
  code: "nl",
  reference: "r",
  resource: { url: "https://example.org/", mimetype: "m" },
};
const stored = {
  id: "a-file",
  name: "file.txt",
  originalName: "File.txt",
  originalPath: "/apps/An-application/A/File.txt",
  path: "/apps/an-application/a/file.txt",
};

/** The routes: method, the path that they are asked by, and the right answer. */
export const ROUTES = {
  authorize: [
    "POST",
    /^\/api\/oauth\/authorize$/,
    { json: { token: issued({ preauthorization_code: "a-code" }), session } },
  ],
  tokenReference: [
    "POST",
    /^\/api\/oauth\/token\/reference$/,
    { json: { token: issued({ reference_code: "a-reference-code" }), session } },
  ],
  token: [
    "POST",
    /^\/api\/oauth\/token$/,
    {
      json: {
        token: issued({
          access_token: part("a-second-access-token"),
          refresh_token: part("a-second-refresh-token"),
          sub: "a-user",
          consentid: "a-consent",
        }),
      },
    },
  ],
  jwks: [
    "GET",
    /^\/jwks$/,
    {
      json: {
        keys: [
          { kid: "another", pem: { $public: "other" } },
          { kid: "a-key", pem: { $public: "platform" } },
        ],
      },
    },
  ],
  reference: ["POST", /^\/api\/reference$/, { json: { id: "a-reference-id" } }],
  revoke: ["GET", /^\/api\/permission-access\/revoke\//, { json: { location: "https://example.org/revoke" } }],
  import: ["POST", /^\/api\/permission-access\/import/, { json: {} }],
  trigger: ["POST", /^\/api\/permission-access\/trigger$/, { json: { session } }],
  metadata: ["HEAD", /^\/api\/permission-access\/query\//, { headers: file.headers }],
  file: ["GET", /^\/api\/permission-access\/query\/[^/]*\//, file],
  list: [
    "GET",
    /^\/api\/permission-access\/query\//,
    {
      json: {
        status: {
          state: "completed",
          details: {
            "an-account": { state: "completed" },
            another: { state: "partial", error: { code: "Code", statusCode: 500, message: "m", reauth: true } },
          },
        },
        fileList: [{ name: "a.json", updatedDate: 1, objectCount: 1, schema: { standard: "fhir", version: "3.0.2" } }],
      },
    },
  ],
  accounts: ["GET", /^\/api\/permission-access\/accounts$/, { json: [account] }],
  deleteAccount: ["DELETE", /^\/api\/permission-access\/service\//, { json: { deleted: 1 } }],
  deleteUser: ["DELETE", /^\/api\/user$/, { text: "" }],
  report: ["GET", /^\/api\/export\//, { text: "<report/>" }],
  samples: [
    "GET",
    /^\/api\/permission-access\/sample\/datasets/,
    { json: { one: { name: "One", description: "The first" } } },
  ],
  sources: ["POST", /^\/api\/discovery\/sources$/, { json: { data: [source], limit: 10, offset: 0, total: 1 } }],
  discovery: ["POST", /^\/api\/discovery\//, { json: { data: [found] } }],
  storage: ["GET", /^\/api\/storage$/, { json: { id: "a-storage", kid: "a-kid" } }],
  newStorage: ["POST", /^\/api\/storage$/, { json: { id: "a-storage", kid: "a-kid" } }],
  upload: ["POST", /^\/cloud\//, { json: {} }],
  remove: ["DELETE", /^\/cloud\//, { text: "" }],
  folder: ["GET", /^\/cloud\/.*[?]recursive=/, { json: { files: [stored], total: 1 } }],
  download: ["GET", /^\/cloud\//, { body: { $sealed: "the content of a file", for: "contract" } }],
  contract: [
    "GET",
    /^\/api\/permission-access\/contract$/,
    {
      json: {
        accessType: "r",
        application: { id: "an-application", name: "An application", resources: {}, status: 1 },
        certificate: "a-certificate",
        certificateContractSchemaVersion: "1.0",
        expirationDate: 1,
        id: "a-contract",
        partnerId: "a-partner",
        type: "a-type",
      },
    },
  ],
};

/** The routes that each call asks, the first of them its own. */
export const ASKED = {
  getAuthorizeUrl: ["authorize", "jwks", "reference"],
  getReauthorizeUrl: ["tokenReference"],
  getOnboardServiceUrl: ["tokenReference"],
  getReauthorizeAccountUrl: ["tokenReference", "reference"],
  exchangeCodeForToken: ["token"],
  refreshToken: ["token"],
  pushData: ["import"],
  readSession: ["trigger"],
  readFile: ["file"],
  readFileMetadata: ["metadata"],
  readFileList: ["list"],
  readAllFiles: ["list", "file"],
  readAccounts: ["accounts"],
  deleteUser: ["deleteUser"],
  deleteAccount: ["deleteAccount"],
  getRevokeAccountPermissionUrl: ["revoke"],
  getPortabilityReport: ["report"],
  getServiceSampleDataSets: ["samples"],
  querySources: ["sources"],
  queryCountries: ["discovery"],
  queryPlatforms: ["discovery"],
  queryCategories: ["discovery"],
  createProvisionalStorage: ["newStorage"],
  getUserStorage: ["storage"],
  listStorageFiles: ["folder"],
  downloadStorageFile: ["download"],
  deleteStorageFiles: ["remove"],
  uploadFileToStorage: ["upload"],
  getContractDetails: ["contract"],
};

export const STATUSES = [200, 201, 202, 204, 206, 300, 400, 401, 403, 404, 405, 409, 410, 413, 418, 422, 429].concat([
  500, 501, 502, 503, 504, 521, 599,
]);

const api = (error, more = {}) => JSON.stringify({ error, ...more });
const said = { code: "SomeCode", message: "What was said", reference: "a-reference" };

export const BODIES = {
  nothing: "",
  "an empty object": "{}",
  "an empty list": "[]",
  null: "null",
  "a number": "5",
  "a text": '"text"',
  "no JSON": "not JSON",
  "a page": "<!doctype html><title>Oops</title>",
  "JSON and more": "{} and more",
  "JSON with a byte order mark": "\ufeff{}",
  "an object of others": '{"some":"member"}',
  "an error": api(said),
  "an error and more": api({ ...said, more: [1] }, { message: "beside", more: 1 }),
  "an error with a byte order mark": `\ufeff${api(said)}`,
  "an error without a reference": api({ code: "SomeCode", message: "What was said" }),
  "an error without a message": api({ code: "SomeCode" }),
  "an error without a code": api({ message: "What was said" }),
  "an error of empty texts": api({ code: "", message: "", reference: "" }),
  "an error whose code is a number": api({ code: 5, message: "What was said" }),
  "an error whose message is null": api({ code: "SomeCode", message: null }),
  "an error whose reference is a number": api({ ...said, reference: 5 }),
  "an error that is null": api(null),
  "an error that is empty": api({}),
  "an error that is a list": api([said]),
  "an error that is a number": api(5),
  "an error of storage": api("SomeCode", { message: "What was said" }),
  "an error of storage without a message": api("SomeCode"),
  "an error of storage without a code": JSON.stringify({ message: "What was said" }),
  "an error of storage of empty texts": api("", { message: "" }),
  "an error of storage whose message is a number": api("SomeCode", { message: 5 }),
  "a message that is a number": JSON.stringify({ message: 5 }),
  "a code": JSON.stringify({ code: "SomeCode", reference: "r" }),
  "a token that does not hold": api({ code: "InvalidToken", message: "The token is invalid" }),
  "a token that does not hold, of storage": api("InvalidToken", { message: "The token is invalid" }),
  "an SDK that is refused": api({ code: "SDKInvalid", message: "Not this SDK" }),
  "a version that is refused": api({ code: "SDKVersionInvalid", message: "" }),
  "an SDK that is refused, of storage": api("SDKInvalid"),
};

export const HEADERS = {
  none: {},
  JSON: { "content-type": "application/json" },
  "JSON of a charset": { "content-type": "application/json; charset=utf-16" },
  page: { "content-type": "text/html" },
  explained: { "x-error-code": "HeaderCode", "x-error-message": "What a header said", "x-error-reference": "r" },
};

const bodyOf = (more) => (answer) => ({ ...answer, body: { ...answer.body, ...more } });
const compressed = (as, compression) => (answer) => ({
  ...answer,
  body: { ...answer.body, as },
  headers: { ...answer.headers, "x-metadata": { $base64url: { ...described, compression } } },
});

/** Files that are not as they should be, or in another way than usual. */
export const FILES = {
  "a file that is cut": bodyOf({ cut: 16 }),
  "a file that is cut within a block": bodyOf({ cut: 5 }),
  "a file that is cut within its key": bodyOf({ cut: 100 }),
  "an empty file": bodyOf({ $sealed: "" }),
  "a file for another": bodyOf({ for: "other" }),
  "zeros after the file": bodyOf({ more: 20 }),
  "a file of brotli": compressed("brotli", "brotli"),
  "a file of no compression": compressed(undefined, "no-compression"),
  "a file of no word on compression": compressed(undefined, undefined),
  "a file of an unknown compression": compressed(undefined, "zstd"),
  "a file that is not compressed as it says": compressed(undefined, "gzip"),
  "a file that is compressed otherwise": compressed("gzip", "brotli"),
};
