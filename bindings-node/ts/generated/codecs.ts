// Printed by `npm run types` from the core's description of itself; not edited by hand.

import { type Codec, codec, type Shapes } from "../codecs";
import type {
  CAScope,
  ContractDetails,
  DataType,
  FhirR4Ontology,
  FhirStu3Ontology,
  MeDigiV1Ontology,
  Ontology,
  OrganizationType,
  PullSessionOptions,
  SampleDataOptions,
  Schemas,
  ServiceGroup,
  ServiceType,
  Session,
  SourceFetchFilter,
  SourceProxy,
  SourcesScope,
  SourceType,
  TimeRange,
  UserAccessToken,
} from "./data";

/** The words of `DataType`. */
export const availableDataTypes = [
  "medication-information",
  "laboratory-results",
  "appointments",
  "patient-summary-hospital-data",
  "gp-data",
  "mental-health-patient-summary",
  "documents",
  "measurements-vital-signs",
  "allergy-intolerances",
  "images",
  "medication-related-intolerances",
  "referral-to-questionnaire",
  "questionnaire-response",
  "longterm-healthcare-patient-summary",
  "patient-corrections-request",
  "vaccinations",
  "integral-birth-care-process",
] as const satisfies readonly DataType[];

/** The words of `OrganizationType`. */
export const availableOrganizationTypes = [
  "general-practitioner",
  "health-center",
  "hospital",
  "private-treatment-center",
  "specialist-centre",
  "radiotherapy-center",
  "dialysis-center",
  "obstetrics-and-maternity-care",
  "mental-health-care",
  "youth-health-care",
  "psychology-and-psychotherapy",
  "nursing-and-care-homes-and-home-care",
  "disability-care",
  "mentally-disabled-care",
  "daycare-centers",
  "rehabilitation-center",
  "pharmacy",
  "audiological-center",
  "medical-aids",
  "physiotherapy",
  "protected-and-supported-living",
  "dentist",
  "ambulance",
  "health-insurers",
] as const satisfies readonly OrganizationType[];

/** The words of `Schemas`. */
export const AvailableSchemas = {
  FHIR: "fhir",
  ME_DIGI: "me.digi",
} as const satisfies Record<string, Schemas>;

const SHAPES: Shapes = {
  UserAccessToken: {
    members: { accessToken: "Token", refreshToken: "Token", "user?": "User", "consentid?": "string" },
  },
  Token: { members: { value: "string", expiry: "integer" } },
  User: { members: { "id?": "string" } },
  Session: { members: { key: "string", expiry: "integer" } },
  CAScope: {
    members: { "timeRanges?": ["TimeRange"], "serviceGroups?": ["ServiceGroup"], "criteria?": ["ScopeCriteria"] },
  },
  TimeRange: { members: { "from?": "number", "last?": "string", "to?": "number" } },
  ServiceGroup: { members: { id: "number", serviceTypes: ["ServiceType"] } },
  ServiceType: { members: { id: "number", serviceObjectTypes: ["ServiceObjectType"] } },
  ServiceObjectType: { members: { id: "number" } },
  ScopeCriteria: { members: { "from?": "number", "last?": "string", "metadata?": "unknown" } },
  ContractDetails: { members: { contractId: "nonEmptyString", privateKey: "nonEmptyString" } },
  SampleDataOptions: { members: { dataSet: "string", "autoOnboard?": "boolean" } },
  SourceType: { oneOf: ["pull", "push"] },
  SourceFetchFilter: { members: { account: "AccountFilter" } },
  AccountFilter: { members: { id: ["string"] } },
  PullSessionOptions: {
    members: {
      "limits?": "Limits",
      "scope?": "CAScope",
      "sourceFetch?": "boolean",
      "sourceFetchFilter?": "SourceFetchFilter",
    },
  },
  Limits: { members: { "duration?": "LimitsDuration" } },
  LimitsDuration: { members: { "sourceFetch?": "number" } },
  DataType: { oneOf: availableDataTypes },
  OrganizationType: { oneOf: availableOrganizationTypes },
  SourcesScope: { members: { "dataType?": ["DataType"], "organizationType?": "OrganizationType" } },
  Schemas: { oneOf: ["fhir", "me.digi"] },
  Ontology: { anyOf: ["MeDigiV1Ontology", "FhirStu3Ontology", "FhirR4Ontology"] },
  MeDigiV1Ontology: { members: { name: { oneOf: ["me.digi"] }, version: { oneOf: ["v1", "V1"] } } },
  FhirStu3Ontology: { members: { name: { oneOf: ["fhir"] }, version: { oneOf: ["stu3", "STU3"] } } },
  FhirR4Ontology: { members: { name: { oneOf: ["fhir"] }, version: { oneOf: ["r4", "R4"] } } },
  SourceProxy: { members: { "name?": "string", "status?": "SourceStatus" } },
  SourceStatus: {
    members: {
      severity: { oneOf: ["partial", "full"] },
      scopes: [{ oneOf: ["data", "auth"] }],
      "expectedWindow?": { members: { "from?": "number", "to?": "number" } },
      "observedWindow?": { members: { "from?": "number", "to?": "number" } },
    },
  },
};

