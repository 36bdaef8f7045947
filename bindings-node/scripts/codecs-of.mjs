/** Which codecs the JavaScript SDK exports, and the table that they check values against. */

import { documentation, nameOf, reachable, withoutNull } from "./typescript-of.mjs";

/** The codecs by the JavaScript SDK's names, and the types that they are for. */
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
};

/** The lists of words that the JavaScript SDK exports, and the types that they are of. */
const WORD_LISTS = { availableDataTypes: "DataType", availableOrganizationTypes: "OrganizationType" };

const PRIMITIVES = ["boolean", "integer", "number", "string"];

/** The source of the codecs, the word lists and the table. */
export function codecs({ types }) {
  const roots = Object.values(CODECS).map((name) => ({ $ref: name }));
  const shapes = Object.fromEntries([...reachable(roots, types)].map((name) => [name, shapeOf(types[name])]));
  const imports = [...new Set(Object.values(CODECS))].sort();
  const lists = Object.entries(WORD_LISTS).map(([list, type]) => {
    const words = JSON.stringify(shapes[type].oneOf);
    return `${documentation(`The words of \`${type}\`.`)}export const ${list} = ${words} as const satisfies readonly ${type}[];\n\n`;
  });
  const table = Object.entries(shapes).map(([name, shape]) => {
    const list = Object.keys(WORD_LISTS).find((list) => WORD_LISTS[list] === name);
    return `${name}: ${list ? `{ oneOf: ${list} }` : JSON.stringify(shape)},`;
  });
  const declarations = Object.entries(CODECS).map(([name, type]) => {
    const is = documentation(`Tells whether a value is a \`${type}\`.`);
    return `${is}export const ${name}Codec: Codec<${type}> = codec("${name}", SHAPES, "${type}");\n`;
  });
  return [
    `import { type Codec, codec, type Shapes } from "../codecs";\n`,
    `import type { ${imports.join(", ")} } from "./data";\n\n`,
    ...lists,
    `const SHAPES: Shapes = {\n${table.join("\n")}\n};\n\n`,
    declarations.join("\n"),
  ].join("");
}

/** A schema in the words of `Shape`. */
function shapeOf(schema) {
  if (schema.$ref) return nameOf(schema.$ref);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives?.every((alternative) => "const" in alternative))
    return { oneOf: alternatives.map(({ const: word }) => word) };
  if (alternatives?.length === 1) return shapeOf(alternatives[0]);
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
