/** An application that uses every part of the types; it only has to compile. */

import { createReadStream } from "node:fs";
import {
  type Account,
  type AllFilesReading,
  availableDataTypes,
  type DataType,
  type DigiMeSDK,
  DigiMeSDKError,
  type ExchangeCodeForTokenResponse,
  type FileData,
  HTTPError,
  init,
  type PushDataOptions,
  type PushDataResponse,
  type ReadAllFilesResponse,
  type ReadFileStreamOptions,
  type SdkConfiguration,
  ServerError,
  TransportError,
  type UserAccessToken,
  UserAccessTokenCodec,
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
  const contents: FileData[] = [Buffer.from("bytes"), createReadStream("a-file"), body, new ArrayBuffer(8)];
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
    return result.accounts.filter(({ id, type, whateverThePlatformAdds }) => id && type && whateverThePlatformAdds);
  } catch (error) {
    if (error instanceof ServerError) console.error(error.error.reference, error.userAccessToken?.accessToken.value);
    if (error instanceof HTTPError) console.error(error.response.statusCode, error.response.headers["retry-after"]);
    if (error instanceof TransportError) console.error(error.cause.toLowerCase());
    if (error instanceof DigiMeSDKError) console.error(error.code);
    throw error;
  }
}

export async function read(userAccessToken: UserAccessToken, sessionKey: string): Promise<ReadAllFilesResponse> {
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

export function stored(json: string): ExchangeCodeForTokenResponse | undefined {
  const value: unknown = JSON.parse(json);
  return UserAccessTokenCodec.is(value) ? value : undefined;
}

export const documents: DataType | undefined = availableDataTypes.find((type) => type === "documents");
