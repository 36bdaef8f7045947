/** The database of a store, as the check ends it and starts it again. */
export interface Database {
  kill(): unknown;
  start(): unknown;
}
