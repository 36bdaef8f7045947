/** An application that uses every part of the types; it only has to compile. */

import { createReadStream } from "node:fs";
import {
  type AccountsResponse as Account,
  type AllFilesReading,
  type AttemptRecord,
  availableDataTypes,
  ConnectDeniedError,
  type Connection,
  ConnectionExpiredError,
  ConnectStateError,
  type DataType,
  type DigiMeSDK,
  DigiMeSDKError,
  type ExchangeCodeForTokenResponse,
  type Fetch,
  FhirError,
  type FhirIssue,
  type FhirSearchOptions,
  type FhirSearchResponse,
  type FileData,
  type ForAppUser,
  HTTPError,
  init,
  initPkb,
  type Link,
  type LinkChange,
  LinkConflictError,
  LinkExpiredError,
  type LinkPageQuery,
  type LinkQuery,
  type LinkRecord,
  type LinkRemoval,
  type LinkStore,
  type PkbConfiguration,
  PkbError,
  type PkbSDK,
  type PublicIdQuery,
  type PushDataOptions,
  type PushDataResponse,
  type ReadAllFilesResult,
  type ReadFileStreamOptions,
  type ReadSessionOptions,
  type ReadSessionResponse,
  type SdkConfiguration,
  type Sent,
  ServerError,
  StoreError,
  TimeoutError,
  TransportError,
  type UserAccessToken,
  UserAccessTokenCodec,
  type WithoutToken,
} from "digime-sdk";

/** As published FHIR types are: an interface, without an index signature. */
interface Bundle {
  resourceType: "Bundle";
  entry: { resource: object }[];
}

const config: SdkConfiguration = {
  applicationId: "an-application",
  retryOptions: { limit: 1, calculateDelay: async ({ computedValue }) => computedValue / 2 },
};
const sdk: DigiMeSDK = init(config);
const { getAuthorizeUrl, pushData, readAccounts } = sdk;
const contractDetails = { contractId: "a-contract", privateKey: "a key" };

export async function link(): Promise<string> {
  const { url, codeVerifier, session } = await getAuthorizeUrl({
    contractDetails,
    callback: "https://app.example/return",
    state: "unguessable",
    sourceType: "push",
    signal: AbortSignal.timeout(1000),
  });
  // @ts-expect-error: a callback is demanded.
  await getAuthorizeUrl({ contractDetails, state: "unguessable" });
  return url + codeVerifier + session.key;
}

export async function push(
  userAccessToken: UserAccessToken,
  bundle: Bundle,
  body: ReadableStream<Uint8Array>,
): Promise<void> {
  const fileDescriptor = { mimeType: "application/pdf", accounts: [{ accountId: "an-account" }] };
  const contents: FileData[] = [
    Buffer.from("bytes"),
    createReadStream("a-file"),
    body,
    new ArrayBuffer(8),
    new DataView(new ArrayBuffer(8)),
  ];
  contents.push(new SharedArrayBuffer(8), new Uint16Array(4));
  for (const fileData of contents) {
    const pushing: Promise<PushDataResponse> = pushData({
      contractDetails,
      userAccessToken,
      data: { fileData, fileName: "report.pdf", fileDescriptor },
      onAccessTokenChange: async ({ accessToken, refreshToken }) => [accessToken.value, refreshToken.expiry],
    });
    await pushing;
  }
  const toProvider: PushDataOptions = {
    type: "provider",
    contractDetails,
    userAccessToken,
    data: bundle,
    version: "stu3",
    standard: "fhir",
    accountId: "an-account",
    signal: new AbortController().signal,
  };
  await pushData(toProvider);
}

export async function accounts(userAccessToken: UserAccessToken): Promise<Account[]> {
  try {
    const result = await readAccounts({ contractDetails, userAccessToken });
    for (const { serviceProviderName, username, sample } of result.accounts) {
      const told: [string | undefined, string | undefined, boolean | undefined] = [
        serviceProviderName,
        username,
        sample,
      ];
      console.log(...told);
    }
    return result.accounts.filter(({ id, type, whateverThePlatformAdds }) => id && type && whateverThePlatformAdds);
  } catch (error) {
    if (error instanceof ServerError) console.error(error.error?.reference, error.userAccessToken?.accessToken.value);
    if (error instanceof HTTPError) console.error(error.response.statusCode, error.response.headers["retry-after"]);
    if (error instanceof TransportError) console.error(error.cause.code, error.code.toLowerCase());
    if (error instanceof TransportError || error instanceof TimeoutError) {
      const sent: Sent = error.sent;
      console.error(sent === "nothing" ? "it can be made again" : "it may have been made");
    }
    if (error instanceof StoreError) console.error(error.operation === "change");
    if (error instanceof DigiMeSDKError) console.error(error.code);
    throw error;
  }
}

