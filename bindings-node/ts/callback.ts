/** What an application's function is that the SDK tells something. */

/** A function that is told something and awaited. What it returns beside a promise is of no account. */
export type Callback<T> = ((argument: T) => void) | ((argument: T) => Promise<void>);
