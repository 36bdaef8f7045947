/** A strict application of the JavaScript SDK, which changes nothing but the package: it compiles. */

import { Readable } from "node:stream";
import {
  type Account,
  availableDataTypes,
  type CAScope,
  CAScopeCodec,
  type ContractDetails,
  type Criteria,
  DigiMeSDKError,
  type DigimeSDK,
  type DownloadStorageFileResponse,
  type GetAuthorizeUrlOptions,
  type GetAuthorizeUrlResponse,
  type GetContractDetailsResponse,
  init,
  type ListStorageFilesResponse,
  type MappedFileMetadata,
  type Metadata,
  type PushDataOptions,
  type QuerySourcesOptions,
  type QuerySourcesResponse,
  type RawFileMetadata,
  type ReadAccountsResponse,
  type ReadAllFilesOptions,
  type ReadAllFilesResponse,
  type ReadFileListResponse,
  type ReadFileOptions,
  type ReadFileResponse,
  type SDKConfiguration,
  ServerError,
  type Service,
  type ServiceObject,
  SessionCodec,
  TypeValidationError,
  UserAccessTokenCodec,
} from "digime-sdk";
import { isRight } from "fp-ts/lib/Either";
import * as t from "io-ts";
import { PathReporter } from "io-ts/lib/PathReporter";

const configuration: SDKConfiguration = {
  applicationId: "an-application",
  retryOptions: {
    limit: 3,
    methods: ["GET", "put"],
    errorCodes: ["ETIMEDOUT"],
    calculateDelay: ({ attemptCount, computedValue }: { attemptCount: number; computedValue: number; error: Error }) =>
      attemptCount > 2 ? 0 : computedValue,
  },
};
const sdk: DigimeSDK = init(configuration);
const contractDetails: ContractDetails = { contractId: "a-contract", privateKey: "a-key" };

// Codecs go together with those of io-ts.
const Stored = t.type({ tenant: t.string, token: UserAccessTokenCodec, session: t.union([SessionCodec, t.null]) });
export type Stored = t.TypeOf<typeof Stored>;
export type Token = t.TypeOf<typeof UserAccessTokenCodec>;
const codecs: t.Mixed[] = [Stored, CAScopeCodec, t.array(SessionCodec), t.partial({ scope: CAScopeCodec })];

export function stored(json: unknown): Stored {
  const read = Stored.decode(json);
  if (!isRight(read)) throw new DigiMeSDKError(PathReporter.report(read).join(), { cause: codecs });
  const expiry: number = read.right.token.accessToken.expiry;
  return expiry > 0 ? read.right : { ...read.right, session: null };
}

// What options and answers are made of.
const account: Account = { accountId: "an-account" };
const metadata: Metadata = { accounts: [account], mimeType: ["application/pdf"] };
const criteria: Criteria = { from: 1, metadata };
const objects: ServiceObject[] = [{ id: 1 }];
const service: Service = { id: 2, serviceObjectTypes: objects };
export const scope: CAScope = { criteria: [criteria], serviceGroups: [{ id: 3, serviceTypes: [service] }] };

export async function consent(userAccessToken: Token): Promise<GetAuthorizeUrlResponse> {
  const options: GetAuthorizeUrlOptions = {
    contractDetails,
    userAccessToken,
    callback: "https://example.org/",
    state: "s",
    sourcesScope: { dataType: [availableDataTypes[0]], organizationType: "hospital" },
    sessionOptions: { pull: { scope } },
  };
  return sdk.getAuthorizeUrl(options);
}

export function read(
  sessionKey: string,
  userAccessToken: Token,
): Promise<{ state: "running" | "partial" | "completed" | "pending" }> {
  const files: ReadFileResponse[] = [];
  const options: ReadAllFilesOptions = {
    sessionKey,
    contractId: contractDetails.contractId,
    privateKey: Buffer.from(contractDetails.privateKey),
    userAccessToken,
    onFileData: (file) => files.push(file) > 0 || undefined,
    onFileError: ({ error, fileName }: { error: Error; fileName: string }) => console.error(fileName, error.message),
    onStatusChange: (state) => console.log(state === "pending"),
    onAccessTokenChange: ({ accessToken }) => console.log(accessToken.expiry),
  };
  const reading: ReadAllFilesResponse = sdk.readAllFiles(options);
  reading.stopPolling();
  return reading.filePromise;
}

export async function file(options: ReadFileOptions): Promise<string> {
  const { fileData, fileMetadata, lastModified, userAccessToken }: ReadFileResponse = await sdk.readFile(options);
  const isMapped = (known: MappedFileMetadata | RawFileMetadata): known is MappedFileMetadata => "schema" in known;
  const kind: string = isMapped(fileMetadata) ? fileMetadata.schema.standard : fileMetadata.mimetype;
  return [fileData.toString("utf8"), kind, lastModified.toUpperCase(), userAccessToken?.accessToken.value].join();
}

export async function rest(userAccessToken: Token, storageId: string): Promise<unknown[]> {
  const { accounts }: ReadAccountsResponse = await sdk.readAccounts({ contractDetails, userAccessToken });
  const references: string[] = accounts.filter(({ type }) => type === "PUSH").map(({ reference }) => reference);
  const listed: ListStorageFilesResponse = await sdk.listStorageFiles({ contractDetails, storageId });
  const { body }: DownloadStorageFileResponse = await sdk.downloadStorageFile({
    contractDetails,
    storageId,
    path: "/a",
  });
  const node: Readable = Readable.fromWeb(body);
  const query: QuerySourcesOptions = {
    contractDetails,
    sourcesBodyParams: { limit: 1, anything: true, sort: { name: "asc" } },
  };
  const found: QuerySourcesResponse = await sdk.querySources(query);
  const status: "approved" | "pending" | "deprecated" | "blocked" | "sampledataonly" | undefined =
    found.data[0]?.publishedStatus;
  const { application, certificate }: GetContractDetailsResponse = await sdk.getContractDetails({ contractDetails });
  const list: ReadFileListResponse = await sdk.readFileList({ ...contractDetails, sessionKey: "s", userAccessToken });
  const sizes: number[] = (list.fileList ?? []).map(({ updatedDate }) => updatedDate);
  const push: PushDataOptions = {
    type: "library",
    contractDetails,
    userAccessToken,
    data: { fileData: node, fileName: "a", fileDescriptor: { mimeType: "text/plain", accounts: [account] } },
  };
  await sdk.pushData(push);
  return [references, listed.total.toFixed(), status, application.name, certificate, sizes];
}

/** Doubles of tests make errors as those of the JavaScript SDK are made. */
export function doubles(): Error[] {
  const said = { code: "InvalidToken", message: "m", reference: "r" };
  const refused = new ServerError("m", said);
  const code: string | undefined = refused.error?.code;
  return [
    refused,
    new ServerError("m"),
    new TypeValidationError("m"),
    new DigiMeSDKError(code ?? "", { cause: refused }),
  ];
}
