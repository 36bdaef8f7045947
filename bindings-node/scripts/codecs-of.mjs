/** Which codecs the JavaScript SDK exports, and the table that they check values against. */

import { documentation, nameOf, reachable, withoutNull } from "./typescript-of.mjs";

/** The codecs by the names that the JavaScript SDK gives them, to which the export adds `Codec`, and the types that they are for. */
const CODECS = {
  UserAccessToken: "UserAccessToken",
  Session: "Session",
  CAScope: "CAScope",
  ContractDetails: "ContractDetails",
  ContractDetailsRaw: "ContractDetails",
  ServiceGroup: "ServiceGroup",
  Service: "ServiceType",
  TimeRange: "TimeRange",
  SampleDataOptions: "SampleDataOptions",
  SourceType: "SourceType",
  SourceFetchFilter: "SourceFetchFilter",
  PullSessionOptions: "PullSessionOptions",
  DataType: "DataType",
  OrganizationType: "OrganizationType",
  SourcesScope: "SourcesScope",
  Schemas: "Schemas",
  Ontology: "Ontology",
  SourceProxy: "SourceProxy",
};

/** Those that are exported by their names alone. */
const NAMED = { MeDigiV1: "MeDigiV1Ontology", FhirStu3: "FhirStu3Ontology", FhirR4: "FhirR4Ontology" };

/** The lists of words that the JavaScript SDK exports, and the types that they are of. */
const WORD_LISTS = { availableDataTypes: "DataType", availableOrganizationTypes: "OrganizationType" };

/** Another list, which the JavaScript SDK exports with a name for each word. */
const AVAILABLE_SCHEMAS = `${documentation("The words of `Schemas`.")}export const AvailableSchemas = {
  FHIR: "fhir",
  ME_DIGI: "me.digi",
} as const satisfies Record<string, Schemas>;\n\n`;

const PRIMITIVES = ["boolean", "integer", "number", "string"];

/** Types of which the JavaScript SDK checks what it declares, and not what the core insists on. */
const AS_DECLARED = ["Ontology", ...Object.values(NAMED), "SourceProxy", "SourceStatus"];

/** The source of the codecs, the word lists and the table. */
export function codecs({ types: described }, { types: declared }) {
  const types = { ...described, ...Object.fromEntries(AS_DECLARED.map((name) => [name, declared[name]])) };
  const codecs = [
    ...Object.entries(CODECS).map(([name, type]) => [name, `${name}Codec`, type]),
    ...Object.entries(NAMED).map(([name, type]) => [name, name, type]),
  ];
  const roots = codecs.map(([, , name]) => ({ $ref: name }));
  const shapes = Object.fromEntries([...reachable(roots, types)].map((name) => [name, shapeOf(types[name])]));
  const imports = [...new Set(codecs.map(([, , type]) => type))].sort();
  const lists = Object.entries(WORD_LISTS).map(([list, type]) => {
    const words = JSON.stringify(shapes[type].oneOf);
    return `${documentation(`The words of \`${type}\`.`)}export const ${list} = ${words} as const satisfies readonly ${type}[];\n\n`;
  });
  const table = Object.entries(shapes).map(([name, shape]) => {
    const list = Object.keys(WORD_LISTS).find((list) => WORD_LISTS[list] === name);
    return `${name}: ${list ? `{ oneOf: ${list} }` : JSON.stringify(shape)},`;
  });
  const declarations = codecs.map(([name, exported, type]) => {
    const is = documentation(`Tells whether a value is of the type \`${type}\`.`);
    return `${is}export const ${exported}: Codec<${type}> = codec("${name}", SHAPES, "${type}");\n`;
  });
  return [
    `import { type Codec, codec, type Shapes } from "../codecs";\n`,
    `import type { ${imports.join(", ")} } from "./data";\n\n`,
    ...lists,
    AVAILABLE_SCHEMAS,
    `const SHAPES: Shapes = {\n${table.join("\n")}\n};\n\n`,
    declarations.join("\n"),
  ].join("");
}

/** A schema in the words of `Shape`. */
function shapeOf(schema) {
  if (schema.$ref) return nameOf(schema.$ref);
  if ("const" in schema) return { oneOf: [schema.const] };
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives?.every((alternative) => "const" in alternative))
    return { oneOf: alternatives.map(({ const: word }) => word) };
  if (alternatives?.length === 1) return shapeOf(alternatives[0]);
  if (alternatives?.every((alternative) => alternative.$ref)) return { anyOf: alternatives.map(shapeOf) };
  if (schema.type === "array") return [shapeOf(schema.items)];
  if (schema.type === "string" && schema.minLength === 1) return "nonEmptyString";
  if (PRIMITIVES.includes(schema.type)) return schema.type;
  if (schema.properties) return { members: membersOf(schema) };
  if (!schema.type) return "unknown";
  throw new Error(`No shape for ${JSON.stringify(schema)}.`);
}

function membersOf({ properties, required = [] }) {
  const members = Object.entries(properties).map(([name, schema]) =>
    required.includes(name) ? [name, shapeOf(schema)] : [`${name}?`, shapeOf(withoutNull(schema))],
  );
  return Object.fromEntries(members);
}
