/** How a value is checked against the table that is printed from the core's types. */

/**
 * Tells whether a value is of the type `T`, as the codecs of the JavaScript SDK do. Those are made with io-ts; what `decode` gives
 * has the same form, so `isLeft` and `isRight` of fp-ts work on it.
 */
export interface Codec<T> {
  /** The JavaScript SDK's name for it. */
  readonly name: string;
  /** Whether the value is of the type. Members that the type does not have do no harm. */
  readonly is: (value: unknown) => value is T;
  /** The value itself, or everything that is wrong with it. */
  readonly decode: (value: unknown) => Decoded<T>;
  /** The value itself. */
  readonly encode: (value: T) => T;
}

/** What `decode` gives. */
export type Decoded<T> = { _tag: "Right"; right: T } | { _tag: "Left"; left: ValidationError[] };

/** A part of a value that is not what it must be. */
export interface ValidationError {
  /** The part. */
  value: unknown;
  /** Where it stands: one entry for the value itself, one for each name or index that leads on from there. */
  context: ContextEntry[];
  /** What it must be, without what it is. */
  message: string;
}

/** A step on the way to a part of a value. */
export interface ContextEntry {
  /** The name or index; empty for the value itself. */
  key: string;
  /** What stands there. */
  type: { name: string };
}

/**
 * What a value must be: a primitive or another shape by its name, one of some words, a list, or an object whose members' names end in
 * `?` where they may be left out.
 */
export type Shape =
  | string
  | readonly [Shape]
  | { readonly oneOf: readonly string[] }
  | { readonly members: { readonly [name: string]: Shape } };

/** Shapes by their names. */
export type Shapes = { readonly [name: string]: Shape };

const PRIMITIVES: { readonly [name: string]: (value: unknown) => boolean } = {
  boolean: (value) => typeof value === "boolean",
  integer: (value) => Number.isSafeInteger(value),
  nonEmptyString: (value) => typeof value === "string" && value !== "",
  number: (value) => typeof value === "number",
  string: (value) => typeof value === "string",
  unknown: () => true,
};

/** The codec `name` for the shape that `shapes` has under `type`. */
export function codec<T>(name: string, shapes: Shapes, type: string): Codec<T> {
  const check = (value: unknown) => misfits(value, type, [{ key: "", type: { name } }], shapes);
  return {
    name,
    is: (value): value is T => check(value).next().done === true,
    decode: (value) => {
      const left = [...check(value)];
      return left.length === 0 ? { _tag: "Right", right: value as T } : { _tag: "Left", left };
    },
    encode: (value) => value,
  };
}

function* misfits(value: unknown, shape: Shape, context: ContextEntry[], shapes: Shapes): Generator<ValidationError> {
  const inside = (key: string, part: unknown, shape: Shape) =>
    misfits(part, shape, [...context, { key, type: { name: nameOf(shape) } }], shapes);
  const misfit = { value, context, message: `${pathOf(context)}: expected ${nameOf(shape)}` };

  if (typeof shape === "string") {
    const isPrimitive = PRIMITIVES[shape];
    if (!isPrimitive) yield* misfits(value, shapes[shape] as Shape, context, shapes);
    else if (!isPrimitive(value)) yield misfit;
  } else if ("oneOf" in shape) {
    if (!shape.oneOf.includes(value as string)) yield misfit;
  } else if (!("members" in shape)) {
    if (!Array.isArray(value)) yield misfit;
    else for (const [index, item] of value.entries()) yield* inside(String(index), item, shape[0]);
  } else if (typeof value !== "object" || value === null || Array.isArray(value)) {
    yield misfit;
  } else {
    for (const [member, shapeOfMember] of Object.entries(shape.members)) {
      const name = member.replace(/\?$/, "");
      const part = (value as Record<string, unknown>)[name];
      if (part !== undefined || name === member) yield* inside(name, part, shapeOfMember);
    }
  }
}

function nameOf(shape: Shape): string {
  if (typeof shape === "string") return shape === "nonEmptyString" ? "non-empty string" : shape;
  if ("oneOf" in shape) return shape.oneOf.map((word) => JSON.stringify(word)).join(" | ");
  return "members" in shape ? "object" : `Array<${nameOf(shape[0])}>`;
}

function pathOf(context: ContextEntry[]): string {
  const [root, ...rest] = context;
  return [root?.type.name, ...rest.map(({ key }) => key)].join(".");
}