/** Tells whether a value is of the type `UserAccessToken`. */
export const UserAccessTokenCodec: Codec<UserAccessToken> = codec("UserAccessToken", SHAPES, "UserAccessToken");

/** Tells whether a value is of the type `Session`. */
export const SessionCodec: Codec<Session> = codec("Session", SHAPES, "Session");

/** Tells whether a value is of the type `CAScope`. */
export const CAScopeCodec: Codec<CAScope> = codec("CAScope", SHAPES, "CAScope");

/** Tells whether a value is of the type `ContractDetails`. */
export const ContractDetailsCodec: Codec<ContractDetails> = codec("ContractDetails", SHAPES, "ContractDetails");

/** Tells whether a value is of the type `ContractDetails`. */
export const ContractDetailsRawCodec: Codec<ContractDetails> = codec("ContractDetailsRaw", SHAPES, "ContractDetails");

/** Tells whether a value is of the type `ServiceGroup`. */
export const ServiceGroupCodec: Codec<ServiceGroup> = codec("ServiceGroup", SHAPES, "ServiceGroup");

/** Tells whether a value is of the type `ServiceType`. */
export const ServiceCodec: Codec<ServiceType> = codec("Service", SHAPES, "ServiceType");

/** Tells whether a value is of the type `TimeRange`. */
export const TimeRangeCodec: Codec<TimeRange> = codec("TimeRange", SHAPES, "TimeRange");

/** Tells whether a value is of the type `SampleDataOptions`. */
export const SampleDataOptionsCodec: Codec<SampleDataOptions> = codec("SampleDataOptions", SHAPES, "SampleDataOptions");

/** Tells whether a value is of the type `SourceType`. */
export const SourceTypeCodec: Codec<SourceType> = codec("SourceType", SHAPES, "SourceType");

/** Tells whether a value is of the type `SourceFetchFilter`. */
export const SourceFetchFilterCodec: Codec<SourceFetchFilter> = codec("SourceFetchFilter", SHAPES, "SourceFetchFilter");

/** Tells whether a value is of the type `PullSessionOptions`. */
export const PullSessionOptionsCodec: Codec<PullSessionOptions> = codec(
  "PullSessionOptions",
  SHAPES,
  "PullSessionOptions",
);

/** Tells whether a value is of the type `DataType`. */
export const DataTypeCodec: Codec<DataType> = codec("DataType", SHAPES, "DataType");

/** Tells whether a value is of the type `OrganizationType`. */
export const OrganizationTypeCodec: Codec<OrganizationType> = codec("OrganizationType", SHAPES, "OrganizationType");

/** Tells whether a value is of the type `SourcesScope`. */
export const SourcesScopeCodec: Codec<SourcesScope> = codec("SourcesScope", SHAPES, "SourcesScope");

/** Tells whether a value is of the type `Schemas`. */
export const SchemasCodec: Codec<Schemas> = codec("Schemas", SHAPES, "Schemas");

/** Tells whether a value is of the type `Ontology`. */
export const OntologyCodec: Codec<Ontology> = codec("Ontology", SHAPES, "Ontology");

/** Tells whether a value is of the type `SourceProxy`. */
export const SourceProxyCodec: Codec<SourceProxy> = codec("SourceProxy", SHAPES, "SourceProxy");

/** Tells whether a value is of the type `MeDigiV1Ontology`. */
export const MeDigiV1: Codec<MeDigiV1Ontology> = codec("MeDigiV1", SHAPES, "MeDigiV1Ontology");

/** Tells whether a value is of the type `FhirStu3Ontology`. */
export const FhirStu3: Codec<FhirStu3Ontology> = codec("FhirStu3", SHAPES, "FhirStu3Ontology");

/** Tells whether a value is of the type `FhirR4Ontology`. */
export const FhirR4: Codec<FhirR4Ontology> = codec("FhirR4", SHAPES, "FhirR4Ontology");
