/**
 * What the types of the JavaScript SDK say beyond what the core insists on: which members of the platform's objects are always there, and in
 * which words. The platform may send others, which are handed on.
 */

import { withoutNull } from "./typescript-of.mjs";

const words = (...all) => ({ oneOf: all.map((word) => ({ const: word })) });
const list = (items) => ({ type: "array", items });
const text = { type: "string" };
const number = { type: "number" };
const object = (required, properties) => ({ type: "object", required, properties, additionalProperties: true });

const STATES = words("pending", "running", "partial", "completed");

/** Members beyond those that the core describes, or in place of its own; which are always there; and whether there may be others. */
const DECLARED = {
  Account: {
    required: ["id", "reference", "type", "createdDate", "updatedDate", "serviceGroupId", "serviceGroupName"].concat([
      "serviceTypeId",
      "serviceTypeName",
      "serviceTypeReference",
      "sourceId",
    ]),
    properties: {
      type: words(
        ...["USER", "ADMIN", "EVENT", "GROUP", "BANK", "CREDIT_CARD", "IMPORTED"],
        ...["INVESTMENT", "INSURANCE", "LOAN", "REWARD", "BILL", "PUSH"],
      ),
      serviceTypeReference: text,
    },
  },
  Country: { required: ["id"] },
  Platform: { required: ["id"] },
  Category: { required: ["id"] },
  Source: {
    required: ["id"],
    properties: { publishedStatus: words("approved", "pending", "deprecated", "blocked", "sampledataonly") },
  },
  SourceStatus: {
    required: ["severity", "scopes"],
    properties: {
      severity: words("partial", "full"),
      scopes: list(words("data", "auth")),
      expectedWindow: object([], { from: number, to: number }),
      observedWindow: object([], { from: number, to: number }),
    },
  },
  StorageFile: { required: ["id", "name", "originalName", "originalPath", "path"] },
  SampleDataSet: { required: ["name", "description"] },
  FileListEntry: { required: ["name", "updatedDate"] },
  AccountError: { required: ["code", "statusCode"] },
  ObjectTypeError: { required: ["error", "objectType"] },
  InnerError: { required: ["code", "message", "statusCode"] },
  FileListStatus: { properties: { state: STATES } },
  ReadAllFilesOptions: { properties: { onStatusChange: { "x-host": "callback", "x-argument": STATES } } },
  GetContractDetailsResponse: {
    required: ["accessType", "application", "certificate", "certificateContractSchemaVersion"].concat([
      "expirationDate",
      "id",
      "partnerId",
      "type",
    ]),
    properties: {
      accessType: words("r", "w"),
      application: object(["id", "name", "resources", "status"], {
        id: text,
        name: text,
        resources: { type: "object" },
        status: number,
      }),
      certificate: text,
      certificateContractSchemaVersion: text,
    },
  },
  DiscoveryBodyParams: { open: true },
  SourcesBodyParams: { open: true },
  SourcesSort: { required: ["name"], properties: { name: words("asc", "desc") } },
  ListStorageFilesResponse: { required: ["files", "total"] },
  ReadFileResponse: { required: ["lastModified"] },
  FileDataEvent: { required: ["lastModified"] },
  RetryOptions: {
    properties: {
      methods: list(
        words(
          ...["GET", "POST", "PUT", "PATCH", "HEAD", "DELETE", "OPTIONS", "TRACE"],
          ...["get", "post", "put", "patch", "head", "delete", "options", "trace"],
        ),
      ),
    },
  },
  ScopeCriteria: { properties: { metadata: { $ref: "#/types/Metadata" } } },
};

const ontology = (name, ...versions) => ({
  type: "object",
  required: ["name", "version"],
  properties: { name: { const: name }, version: words(...versions) },
});