export async function read(userAccessToken: UserAccessToken, sessionKey: string): Promise<ReadAllFilesResult> {
  const session = { sessionKey, ...contractDetails, userAccessToken };
  const files: Buffer[] = [];
  const reading: AllFilesReading = sdk.readAllFiles({
    ...session,
    onFileData: ({ fileData }) => files.push(fileData),
    onFileError: async ({ error, fileName }) => console.error(fileName, error.code),
    onStatusChange: (state) => state === "partial" && reading.stopPolling(),
    // @ts-expect-error: progress is told in numbers.
    onProgress: ({ filesDone }: { filesDone: string }) => console.error(filesDone),
  });
  console.error((await reading.filePromise).state);

  const options: ReadFileStreamOptions = { ...session, fileName: "a-file" };
  const { body } = await sdk.readFileStream(options);
  const whole: Promise<ArrayBuffer> = new Response(body).arrayBuffer();
  const { fileData } = await sdk.readFile(options);
  console.error(fileData.toString("utf8"), await whole);
  return reading.response;
}

/** Whom the application knows by an id of its own, and of whom it has no token. */
export async function connect(appUserId: string, callbackUrl: string): Promise<number> {
  const { url, expiresAt } = await sdk.getConnectUrl({ appUserId, contractDetails, callback: "https://app.example/" });
  console.error(url, expiresAt + 1);
  try {
    const { connection } = await sdk.completeConnect({ contractDetails, callbackUrl, appUserId });
    const { contractId } = contractDetails;
    const known: Connection | undefined = await sdk.getConnection({ appUserId, contractId });
    return (known ?? connection).refreshedAt;
  } catch (error) {
    if (error instanceof ConnectDeniedError) console.error(error.errorCode?.toUpperCase());
    if (error instanceof ConnectStateError) console.error(error.reason === "mismatch");
    if (error instanceof ConnectionExpiredError) console.error(error.reason);
    throw error;
  }
}

export async function readFor(appUserId: string, userAccessToken: UserAccessToken): Promise<void> {
  const { session, ...rest } = await sdk.readSession({ contractDetails, appUserId, signal: AbortSignal.timeout(1000) });
  // @ts-expect-error: the token is kept.
  console.error(session.key, rest.userAccessToken);
  const given: ReadSessionResponse = await sdk.readSession({ contractDetails, userAccessToken });
  console.error(given.userAccessToken.accessToken.value);
  // @ts-expect-error: one of them.
  await sdk.readSession({ contractDetails });
  // @ts-expect-error: not both.
  await sdk.readSession({ contractDetails, userAccessToken, appUserId });
  // @ts-expect-error: no token is told of.
  await sdk.readSession({ contractDetails, appUserId, onAccessTokenChange: () => {} });
  const reading = sdk.readAllFiles({
    sessionKey: session.key,
    ...contractDetails,
    appUserId,
    onFileData: (file) => {
      // @ts-expect-error: nor in what is told of a file.
      console.error(file.fileName, file.userAccessToken);
    },
    onFileError: ({ error }) => console.error(error.code),
    onStatusChange: (state) => console.error(state === "running"),
  });
  // @ts-expect-error: nor in the end.
  console.error((await reading.filePromise).state, (await reading.response).userAccessToken);
  const { url } = await sdk.getReauthorizeUrl({ contractDetails, appUserId, callback: "https://app.example/" });
  console.error(url);
  // @ts-expect-error: the state is the SDK's.
  await sdk.getReauthorizeUrl({ contractDetails, appUserId, callback: "https://app.example/", state: "mine" });
  const pushes: ForAppUser<PushDataOptions>[] = [
    { type: "provider", contractDetails, appUserId, data: {}, version: "stu3", accountId: "an-account" },
    // @ts-expect-error: to a provider goes what has a version.
    { type: "provider", contractDetails, appUserId, data: {}, accountId: "an-account" },
  ];
  for (const each of pushes) await sdk.pushData(each);
}

/** Code that is about the type of a call finds the one that it has always had. */
export const asked: Parameters<typeof sdk.readSession>[0] extends ReadSessionOptions ? true : false = true;
export const answered: ReturnType<typeof sdk.readSession> extends Promise<ReadSessionResponse> ? true : false = true;
/** A double of a call for either. */
export const readSession: DigiMeSDK["readSession"] = async (
  options: ReadSessionOptions | ForAppUser<ReadSessionOptions>,
): Promise<ReadSessionResponse & WithoutToken<ReadSessionResponse>> => {
  if (!("userAccessToken" in options)) throw new Error(options.appUserId);
  return { session: { key: "a-key", expiry: 1 }, userAccessToken: options.userAccessToken };
};

