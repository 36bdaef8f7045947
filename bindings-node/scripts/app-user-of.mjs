/** What calls take and give for a user whose connection is kept: the user's id in place of their token, which no result has then. */

import { documentation, nameOf, typeOf } from "./typescript-of.mjs";

const ABOUT_OPTIONS =
  "The options of a call for a user whose connection is kept: your own id of them in place of their token.";
const ABOUT_RESULT =
  "What a call gives for a user whose connection is kept, and functions are told: all but the token.";

/** The types of options that say who the user is by an option in place of another. */
function taking(types) {
  return Object.values(types).filter(({ properties = {} }) => placeTaker(properties) !== undefined);
}

/** The option among these that may take another's place. */
function placeTaker(properties) {
  return Object.keys(properties).find((name) => properties[name]["x-in-place-of"]);
}

/** The members of a type that are absent for such a user. */
function absent({ properties = {} } = {}) {
  return Object.keys(properties).filter((name) => properties[name]["x-absent-with"]);
}

/** A type of options without the option that takes another's place, which the other signature of its calls has. */
export function withToken(schema) {
  const taker = placeTaker(schema.properties ?? {});
  if (!taker) return schema;
  const { [taker]: _, ...properties } = schema.properties;
  return { ...schema, properties };
}

/** Whether a call may be made for such a user. */
export function isForAppUser({ options }, types) {
  const declared = types[nameOf(options.$ref ?? "")];
  return (declared?.anyOf ?? [options]).every(({ $ref }) => placeTaker(types[nameOf($ref ?? "")]?.properties ?? {}));
}

/** What a call of this type of result gives for such a user. */
export function resultForAppUser({ response }, result, types) {
  return absent(types[nameOf(response.$ref ?? "")]).length > 0 ? `WithoutToken<${result}>` : result;
}

/** The types of options and results for such a user. */
export function forAppUser(types) {
  const takers = taking(types);
  const taker = placeTaker(takers[0].properties);
  const { description, "x-in-place-of": place } = takers[0].properties[taker];
  const members = takers.flatMap(({ properties }) => Object.entries(properties));
  const told = members.filter(
    ([, { "x-argument": argument }]) => absent(types[nameOf(argument?.$ref ?? "")]).length > 0,
  );
  const tokens = union([place, ...takers.flatMap(absent)]);
  const results = Object.values(types).filter((schema) => !takers.includes(schema));
  const callbacks = told.map(([name, schema]) => {
    return `Name extends "${name}" ? Callback<WithoutToken<${typeOf(schema["x-argument"])}>> : `;
  });
  return [
    `${documentation(ABOUT_OPTIONS)}export type ForAppUser<Options> = Options extends unknown ? {`,
    `[Name in keyof Options as Exclude<Name, ${tokens}>]: ${callbacks.join("")}Options[Name];`,
    `} & {\n${documentation(description)}${taker}: string;\n} : never;\n`,
    `${documentation(ABOUT_RESULT)}export type WithoutToken<Result> = Result extends unknown ? Omit<Result, ${union(results.flatMap(absent))}> : never;\n`,
  ].join("\n");
}

function union(names) {
  return [...new Set(names)].map((name) => JSON.stringify(name)).join(" | ");
}