/** Types that the core does not know, or less exactly. */
const ADDED = {
  MeDigiV1Ontology: { ...ontology("me.digi", "v1", "V1"), description: "digi.me's own data model." },
  FhirStu3Ontology: { ...ontology("fhir", "stu3", "STU3"), description: "FHIR STU3 as a data model." },
  FhirR4Ontology: { ...ontology("fhir", "r4", "R4"), description: "FHIR R4 as a data model." },
  Ontology: {
    anyOf: ["MeDigiV1Ontology", "FhirStu3Ontology", "FhirR4Ontology"].map((name) => ({ $ref: `#/types/${name}` })),
    description: "A data model.",
  },
  AccountProgress: {
    anyOf: [
      object(["state", "error"], { state: { const: "partial" }, error: { $ref: "#/types/AccountError" } }),
      object(["state"], { state: words("running", "completed") }),
    ],
    description: "How far a session is with an account.",
  },
  MappedFileMetadata: {
    ...object(["objectCount", "objectType", "serviceGroup", "serviceName", "schema"], {
      objectCount: number,
      objectType: text,
      serviceGroup: text,
      serviceName: text,
      schema: object(["standard", "version"], {
        standard: words("digime", "fhir", "me.digi"),
        version: text,
        id: text,
      }),
    }),
    description: "What is known of a file that the platform has understood.",
  },
  RawFileMetadata: {
    ...object(["mimetype", "accounts"], {
      mimetype: text,
      accounts: list(object(["accountid"], { accountid: text })),
      appid: text,
      created: number,
      contractid: text,
      objecttypes: list(object(["name"], { name: text, references: list(text) })),
      partnerid: text,
      reference: list(text),
      servicegroups: list(number),
      tags: list(text),
    }),
    description: "What is known of a file that an application has pushed: what that said of it.",
  },
  Metadata: {
    ...object([], {
      appId: list(text),
      accounts: list({ $ref: "#/types/MetadataAccount" }),
      contractId: list(text),
      mimeType: list(text),
      reference: list(text),
      tags: list(text),
    }),
    description: "What the metadata of raw files must hold.",
  },
  MetadataAccount: {
    ...object(["accountId"], { accountId: text, username: text }),
    description: "An account that a raw file is of.",
  },
};

/** What may be given as its bytes; the key of `ContractDetails` is text for the JavaScript SDK, and for applications that look at it. */
const PEM = {
  ReadFileOptions: ["privateKey"],
  ReadFileListOptions: ["privateKey"],
  ReadAllFilesOptions: ["privateKey"],
  SdkConfiguration: ["ca"],
  PkbConfiguration: ["ca"],
  ClientCertificate: ["cert", "key"],
};

/** The types as an application of the JavaScript SDK knows them. */
export function asDeclared(types) {
  const declared = Object.entries(types).map(([name, schema]) => {
    const { required = [], properties = {}, open } = DECLARED[name] ?? {};
    const described = Object.entries(properties).map(([member, as]) => {
      return [member, { description: schema.properties[member]?.description, ...as }];
    });
    const members = { ...schema.properties, ...Object.fromEntries(described) };
    for (const member of required) members[member] = withoutNull(members[member]);
    if (!DECLARED[name]) return [name, schema];
    const whole = { ...schema, properties: members, required: union(schema.required, required) };
    return [name, open ? { ...whole, additionalProperties: true } : whole];
  });
  const all = { ...Object.fromEntries(declared), ...ADDED };
  const { description } = types.FileMetadata;
  const metadata = ["MappedFileMetadata", "RawFileMetadata"].map((name) => ({ $ref: `#/types/${name}` }));
  all.FileMetadata = { description, anyOf: metadata };
  for (const [name, members] of Object.entries(PEM)) {
    const given = members.map((member) => [member, { ...all[name].properties[member], "x-host": "pem" }]);
    all[name] = { ...all[name], properties: { ...all[name].properties, ...Object.fromEntries(given) } };
  }
  return all;
}

function union(some = [], more = []) {
  return [...new Set([...some, ...more])];
}
