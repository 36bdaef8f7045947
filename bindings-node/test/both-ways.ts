/** That an application's values and those of the JavaScript SDK's types go into each other, for every export, but where docs/migrating.md says that they do not. */

import type * as ours from "digime-sdk";
import type * as t from "io-ts";
import type { Declared, DeclaredCalls, DeclaredCodecs } from "./declared";

/** The types of the same names. */
interface Ours {
  Account: ours.Account;
  CAScope: ours.CAScope;
  ContractDetails: ours.ContractDetails;
  CreateProvisionalStorageOptions: ours.CreateProvisionalStorageOptions;
  CreateProvisionalStorageResponse: ours.CreateProvisionalStorageResponse;
  Criteria: ours.Criteria;
  DataType: ours.DataType;
  DeleteAccountOptions: ours.DeleteAccountOptions;
  DeleteAccountResponse: ours.DeleteAccountResponse;
  DeleteStorageFilesOptions: ours.DeleteStorageFilesOptions;
  DeleteStorageFilesResponse: ours.DeleteStorageFilesResponse;
  DeleteUserOptions: ours.DeleteUserOptions;
  DeleteUserResponse: ours.DeleteUserResponse;
  DigiMeSDKError: ours.DigiMeSDKError;
  DownloadStorageFileOptions: ours.DownloadStorageFileOptions;
  DownloadStorageFileResponse: ours.DownloadStorageFileResponse;
  ExchangeCodeForTokenOptions: ours.ExchangeCodeForTokenOptions;
  FileDecryptionError: ours.FileDecryptionError;
  GetAuthorizeUrlOptions: ours.GetAuthorizeUrlOptions;
  GetAuthorizeUrlResponse: ours.GetAuthorizeUrlResponse;
  GetContractDetailsOptions: ours.GetContractDetailsOptions;
  GetContractDetailsResponse: ours.GetContractDetailsResponse;
  GetOnboardServiceUrlOptions: ours.GetOnboardServiceUrlOptions;
  GetOnboardServiceUrlResponse: ours.GetOnboardServiceUrlResponse;
  GetPortabilityReportOptions: ours.GetPortabilityReportOptions;
  GetPortabilityReportResponse: ours.GetPortabilityReportResponse;
  GetReauthorizeAccountUrlOptions: ours.GetReauthorizeAccountUrlOptions;
  GetReauthorizeAccountUrlResponse: ours.GetReauthorizeAccountUrlResponse;
  GetReauthorizeUrlOptions: ours.GetReauthorizeUrlOptions;
  GetReauthorizeUrlResponse: ours.GetReauthorizeUrlResponse;
  GetRevokeAccountPermissionUrlOptions: ours.GetRevokeAccountPermissionUrlOptions;
  GetRevokeAccountPermissionUrlResponse: ours.GetRevokeAccountPermissionUrlResponse;
  GetServiceSampleDataSetsOptions: ours.GetServiceSampleDataSetsOptions;
  GetServiceSampleDataSetsResponse: ours.GetServiceSampleDataSetsResponse;
  GetUserStorageOptions: ours.GetUserStorageOptions;
  GetUserStorageResponse: ours.GetUserStorageResponse;
  ListStorageFilesOptions: ours.ListStorageFilesOptions;
  ListStorageFilesResponse: ours.ListStorageFilesResponse;
  MappedFileMetadata: ours.MappedFileMetadata;
  Metadata: ours.Metadata;
  OrganizationType: ours.OrganizationType;
  PullSessionOptions: ours.PullSessionOptions;
  PushDataOptions: ours.PushDataOptions;
  QueryCategoriesOptions: ours.QueryCategoriesOptions;
  QueryCategoriesResponse: ours.QueryCategoriesResponse;
  QueryCountriesOptions: ours.QueryCountriesOptions;
  QueryCountriesResponse: ours.QueryCountriesResponse;
  QueryPlatformsOptions: ours.QueryPlatformsOptions;
  QueryPlatformsResponse: ours.QueryPlatformsResponse;
  QuerySourcesOptions: ours.QuerySourcesOptions;
  QuerySourcesResponse: ours.QuerySourcesResponse;
  RawFileMetadata: ours.RawFileMetadata;
  ReadAccountsOptions: ours.ReadAccountsOptions;
  ReadAccountsResponse: ours.ReadAccountsResponse;
  ReadAllFilesOptions: ours.ReadAllFilesOptions;
  ReadAllFilesResponse: ours.ReadAllFilesResponse;
  ReadFileListOptions: ours.ReadFileListOptions;
  ReadFileListResponse: ours.ReadFileListResponse;
  ReadFileOptions: ours.ReadFileOptions;
  ReadFileResponse: ours.ReadFileResponse;
  ReadSessionOptions: ours.ReadSessionOptions;
  ReadSessionResponse: ours.ReadSessionResponse;
  RefreshTokenOptions: ours.RefreshTokenOptions;
  SDKConfiguration: ours.SDKConfiguration;
  SDKInvalidError: ours.SDKInvalidError;
  SampleDataOptions: ours.SampleDataOptions;
  ServerError: ours.ServerError;
  Service: ours.Service;
  ServiceGroup: ours.ServiceGroup;
  ServiceObject: ours.ServiceObject;
  Session: ours.Session;
  SourceFetchFilter: ours.SourceFetchFilter;
  SourceType: ours.SourceType;
  SourcesScope: ours.SourcesScope;
  TimeRange: ours.TimeRange;
  TypeValidationError: ours.TypeValidationError;
  UploadFileToStorageOptions: ours.UploadFileToStorageOptions;
  UploadFileToStorageResponse: ours.UploadFileToStorageResponse;
}

