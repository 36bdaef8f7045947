/** What the types of the JavaScript SDK look like, by the names that it exports: what its applications have written against. */

import type { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";

type Contract = { contractId: string; privateKey: string };
type Token = { expiry: number; value: string };
type Tokens = { accessToken: Token; refreshToken: Token; user?: { id?: string }; consentid?: string };
/** What node-rsa takes for a key: its components, too. */
type Components = { n: Buffer; e: Buffer | number };
type Key = string | Buffer | Components | (Components & { d: Buffer; p: Buffer; q: Buffer });
type AsUser = { contractDetails: Contract; userAccessToken: Tokens };
type AsContract = { contractDetails: Contract };

type TimeRange = { from?: number; last?: string; to?: number };
type ServiceObject = { id: number };
type Service = { id: number; serviceObjectTypes: ServiceObject[] };
type ServiceGroup = { id: number; serviceTypes: Service[] };
type Account = { accountId: string; username?: string };
type Metadata = {
  appId?: string[];
  accounts?: Account[];
  contractId?: string[];
  mimeType?: string[];
  reference?: string[];
  tags?: string[];
};
type Criteria = { from?: number; last?: string; metadata?: Metadata };
type Scope = { timeRanges?: TimeRange[]; serviceGroups?: ServiceGroup[]; criteria?: Criteria[] };
type FetchFilter = { account: { id: string[] } };
type Pull = {
  limits?: { duration?: { sourceFetch?: number } };
  scope?: Scope;
  sourceFetch?: boolean;
  sourceFetchFilter?: FetchFilter;
};
type SourceType = "pull" | "push";
type Sample = { dataSet: string; autoOnboard?: boolean };
type DataType =
  | "medication-information"
  | "laboratory-results"
  | "appointments"
  | "patient-summary-hospital-data"
  | "gp-data"
  | "mental-health-patient-summary"
  | "documents"
  | "measurements-vital-signs"
  | "allergy-intolerances"
  | "images"
  | "medication-related-intolerances"
  | "referral-to-questionnaire"
  | "questionnaire-response"
  | "longterm-healthcare-patient-summary"
  | "patient-corrections-request"
  | "vaccinations"
  | "integral-birth-care-process";
type OrganizationType =
  | "general-practitioner"
  | "health-center"
  | "hospital"
  | "private-treatment-center"
  | "specialist-centre"
  | "radiotherapy-center"
  | "dialysis-center"
  | "obstetrics-and-maternity-care"
  | "mental-health-care"
  | "youth-health-care"
  | "psychology-and-psychotherapy"
  | "nursing-and-care-homes-and-home-care"
  | "disability-care"
  | "mentally-disabled-care"
  | "daycare-centers"
  | "rehabilitation-center"
  | "pharmacy"
  | "audiological-center"
  | "medical-aids"
  | "physiotherapy"
  | "protected-and-supported-living"
  | "dentist"
  | "ambulance"
  | "health-insurers";
type SourcesScope = { dataType?: DataType[]; organizationType?: OrganizationType };
type Session = { expiry: number; key: string };
type Onboarding = {
  serviceId?: number;
  sessionOptions?: { pull?: Pull };
  sourceType?: SourceType;
  sampleData?: Sample;
  locale?: string;
  includeSampleDataOnlySources?: boolean;
  triggerQuery?: boolean;
  sourcesScope?: SourcesScope;
};

type Schema = { id?: string; standard: "digime" | "fhir" | "me.digi"; version: string };
type Mapped = { objectCount: number; objectType: string; serviceGroup: string; serviceName: string; schema: Schema };
type Raw = {
  mimetype: string;
  accounts: { accountid: string }[];
  appid?: string;
  created?: number;
  contractid?: string;
  objecttypes?: { name: string; references?: string[] }[];
  partnerid?: string;
  reference?: string[];
  servicegroups?: number[];
  tags?: string[];
  [key: string]: unknown;
};
type State = "running" | "partial" | "completed" | "pending";
type AccountState =
  | {
      state: "partial";
      error: { code: string; statusCode: number; message?: string; reauth?: boolean; retryAfter?: number };
    }
  | { state: "running" }
  | { state: "completed" };
type Status = { state: State; details?: Record<string, AccountState> };
type Entry = {
  name: string;
  updatedDate: number;
  schema?: Schema;
  serviceGroup?: string;
  serviceName?: string;
  objectVersion?: string;
  objectType?: string;
  objectCount?: number;
};
type File = {
  fileData: Buffer;
  fileName: string;
  fileMetadata: Mapped | Raw;
  lastModified: string;
  userAccessToken?: Tokens;
};
type Reading = { sessionKey: string; contractId: string; privateKey: Key; userAccessToken: Tokens };
type Listed = {
  id: string;
  accessTokenStatus?: { authorized: boolean; expiresAt?: number };
  reference: string;
  type:
    | "USER"
    | "ADMIN"
    | "EVENT"
    | "GROUP"
    | "BANK"
    | "CREDIT_CARD"
    | "IMPORTED"
    | "INVESTMENT"
    | "INSURANCE"
    | "LOAN"
    | "REWARD"
    | "BILL"
    | "PUSH";
  createdDate: number;
  serviceGroupId: number;
  serviceGroupName: string;
  serviceProviderId?: number;
  serviceProviderName?: string;
  serviceProviderReference?: string;
  serviceTypeId: number;
  serviceTypeName: string;
  serviceTypeReference: string;
  sourceId: number;
  updatedDate: number;
  username?: string;
  providerFavIcon?: string;
  providerLogo?: string;
  sample?: boolean;
};

type Open = Record<string, unknown>;
type Resource = { mimetype?: string; resize?: string; type?: number; url?: string };
type Directory = Open & { query?: { include?: string[]; filter?: { id?: number[] } } };
type Ids = { id: number[] };
type PublishedStatus = "approved" | "pending" | "deprecated" | "blocked" | "sampledataonly";
type SourcesQuery = Open & {
  limit?: number;
  offset?: number;
  sort?: { name: "asc" | "desc" };
  query?: {
    search?: Open & {
      name?: string[];
      abbreviation?: string[];
      alias?: string[];
      medicalCenter?: string[];
      practitioner?: string[];
    };
    queryString?: string;
    include?: string[];
    filter?: Open & {
      id?: number[];
      publishedStatus?: PublishedStatus[];
      service?: Ids;
      country?: Ids;
      category?: Ids;
      platform?: Ids;
      type?: Ids;
      sourceId?: number;
      reference?: string[];
      alias?: string[];
    };
  };
};
type Source = Open & {
  id: number;
  name?: string;
  resource?: { url?: string; mimetype?: string };
  service?: Open & { id: number; name?: string; reference?: string };
  publishedStatus?: PublishedStatus;
  json?: Open & { authorisation?: { type?: "saas" | "sdk" | "none" } };
};
type Named = Open & { id: number; name?: string; resource?: Resource };

type Storage = { storage: { id: string; kid: string } };
type InStorage = AsContract & { storageId: string };
type Deleted = { deleted: boolean; statusCode: number; statusMessage?: string };
/** What got makes of a response, as far as applications look at it. */
type Got = {
  statusCode: number;
  statusMessage?: string;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
  rawBody: Buffer;
  url: string;
};
type Pushed = {
  fileData: Readable | Buffer;
  fileName: string;
  fileDescriptor: { mimeType: string; accounts: { accountId: string }[]; reference?: string[]; tags?: string[] };
};
type Push = AsUser & { onAccessTokenChange?: (token: Tokens) => void } & (
    | { type: "library"; data: Pushed }
    | { type: "provider"; data: Open; version: "stu3" | "3.0.2"; standard: "fhir"; accountId: string }
  );
type Method = "GET" | "POST" | "PUT" | "PATCH" | "HEAD" | "DELETE" | "OPTIONS" | "TRACE";
type Configuration = {
  applicationId: string;
  baseUrl?: string;
  onboardUrl?: string;
  retryOptions?: {
    limit?: number;
    methods?: (Method | Lowercase<Method>)[];
    statusCodes?: number[];
    errorCodes?: string[];
    calculateDelay?: (attempt: {
      attemptCount: number;
      error: Error;
      computedValue: number;
      retryAfter?: number;
    }) => number | Promise<number>;
    maxRetryAfter?: number;
  };
  cloudBaseUrl?: string;
};
type ApiError = { code: string; message: string; reference?: string; statusMessage?: string; statusCode?: number };
type FromServer = Error & { error?: ApiError };

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
