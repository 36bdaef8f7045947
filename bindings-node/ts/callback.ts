/** What an application's function is that the SDK tells something. */

/** A function that is told something and awaited. What it returns beside a promise is of no account. */
export type Callback<T> = ((argument: T) => void) | ((argument: T) => Promise<void>);

/** A function that is told something and answers. One that expects to be told more than it is, as the JavaScript SDK has it, will do. */
export type Answering<T, Answer> = { answer(argument: T): Answer | Promise<Answer> }["answer"];