type Values = typeof ours;
type Is<One, Other> = [One] extends [Other] ? true : false;
type Equal<One, Other> = Is<One, Other> extends true ? Is<Other, One> : false;

/** Those that cannot stand where the others are expected. */
type Misfits<From, To extends Record<keyof From, unknown>> = {
  [Name in keyof From]: Is<From[Name], To[Name]> extends true ? never : Name;
}[keyof From];

/** What an application has written by the JavaScript SDK's types, a double of an answer for one, and this SDK does not take. */
type NotTaken = Misfits<Declared, Ours>;
/** What this SDK's types say, and code that was written for the JavaScript SDK does not take. */
type NotGiven = Misfits<Ours, Declared>;

// What an answer always has here, and may lack there; and errors, which have a `code`.
type Lacking =
  | "DeleteAccountResponse"
  | "DeleteStorageFilesResponse"
  | "DeleteUserResponse"
  | "ReadAccountsResponse"
  | "ReadAllFilesResponse"
  | "ReadFileListResponse"
  | "ReadFileResponse"
  | "ReadSessionResponse"
  | "UploadFileToStorageResponse";
// Whether one stream of bytes can stand for another depends on the libraries of types that are compiled along.
type Streams = "DownloadStorageFileResponse";
type Errors = "DigiMeSDKError" | "FileDecryptionError" | "SDKInvalidError" | "ServerError" | "TypeValidationError";
// Keys as their components.
type Keys = "ReadAllFilesOptions" | "ReadFileListOptions" | "ReadFileOptions";
// Options that are wider, and answers without a response of got.
type Wider = "PushDataOptions" | "UploadFileToStorageOptions";
type WithoutGot = "DeleteAccountResponse" | "DeleteUserResponse";

/** Each must be true. */
export type Holds = [
  Equal<Exclude<NotTaken, Streams>, Lacking | Errors | Keys>,
  Equal<NotGiven, Keys | Wider | WithoutGot>,
  // All names of values are there.
  Is<keyof DeclaredCodecs | "availableDataTypes" | "availableOrganizationTypes" | "init", keyof Values>,
  Is<keyof DeclaredCalls, keyof ours.DigimeSDK>,
];
export const holds: Holds = [true, true, true, true];

/** A codec is of the same type for io-ts. */
export const codecs: { [Name in keyof DeclaredCodecs]: Equal<t.TypeOf<Values[Name]>, DeclaredCodecs[Name]> } = {
  CAScopeCodec: true,
  ContractDetailsCodec: true,
  ContractDetailsRawCodec: true,
  DataTypeCodec: true,
  OrganizationTypeCodec: true,
  PullSessionOptionsCodec: true,
  SampleDataOptionsCodec: true,
  ServiceCodec: true,
  ServiceGroupCodec: true,
  SessionCodec: true,
  SourceFetchFilterCodec: true,
  SourceTypeCodec: true,
  SourcesScopeCodec: true,
  TimeRangeCodec: true,
  UserAccessTokenCodec: true,
};

/** The calls take what the JavaScript SDK's take, but for keys as components, and resolve to what theirs do. */
type Call<Name extends keyof DeclaredCalls> = ours.DigimeSDK[Name];
type Asked<Name extends keyof DeclaredCalls> = `${DeclaredCalls[Name]}Options` & keyof Declared;
type Answered<Name extends keyof DeclaredCalls> = `${DeclaredCalls[Name]}Response` & keyof Declared;
export type Calls = {
  [Name in keyof DeclaredCalls]: Call<Name> extends (options: Declared[Asked<Name>]) => Promise<Ours[Answered<Name>]>
    ? never
    : Name;
}[keyof DeclaredCalls];
export const calls: Equal<Calls, "readFile" | "readFileList"> = true;
