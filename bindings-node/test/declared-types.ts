/** What the types of the JavaScript SDK look like: what its applications have written against. */

import type { Readable } from "node:stream";

export type Contract = { contractId: string; privateKey: string };
export type Token = { expiry: number; value: string };
export type Tokens = { accessToken: Token; refreshToken: Token; user?: { id?: string }; consentid?: string };
/** What node-rsa takes for a key: its components, too. */
export type Components = { n: Buffer; e: Buffer | number };
export type Key = string | Buffer | Components | (Components & { d: Buffer; p: Buffer; q: Buffer });
export type AsUser = { contractDetails: Contract; userAccessToken: Tokens };
export type AsContract = { contractDetails: Contract };

export type TimeRange = { from?: number; last?: string; to?: number };
export type ServiceObject = { id: number };
export type Service = { id: number; serviceObjectTypes: ServiceObject[] };
export type ServiceGroup = { id: number; serviceTypes: Service[] };
export type Account = { accountId: string; username?: string };
export type Metadata = {
  appId?: string[];
  accounts?: Account[];
  contractId?: string[];
  mimeType?: string[];
  reference?: string[];
  tags?: string[];
};
export type Criteria = { from?: number; last?: string; metadata?: Metadata };
export type Scope = { timeRanges?: TimeRange[]; serviceGroups?: ServiceGroup[]; criteria?: Criteria[] };
export type FetchFilter = { account: { id: string[] } };
export type Pull = {
  limits?: { duration?: { sourceFetch?: number } };
  scope?: Scope;
  sourceFetch?: boolean;
  sourceFetchFilter?: FetchFilter;
};
export type SourceType = "pull" | "push";
export type Sample = { dataSet: string; autoOnboard?: boolean };
export type DataType =
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
export type OrganizationType =
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
export type SourcesScope = { dataType?: DataType[]; organizationType?: OrganizationType };
export type Session = { expiry: number; key: string };
export type Onboarding = {
  serviceId?: number;
  sessionOptions?: { pull?: Pull };
  sourceType?: SourceType;
  sampleData?: Sample;
  locale?: string;
  includeSampleDataOnlySources?: boolean;
  triggerQuery?: boolean;
  sourcesScope?: SourcesScope;
};

export type Schema = { id?: string; standard: "digime" | "fhir" | "me.digi"; version: string };
export type Mapped = {
  objectCount: number;
  objectType: string;
  serviceGroup: string;
  serviceName: string;
  schema: Schema;
};
export type Raw = {
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
export type State = "running" | "partial" | "completed" | "pending";
export type AccountState =
  | {
      state: "partial";
      error: { code: string; statusCode: number; message?: string; reauth?: boolean; retryAfter?: number };
    }
  | { state: "running" }
  | { state: "completed" };
export type Status = { state: State; details?: Record<string, AccountState> };
export type Entry = {
  name: string;
  updatedDate: number;
  schema?: Schema;
  serviceGroup?: string;
  serviceName?: string;
  objectVersion?: string;
  objectType?: string;
  objectCount?: number;
};
export type File = {
  fileData: Buffer;
  fileName: string;
  fileMetadata: Mapped | Raw;
  lastModified: string;
  userAccessToken?: Tokens;
};
export type Reading = { sessionKey: string; contractId: string; privateKey: Key; userAccessToken: Tokens };
export type Listed = {
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

export type Open = Record<string, unknown>;
export type Resource = { mimetype?: string; resize?: string; type?: number; url?: string };
export type Directory = Open & { query?: { include?: string[]; filter?: { id?: number[] } } };
export type Ids = { id: number[] };
export type PublishedStatus = "approved" | "pending" | "deprecated" | "blocked" | "sampledataonly";
export type SourcesQuery = Open & {
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
export type Source = Open & {
  id: number;
  name?: string;
  resource?: { url?: string; mimetype?: string };
  service?: Open & { id: number; name?: string; reference?: string };
  publishedStatus?: PublishedStatus;
  json?: Open & { authorisation?: { type?: "saas" | "sdk" | "none" } };
};
export type Named = Open & { id: number; name?: string; resource?: Resource };

export type Storage = { storage: { id: string; kid: string } };
export type InStorage = AsContract & { storageId: string };
export type Deleted = { deleted: boolean; statusCode: number; statusMessage?: string };
/** What got makes of a response, as far as applications look at it. */
export type Got = {
  statusCode: number;
  statusMessage?: string;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
  rawBody: Buffer;
  url: string;
};
export type Pushed = {
  fileData: Readable | Buffer;
  fileName: string;
  fileDescriptor: { mimeType: string; accounts: { accountId: string }[]; reference?: string[]; tags?: string[] };
};
export type Push = AsUser & { onAccessTokenChange?: (token: Tokens) => void } & (
    | { type: "library"; data: Pushed }
    | { type: "provider"; data: Open; version: "stu3" | "3.0.2"; standard: "fhir"; accountId: string }
  );
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "HEAD" | "DELETE" | "OPTIONS" | "TRACE";
export type Configuration = {
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
export type ApiError = {
  code: string;
  message: string;
  reference?: string;
  statusMessage?: string;
  statusCode?: number;
};
export type FromServer = Error & { error?: ApiError };
