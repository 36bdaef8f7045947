/** What `readAllFiles` gives at once: a reading under way, which can be stopped. */

import type { Call } from "./call";
import type { FileListStatus, ReadAllFilesResponse } from "./generated/types";

/**
 * The reading of a session. An error rejects both promises; one of them is enough to see it, and the other may be left alone.
 */
export interface AllFilesReading {
  /** Ends the reading: what is being read is dropped, and the promises resolve to how far the session was at last. */
  readonly stopPolling: () => void;
  /** How far the session was at last. */
  readonly filePromise: Promise<FileListStatus>;
  /** How far the session was at last, its files, and the token to go on with. */
  readonly response: Promise<ReadAllFilesResponse>;
}

/** The call as the reading that it is. */
export function reading({ outcome, stop }: Call): AllFilesReading {
  const response = outcome as Promise<ReadAllFilesResponse>;
  const filePromise = response.then(({ status }) => status);
  // Whoever uses `response` alone handles the error there; unhandled here as well, it would end the process.
  filePromise.catch(() => {});
  return { stopPolling: stop, filePromise, response };
}
