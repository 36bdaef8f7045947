/** Where the sandbox's program is: in the package for this platform, or where `DIGIME_SANDBOX_BIN` says. */

import { fitting, withoutBinary } from "./shared/targets";

const OTHERWISE =
  "Elsewhere DIGIME_SANDBOX_BIN may name a sandbox that was built there, such as `cargo install digime-sandbox` does.";

/** Why the program cannot be run. */
export function whyNot({ message }: Error): string {
  const { DIGIME_SANDBOX_BIN: own } = process.env;
  return own ? `${message}, which DIGIME_SANDBOX_BIN names` : message;
}

/** The path of the program. */
export function binary(): string {
  const { DIGIME_SANDBOX_BIN: own } = process.env;
  if (own) return own;
  const reasons: string[] = [];
  for (const { name, os } of fitting())
    try {
      return require.resolve(`digime-sandbox-${name}/digime-sandbox${os === "win32" ? ".exe" : ""}`);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "MODULE_NOT_FOUND") reasons.push(message);
    }
  throw withoutBinary("digime-sandbox", { reasons }, OTHERWISE);
}
