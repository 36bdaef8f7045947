/** How a value is checked against the table that is printed from the core's types. */

/**
 * Tells whether a value is of the type `T`, as the codecs of the JavaScript SDK do. Those are made with io-ts, with whose own this one goes
 * together: `t.type({ token: UserAccessTokenCodec })`, `t.TypeOf<typeof UserAccessTokenCodec>`, `PathReporter.report(codec.decode(value))`.
 */
export interface Codec<T, Output = T, Input = unknown> extends Decoder<Input, T> {
  readonly _A: T;
  readonly _O: Output;
  readonly _I: Input;
  /** Whether the value is of the type. Members that the type does not have do no harm. */
  readonly is: (value: unknown) => value is T;
  /** The value itself. */
  readonly encode: (value: T) => Output;
  /** The codec that checks by another what this one has made. */
  // biome-ignore lint/suspicious/noExplicitAny: it may be of any type.
  pipe<Other>(other: Codec<Other, any, any>, name?: string): Codec<Other, Output, Input>;
  asDecoder(): Decoder<Input, T>;
  asEncoder(): { readonly encode: (value: T) => Output };
}

/** What reads a value. */
export interface Decoder<Input, T> {
  /** The JavaScript SDK's name for the type. */
  readonly name: string;
  /** The value itself, or everything that is wrong with it, as a part of what the context says. */
  readonly validate: (value: Input, context: Context) => Decoded<T>;
  /** The value itself, or everything that is wrong with it. */
  readonly decode: (value: Input) => Decoded<T>;
}

/** What `decode` gives. */
export type Decoded<T> =
  | { readonly _tag: "Right"; readonly right: T }
  | { readonly _tag: "Left"; readonly left: ValidationError[] };

/** A part of a value that is not what it must be. */
export interface ValidationError {
  /** The part. */
  readonly value: unknown;
  /** Where it stands: one entry for the value itself, one for each name or index that leads on from there. */
  readonly context: Context;
  /** What it must be, without what it is. */
  readonly message?: string;
}

/** The way to a part of a value. */
export interface Context extends ReadonlyArray<ContextEntry> {}

/** A step on the way to a part of a value. */
export interface ContextEntry {
  /** The name or index; empty for the value itself. */
  readonly key: string;
  /** What stands there. */
  // biome-ignore lint/suspicious/noExplicitAny: it may be of any type.
  readonly type: Decoder<any, any>;
  /** The value that stands there. */
  readonly actual?: unknown;
}

/**
 * What a value must be: a primitive or another shape by its name, one of some words or shapes, a list, or an object whose members' names end in
 * `?` where they may be left out.
 */
export type Shape =
  | string
  | readonly [Shape]
  | { readonly oneOf: readonly string[] }
  | { readonly anyOf: readonly Shape[] }
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
  return new ShapeCodec(name, (value, context) => misfits(value, type, context, shapes)) as unknown as Codec<T>;
}

type Check = (value: unknown, context: Context) => Generator<ValidationError>;

/** What has the type of a codec beside these is there for the compiler alone. */
class ShapeCodec {
  readonly name: string;
  readonly #check: Check;

  constructor(name: string, check: Check) {
    this.name = name;
    this.#check = check;
  }

  // What io-ts composes it with calls them as functions.
  readonly is = (value: unknown) => this.#check(value, []).next().done === true;
  readonly encode = (value: unknown) => value;
  readonly validate = (value: unknown, context: Context): Decoded<unknown> => {
    const left = [...this.#check(value, context)];
    return left.length === 0 ? { _tag: "Right", right: value } : { _tag: "Left", left };
  };
  readonly decode = (value: unknown) =>
    this.validate(value, [{ key: "", type: this as unknown as Decoder<unknown, unknown>, actual: value }]);

  pipe(other: Codec<unknown>, name = `pipe(${this.name}, ${other.name})`) {
    const piped = new ShapeCodec(name, this.#check);
    return Object.assign(piped, {
      is: other.is,
      encode: (value: unknown) => this.encode(other.encode(value)),
      validate: (value: unknown, context: Context) => {
        const read = this.validate(value, context);
        return read._tag === "Left" ? read : other.validate(read.right, context);
      },
    });
  }

  asDecoder() {
    return this;
  }

  asEncoder() {
    return this;
  }
}

function* misfits(value: unknown, shape: Shape, context: Context, shapes: Shapes): Generator<ValidationError> {
  const inside = (key: string, part: unknown, shape: Shape) => {
    const type = codecOf(shape, shapes);
    return misfits(part, shape, [...context, { key, type, actual: part }], shapes);
  };
  const misfit = { value, context, message: `${pathOf(context)}: expected ${nameOf(shape)}` };

  if (typeof shape === "string") {
    const isPrimitive = PRIMITIVES[shape];
    if (!isPrimitive) yield* misfits(value, shapes[shape] as Shape, context, shapes);
    else if (!isPrimitive(value)) yield misfit;
  } else if ("oneOf" in shape) {
    if (!shape.oneOf.includes(value as string)) yield misfit;
  } else if ("anyOf" in shape) {
    const fits = (alternative: Shape) => misfits(value, alternative, context, shapes).next().done === true;
    if (!shape.anyOf.some(fits)) yield misfit;
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

function codecOf(shape: Shape, shapes: Shapes): Decoder<unknown, unknown> {
  return new ShapeCodec(nameOf(shape), (value, context) => misfits(value, shape, context, shapes)) as Decoder<
    unknown,
    unknown
  >;
}

function nameOf(shape: Shape): string {
  if (typeof shape === "string") return shape === "nonEmptyString" ? "non-empty string" : shape;
  if ("oneOf" in shape) return shape.oneOf.map((word) => JSON.stringify(word)).join(" | ");
  if ("anyOf" in shape) return shape.anyOf.map(nameOf).join(" | ");
  return "members" in shape ? "object" : `Array<${nameOf(shape[0])}>`;
}

function pathOf(context: Context): string {
  const [root, ...rest] = context;
  return [root?.type.name, ...rest.map(({ key }) => key)].join(".");
}
