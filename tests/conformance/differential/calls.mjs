// What a call may rightly be given: for each call, sets of options that have all their members between them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";

const key = (name) => readFileSync(join(import.meta.dirname, "../keys", `${name}.pkcs1.pem`), "utf8");

/** The contract's key, the platform's, and one that nobody trusts. */
export const KEYS = { contract: key("contract"), platform: key("platform"), other: key("other") };

const FAR_FUTURE = 4102444800;

const contractDetails = () => ({ contractId: "a-contract", privateKey: KEYS.contract });
const userAccessToken = () => ({
  accessToken: { value: "an-access-token", expiry: FAR_FUTURE },
  refreshToken: { value: "a-refresh-token", expiry: FAR_FUTURE },
});
const fullToken = () => ({ ...userAccessToken(), user: { id: "a-user" }, consentid: "a-consent" });
const asUser = () => ({ contractDetails: contractDetails(), userAccessToken: userAccessToken() });
const asContract = () => ({ contractDetails: contractDetails() });

const pull = () => ({
  limits: { duration: { sourceFetch: 30 } },
  scope: {
    timeRanges: [{ from: 1, to: 2, last: "30d" }],
    serviceGroups: [{ id: 1, serviceTypes: [{ id: 2, serviceObjectTypes: [{ id: 3 }] }] }],
    criteria: [{ from: 1, last: "30d", metadata: { appId: ["an-app"], accounts: [{ accountId: "an-account" }] } }],
  },
  sourceFetch: false,
  sourceFetchFilter: { account: { id: ["an-account"] } },
});
const onboarding = () => ({
  callback: "https://application.example/back?a=b",
  serviceId: 12,
  sourceType: "push",
  sampleData: { dataSet: "a-data-set", autoOnboard: true },
  sessionOptions: { pull: pull() },
  locale: "nl",
  includeSampleDataOnlySources: true,
  triggerQuery: false,
  sourcesScope: { dataType: ["images", "gp-data"], organizationType: "hospital" },
  state: "a-state",
});
const callback = "https://application.example/back";
const reading = () => ({
  sessionKey: "a-session",
  contractId: "a-contract",
  privateKey: KEYS.contract,
  userAccessToken: userAccessToken(),
});
const descriptor = () => ({
  mimeType: "text/plain",
  accounts: [{ accountId: "an-account" }],
  reference: ["a-reference"],
  tags: ["a-tag"],
});
const pushed = (fileData) => ({
  type: "library",
  ...asUser(),
  data: { fileData, fileName: "a.txt", fileDescriptor: descriptor() },
});
const stored = (more) => ({ ...asContract(), storageId: "a-storage", ...more });
const content = () => Buffer.from("the content of a file");
const stream = () => Readable.from([content()], { objectMode: false });
const searched = () => ({
  limit: 10,
  offset: 0,
  sort: { name: "asc" },
  query: {
    search: { name: ["a"], abbreviation: ["b"], alias: ["c"], medicalCenter: ["d"], practitioner: ["e"] },
    queryString: "f",
    include: ["id", "name"],
    filter: {
      id: [1],
      publishedStatus: ["approved", "pending"],
      service: { id: [2] },
      country: { id: [3] },
      category: { id: [4] },
      platform: { id: [5] },
      type: { id: [6] },
      sourceId: 7,
      reference: ["g"],
      alias: ["h"],
    },
  },
});
const discovered = () => ({ query: { include: ["id"], filter: { id: [1] } } });

/** For each call, functions that make options that are right. */
export const CALLS = {
  init: [
    () => ({ applicationId: "an-application" }),
    () => ({
      applicationId: "an-application",
      baseUrl: "https://api.example/v1",
      onboardUrl: "https://onboard.example/",
      cloudBaseUrl: "https://cloud.example/",
      retryOptions: {
        limit: 3,
        methods: ["GET", "put"],
        statusCodes: [500, 503],
        errorCodes: ["ETIMEDOUT"],
        maxRetryAfter: 1000,
        calculateDelay: ({ computedValue }) => computedValue,
      },
    }),
  ],
  getAuthorizeUrl: [
    () => ({ ...asContract(), callback, state: "a-state" }),
    () => ({ ...asContract(), userAccessToken: fullToken(), ...onboarding(), storageId: "a-storage" }),
  ],
  getReauthorizeUrl: [
    () => ({ ...asUser(), callback }),
    () => ({
      ...asUser(),
      callback,
      state: "a-state",
      locale: "nl",
      sessionOptions: { pull: pull() },
      triggerQuery: true,
    }),
  ],
  getOnboardServiceUrl: [() => ({ ...asUser(), callback }), () => ({ ...asUser(), ...onboarding() })],
  getReauthorizeAccountUrl: [() => ({ ...asUser(), callback, accountId: "an-account", locale: "nl" })],
  exchangeCodeForToken: [() => ({ ...asContract(), codeVerifier: "a-verifier", authorizationCode: "a-code" })],
  refreshToken: [() => ({ ...asContract(), userAccessToken: fullToken() })],
  pushData: [
    () => pushed(content()),
    () => pushed(stream()),
    () => ({
      type: "provider",
      ...asUser(),
      data: { resourceType: "Bundle", entry: [{ id: 1 }] },
      version: "stu3",
      standard: "fhir",
      accountId: "an-account",
    }),
  ],
  readSession: [asUser, () => ({ ...asUser(), sessionOptions: pull() })],
  readFile: [() => ({ ...reading(), fileName: "a.json" })],
  readFileMetadata: [() => ({ ...asUser(), sessionKey: "a-session", fileName: "a.json" })],
  readFileList: [reading],
  readAllFiles: [
    (tell) => ({
      ...reading(),
      onFileData: tell("onFileData"),
      onFileError: tell("onFileError"),
      onStatusChange: tell("onStatusChange"),
      onAccessTokenChange: tell("onAccessTokenChange"),
    }),
  ],
  readAccounts: [asUser],
  deleteUser: [asUser],
  deleteAccount: [() => ({ ...asUser(), accountId: "an-account" })],
  getRevokeAccountPermissionUrl: [
    () => ({ ...asUser(), accountId: "an-account", redirectUri: "https://application.example/" }),
  ],
  getPortabilityReport: [() => ({ ...asUser(), format: "xml", serviceType: "medmij", from: 1, to: 2 })],
  getServiceSampleDataSets: [() => ({ ...asContract(), sourceId: 12 })],
  querySources: [asContract, () => ({ ...asContract(), sourcesBodyParams: searched() })],
  queryCountries: [() => ({ ...asContract(), countriesBodyParams: discovered() })],
  queryPlatforms: [() => ({ ...asContract(), platformsBodyParams: discovered() })],
  queryCategories: [() => ({ ...asContract(), categoriesBodyParams: discovered() })],
  createProvisionalStorage: [asContract],
  getUserStorage: [asUser],
  listStorageFiles: [() => stored({}), () => stored({ path: "/a/folder", recursive: true })],
  downloadStorageFile: [() => stored({ path: "/a/file.txt" })],
  deleteStorageFiles: [() => stored({ path: "/a/file.txt" })],
  uploadFileToStorage: [
    () => stored({ fileData: content(), fileName: "file.txt", path: "a" }),
    () => stored({ fileData: stream(), fileName: "file.txt" }),
  ],
  getContractDetails: [asContract],
};
