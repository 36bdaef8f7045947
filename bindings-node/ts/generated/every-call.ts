// Printed by `npm run types` from the core's description of itself; not edited by hand.

import type { Callback } from "../callback";
import type { PlatformResponse, TimeoutOptions } from "./data";

/** What every call takes beside its own options. */
export interface EveryCall {
  /** Time-outs of this call, which go before those of the configuration. */
  timeouts?: TimeoutOptions;
  /**
   * Is told what the platform has answered to each request of this call, before the call goes on: status, headers,
   * reference. It is not waited for, and what it fails with is no matter of the call's.
   */
  onResponse?: Callback<PlatformResponse>;
}
