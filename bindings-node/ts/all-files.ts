/** What `readAllFiles` gives at once: a reading under way, which can be stopped. */

import type { Call } from "./call";
import type { FileListStatus, ReadAllFilesResponse } from "./generated/types";

/**
 * The reading of a session. An error rejects both promises; one of them is enough to see it, and the other may be left alone.
 */
export interface AllFilesReading<Result = ReadAllFilesResponse> {
  /** Ends the reading: what is being read is dropped, and the promises resolve to how far the session was at last. */
  readonly stopPolling: () => void;
  /** How far the session was at last. */
  readonly filePromise: Promise<FileListStatus>;
  /** How far the session was at last, its files, and the token to go on with, if the application keeps it. */
  readonly response: Promise<Result>;
}

/** The call as the reading that it is. */
export function reading({ outcome, stop }: Call): AllFilesReading {
  const response = outcome as Promise<ReadAllFilesResponse>;
  let filePromise: Promise<FileListStatus> | undefined;
  let isAsked = false;
  // Of both promises one alone may be handled, and an error that nobody handles must not be lost: a promise that nobody has asked for is
  // none that could be left alone.
  const leftAlone = () => isAsked && filePromise?.catch(() => {});
  return {
    stopPolling: stop,
    get filePromise() {
      filePromise ??= response.then(({ status }) => status);
      leftAlone();
      return filePromise;
    },
    get response() {
      isAsked = true;
      leftAlone();
      return response;
    },
  };
}

type Callback = ((told: Told) => unknown) | undefined;
type Told = Record<string, unknown>;

/** The options with an `onFileData` of which what it throws goes to `onFileError`, as in the JavaScript SDK; what that throws is not caught. */
export function withErrorsTold(options: unknown): unknown {
  if (typeof options !== "object" || options === null) return options;
  const { onFileData, onFileError } = options as { onFileData?: Callback; onFileError?: Callback };
  if (typeof onFileData !== "function" || typeof onFileError !== "function") return options;
  const told = async (file: Told) => {
    try {
      await onFileData.call(options, file);
    } catch (error) {
      const { fileName, fileList } = file;
      await onFileError.call(options, { error, fileName, fileList });
    }
  };
  // Whatever else there is, and wherever it comes from, stays as it is.
  return Object.create(options, { onFileData: { value: told, enumerable: true } });
}