export function stored(json: string): ExchangeCodeForTokenResponse | undefined {
  const value: unknown = JSON.parse(json);
  return UserAccessTokenCodec.is(value) ? value : undefined;
}

export const documents: DataType | undefined = availableDataTypes.find((type) => type === "documents");

/** A store as an application writes it over its own database. */
class DatabaseStore implements LinkStore {
  readonly #links = new Map<string, LinkRecord>();

  async getLink({ appUserId }: LinkQuery): Promise<LinkRecord | undefined> {
    return this.#links.get(appUserId);
  }

  findLinks({ publicId }: PublicIdQuery): LinkRecord[] {
    return [...this.#links.values()].filter((link) => link.publicId === publicId && link.lease === null);
  }

  listLinks({ after, limit }: LinkPageQuery): LinkRecord[] {
    return [...this.#links.values()].filter(({ appUserId }) => appUserId > after).slice(0, limit);
  }

  async putLink({ link, expectedVersion }: LinkChange): Promise<boolean> {
    const version: number | null = expectedVersion;
    this.#links.set(link.appUserId, link);
    return version === link.version - 1;
  }

  removeLink({ appUserId }: LinkRemoval): boolean {
    return this.#links.delete(appUserId);
  }

  getAttempt(): AttemptRecord | null {
    return null;
  }

  putAttempt(): boolean {
    return false;
  }

  async removeAttempts(): Promise<number> {
    return 0;
  }
}

const pkbConfig: PkbConfiguration = {
  clientId: "a-client",
  redirectUri: "https://app.example/linked",
  environment: "sandbox",
  store: new DatabaseStore(),
  onTokensChanged: async ({ appUserId, accessTokenExpiresAt }) => console.error(appUserId, accessTokenExpiresAt + 1),
  onLinkExpired: ({ publicId }) => console.error(publicId),
};
const pkb: PkbSDK = initPkb(pkbConfig);
// @ts-expect-error: a store has more methods.
initPkb({ ...pkbConfig, store: { getLink: () => null } });

export async function weights(callbackUrl: string, appUserId: string): Promise<FhirIssue[]> {
  try {
    const link: Link = await pkb.completeLink({ callbackUrl, appUserId });
    const known: Link | undefined = await pkb.getLink({ appUserId });
    console.error(known?.status === "uncertain", link.context, (await pkb.getSystemToken()).accessToken);
    const options: FhirSearchOptions = {
      appUserId,
      resourceType: "Observation",
      parameters: { patient: link.publicId, category: "vital-signs", date: ["ge2026-01-01", "le2026-06-30"] },
      signal: AbortSignal.timeout(10_000),
    };
    const pages: FhirSearchResponse = pkb.fhirSearch(options);
    // @ts-expect-error: the pages are iterated over, not told to a function.
    pkb.fhirSearch({ ...options, onPage: () => {} });
    for await (const page of pages) {
      const bundle = page as Bundle;
      console.error(bundle.entry.length, page.total);
    }
    const { body } = await pkb.request({ appUserId, path: "/json/users/self" });
    console.error(body.firstName, (await pkb.getCurrentUser({ appUserId })).nationalIds[0]?.system);
    const { finished } = await pkb.close({ timeout: 10_000 });
    console.error(finished === true, await pkb[Symbol.asyncDispose]());
  } catch (error) {
    if (error instanceof FhirError) return error.issues;
    if (error instanceof LinkConflictError) console.error(error.conflict === "publicId");
    if (error instanceof LinkExpiredError) console.error(error.reason, error.pkbCode);
    if (error instanceof PkbError) console.error(error.statusCode?.toFixed());
    throw error;
  }
  return [];
}

const traced: Fetch = async (url, request) => {
  const response = await fetch(url, { ...request, headers: { ...request.headers, traceparent: "00-1-2-01" } });
  return response;
};

/** Any `fetch` will do, and what stands in for one. */
export const fetches: Fetch[] = [
  fetch,
  globalThis.fetch,
  traced,
  async () => new Response("[]"),
  async (url: string | URL) => new Response(String(url)),
  async (_, { method, body }) => ({ status: method === "GET" ? 200 : 204, headers: new Map(), body: body ? null : {} }),
];
init({ applicationId: "an-application", fetch });
// @ts-expect-error: it has to answer.
init({ applicationId: "an-application", fetch: () => undefined });
