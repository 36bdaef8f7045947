/** Which types the JavaScript SDK exports under which names, what its calls take and give, and what its codecs are of. */

import type { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type {
  Account,
  AsContract,
  AsUser,
  Configuration,
  Contract,
  Criteria,
  DataType,
  Deleted,
  Directory,
  Entry,
  FetchFilter,
  File,
  FromServer,
  Got,
  InStorage,
  Listed,
  Mapped,
  Metadata,
  Named,
  Onboarding,
  Open,
  OrganizationType,
  Pull,
  Push,
  Raw,
  Reading,
  Sample,
  Scope,
  Service,
  ServiceGroup,
  ServiceObject,
  Session,
  Source,
  SourcesQuery,
  SourcesScope,
  SourceType,
  State,
  Status,
  Storage,
  TimeRange,
  Tokens,
} from "./declared-types";

/** The types that it exports, each by its name. */
export interface Declared {
  Account: Account;
  CAScope: Scope;
  ContractDetails: Contract;
  CreateProvisionalStorageOptions: AsContract;
  CreateProvisionalStorageResponse: Storage;
  Criteria: Criteria;
  DataType: DataType;
  DeleteAccountOptions: AsUser & { accountId: string };
  DeleteAccountResponse: { deleted: boolean; response: Got };
  DeleteStorageFilesOptions: InStorage & { path: string };
  DeleteStorageFilesResponse: Deleted;
  DeleteUserOptions: AsUser;
  DeleteUserResponse: { deleted: boolean; response: Got };
  DigiMeSDKError: Error;
  DownloadStorageFileOptions: InStorage & { path: string };
  DownloadStorageFileResponse: { body: ReadableStream; contentLength?: number };
  ExchangeCodeForTokenOptions: AsContract & { codeVerifier: string; authorizationCode: string };
  FileDecryptionError: Error;
  GetAuthorizeUrlOptions: AsContract &
    Onboarding & { callback: string; userAccessToken?: Tokens; state: string; storageId?: string };
  GetAuthorizeUrlResponse: { url: string; codeVerifier: string; session: Session };
  GetContractDetailsOptions: AsContract;
  GetContractDetailsResponse: {
    accessType: "r" | "w";
    application: { id: string; name: string; resources: Open; status: number };
    certificate: string;
    certificateContractSchemaVersion: string;
    expirationDate: number;
    id: string;
    partnerId: string;
    type: string;
  };
  GetOnboardServiceUrlOptions: AsUser & Onboarding & { callback: string; state?: string };
  GetOnboardServiceUrlResponse: { session: Session; userAccessToken: Tokens; url: string };
  GetPortabilityReportOptions: AsUser & { format: "xml"; serviceType: "medmij"; from?: number; to?: number };
  GetPortabilityReportResponse: { file: string };
  GetReauthorizeAccountUrlOptions: AsUser & { callback: string; accountId: string; locale?: string };
  GetReauthorizeAccountUrlResponse: { url: string; userAccessToken: Tokens; session: Session };
  GetReauthorizeUrlOptions: AsUser & {
    callback: string;
    state?: string;
    locale?: string;
    sessionOptions?: { pull?: Pull };
    triggerQuery?: boolean;
  };
  GetReauthorizeUrlResponse: { codeVerifier: string; session: Session; url: string };
  GetRevokeAccountPermissionUrlOptions: AsUser & { accountId: string; redirectUri: string };
  GetRevokeAccountPermissionUrlResponse: { location: string };
  GetServiceSampleDataSetsOptions: AsContract & { sourceId: number };
  GetServiceSampleDataSetsResponse: { [key: string]: { description: string; name: string } };
  GetUserStorageOptions: AsUser;
  GetUserStorageResponse: Storage & { userAccessToken?: Tokens };
  ListStorageFilesOptions: InStorage & { path?: string; recursive?: boolean };
  ListStorageFilesResponse: {
    files: { id: string; name: string; originalName: string; originalPath: string; path: string }[];
    total: number;
  };
  MappedFileMetadata: Mapped;
  Metadata: Metadata;
  OrganizationType: OrganizationType;
  PullSessionOptions: Pull;
  PushDataOptions: Push;
  QueryCategoriesOptions: AsContract & { categoriesBodyParams?: Directory };
  QueryCategoriesResponse: { data: (Named & { reference?: string; title?: string; subTitle?: string })[] };
  QueryCountriesOptions: AsContract & { countriesBodyParams?: Directory };
  QueryCountriesResponse: { data: (Named & { code?: string })[] };
  QueryPlatformsOptions: AsContract & { platformsBodyParams?: Directory };
  QueryPlatformsResponse: { data: (Named & { reference?: string })[] };
  QuerySourcesOptions: AsContract & { sourcesBodyParams?: SourcesQuery };
  QuerySourcesResponse: { data: Source[]; limit: number; offset: number; total: number };
  RawFileMetadata: Raw;
  ReadAccountsOptions: AsUser;
  ReadAccountsResponse: { accounts: Listed[]; userAccessToken?: Tokens };
  ReadAllFilesOptions: Reading & {
    onFileData: (file: { fileList: Entry[] | undefined } & File) => void;
    onFileError: (failure: { fileList: Entry[] | undefined; error: Error; fileName: string }) => void;
    onStatusChange?: (state: State) => void;
    onAccessTokenChange?: (token: Tokens) => void;
  };
  ReadAllFilesResponse: { stopPolling: () => void; filePromise: Promise<Status> };
  ReadFileListOptions: Reading;
  ReadFileListResponse: { status: Status; fileList?: Entry[]; userAccessToken?: Tokens };
  ReadFileOptions: Reading & { fileName: string };
  ReadFileResponse: File;
  ReadSessionOptions: AsUser & { sessionOptions?: Pull };
  ReadSessionResponse: { session: Session; userAccessToken?: Tokens };
  RefreshTokenOptions: AsUser;
  SDKConfiguration: Configuration;
  SDKInvalidError: FromServer;
  SampleDataOptions: Sample;
  ServerError: FromServer;
  Service: Service;
  ServiceGroup: ServiceGroup;
  ServiceObject: ServiceObject;
  Session: Session;
  SourceFetchFilter: FetchFilter;
  SourceType: SourceType;
  SourcesScope: SourcesScope;
  TimeRange: TimeRange;
  TypeValidationError: Error;
  UploadFileToStorageOptions: InStorage & { fileData: Readable | Buffer; fileName: string; path?: string };
  UploadFileToStorageResponse: { uploaded: boolean; statusCode: number; statusMessage?: string };
}

/** What its calls are given and give, by their names. */
export interface DeclaredCalls {
  createProvisionalStorage: "CreateProvisionalStorage";
  deleteAccount: "DeleteAccount";
  deleteStorageFiles: "DeleteStorageFiles";
  deleteUser: "DeleteUser";
  downloadStorageFile: "DownloadStorageFile";
  getAuthorizeUrl: "GetAuthorizeUrl";
  getContractDetails: "GetContractDetails";
  getOnboardServiceUrl: "GetOnboardServiceUrl";
  getPortabilityReport: "GetPortabilityReport";
  getReauthorizeAccountUrl: "GetReauthorizeAccountUrl";
  getReauthorizeUrl: "GetReauthorizeUrl";
  getRevokeAccountPermissionUrl: "GetRevokeAccountPermissionUrl";
  getServiceSampleDataSets: "GetServiceSampleDataSets";
  getUserStorage: "GetUserStorage";
  listStorageFiles: "ListStorageFiles";
  queryCategories: "QueryCategories";
  queryCountries: "QueryCountries";
  queryPlatforms: "QueryPlatforms";
  querySources: "QuerySources";
  readAccounts: "ReadAccounts";
  readFile: "ReadFile";
  readFileList: "ReadFileList";
  readSession: "ReadSession";
  uploadFileToStorage: "UploadFileToStorage";
}

/** The codecs, and what each is of. */
export interface DeclaredCodecs {
  CAScopeCodec: Scope;
  ContractDetailsCodec: Contract;
  ContractDetailsRawCodec: Contract;
  DataTypeCodec: DataType;
  OrganizationTypeCodec: OrganizationType;
  PullSessionOptionsCodec: Pull;
  SampleDataOptionsCodec: Sample;
  ServiceCodec: Service;
  ServiceGroupCodec: ServiceGroup;
  SessionCodec: Session;
  SourceFetchFilterCodec: FetchFilter;
  SourceTypeCodec: SourceType;
  SourcesScopeCodec: SourcesScope;
  TimeRangeCodec: TimeRange;
  UserAccessTokenCodec: Tokens;
}
