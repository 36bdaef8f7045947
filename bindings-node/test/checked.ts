/** An application that checks a store of its own; it only has to compile. */

import type { LinkStore } from "digime-sdk";
import { checkLinkStore, type LinkStoreCheck } from "digime-sdk/testing";

interface OwnStore extends LinkStore {
  quit(): Promise<void>;
}
declare function open(address: string): Promise<OwnStore>;

const check: LinkStoreCheck<OwnStore> = {
  open: () => open("redis://localhost"),
  close: (store) => store.quit(),
  database: { kill: () => undefined, start: async () => undefined },
};
export const checks: Promise<void>[] = [checkLinkStore(check), checkLinkStore({ ...check, runs: 1_000, seed: 7 })];
