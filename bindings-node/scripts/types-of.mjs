/** The types of options, results and configurations. */

import { forAppUser, withToken } from "./app-user-of.mjs";
import { iteratedBy, resultOf } from "./operations-of.mjs";
import { declarationOf, documentation, importOf, importsOf, nameOf, reachable, typeOf } from "./typescript-of.mjs";

/**
 * The sources of the types: those of data, of what every call takes, and those that know of functions, streams and errors, which are written by hand and know of
 * data themselves.
 */
export function types({ types, platforms, everyCall }) {
  const operations = platforms.flatMap((platform) => platform.operations);
  const options = optionsTypes(operations, types);
  const stores = Object.values(types).flatMap(({ properties = {} }) =>
    Object.values(properties).filter((schema) => schema["x-host"] === "store"),
  );
  const [store] = stores;
  const kept = reachable(stores, types);
  const isData = (name) =>
    [...reachable([{ $ref: name }], types)].every((part) => !options.has(part) && isPlain(part, types));
  const declarations = (names) =>
    names.map((name) => {
      const schema = kept.has(name) ? whole(types[name]) : withToken(shown(types[name]));
      return declarationOf(name, schema, options.has(name) ? "Abortable" : undefined);
    });
  const [data, others] = [true, false].map((wanted) => Object.keys(types).filter((name) => isData(name) === wanted));
  const about = "What every call takes beside its own options.";
  const common = declarationOf("EveryCall", { type: "object", description: about, properties: everyCall });
  const source = [...declarations(others), linkStore(store), ...aliases(operations, types)]
    .concat(forAppUser(types))
    .join("\n");
  return {
    data: declarations(data).join("\n"),
    "every-call": `${importsOf(common)}${importOf(common, data, "./data")}\n${common}`,
    types: `${importsOf(source)}${importOf(source, data, "./data")}\nexport type * from "./data";\nexport type * from "./every-call";\n\n${source}`,
  };
}

/** Whether a type names nothing that is written by hand, or of the application's own. */
function isPlain(name, types) {
  const printed = declarationOf(name, types[name]);
  return importsOf(printed) === "" && !/\bLinkStore\b/.test(printed);
}

/** A type without the options that no user gives, since the call gives an iterator instead. */
function shown(schema) {
  const told = iteratedBy(schema);
  if (!told) return schema;
  const { [told]: _, ...properties } = schema.properties;
  return { ...schema, properties };
}

/** A type whose members are all there, null where there is nothing, as databases have it; but for those that say that they may be absent. */
function whole(schema) {
  if (!schema.properties) return schema;
  const there = Object.entries(schema.properties).filter(([, member]) => !member["x-absent"]);
  return { ...schema, required: there.map(([name]) => name) };
}

function linkStore({ "x-methods": methods }) {
  const about =
    "A store of links of your own. Its methods may be those of a class, and answer at once or later.\n\n" +
    "A change names the version of the record that it was made from. Where the record has another by now, it must change nothing\n" +
    "and answer false: of two such changes at once, one wins. What is written is durable when its method answers true.";
  const members = Object.entries(methods).map(([name, { description, argument, answer, optional }]) => {
    const given = typeOf(answer).replace(/\| null$/, "| null | undefined");
    const answers = answer.type === "null" ? "unknown" : `${given} | Promise<${given}>`;
    return `${documentation(description)}${name}${optional ? "?" : ""}(asked: ${typeOf(argument)}): ${answers};`;
  });
  return `${documentation(about)}export interface LinkStore {\n${members.join("\n")}\n}\n`;
}

/** `<Call>Options` and `<Call>Response` of the calls that share these types, or have none of their own. */
function aliases(operations, types) {
  return operations.flatMap((operation) => {
    const { name, options } = operation;
    const call = name.charAt(0).toUpperCase() + name.slice(1);
    const gives = iteratedBy(types[nameOf(options.$ref ?? "")]) ? "gives" : "resolves to";
    const wanted = [
      [`${call}Options`, typeOf(options), `The options of \`${name}\`.`],
      [`${call}Response`, resultOf(operation, types), `What \`${name}\` ${gives}.`],
    ];
    const missing = wanted.filter(([alias]) => !(alias in types));
    return missing.map(([alias, type, about]) => `${documentation(about)}export type ${alias} = ${type};\n`);
  });
}

/** The types of the options objects themselves: of a union, its alternatives. */
function optionsTypes(operations, types) {
  const found = new Set();
  const visit = ({ $ref, anyOf, oneOf }) => {
    const alternatives = anyOf ?? oneOf;
    if (alternatives) return alternatives.forEach(visit);
    if (!$ref) return;
    const name = nameOf($ref);
    if (types[name].type === "object") found.add(name);
    else visit(types[name]);
  };
  for (const { options } of operations) visit(options);
  return found;
}
