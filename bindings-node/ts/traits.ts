/** What must be known of a platform beside its types. */

/** How the calls of a platform are made. */
export interface Platform {
  readonly calls: { readonly [name: string]: Traits };
  /** The settings that may be stores, with their methods. */
  readonly stores: { readonly [setting: string]: readonly string[] };
  /** The settings that may be objects of a class, or lists of such, with their members. */
  readonly objects: { readonly [setting: string]: readonly string[] };
}

/** How a call differs from those that are given options and awaited. */
export interface Traits {
  /** It may be made without options. */
  readonly optional?: boolean;
  /** It gives an `AllFilesReading`. */
  readonly reading?: boolean;
  /** It gives an iterable of what this option, a function, is told. */
  readonly iterates?: string;
  /** This option of it may be anything that can be iterated over. */
  readonly many?: string;
}
