/** The error of data that a care provider would refuse, and that was therefore not pushed. */

import { DigiMeSDKError, type Fields } from "./errors";
import type { ProviderDataFinding } from "./generated/data";

/** The data would be refused by the care provider, so nothing was sent: see `findings`. */
export class ProviderDataError extends DigiMeSDKError {
  /** All that was found, warnings too. No value of the data is in it. */
  readonly findings: ProviderDataFinding[];

  constructor(message: string, fields: Fields & { findings?: ProviderDataFinding[] } = {}) {
    super(message, fields);
    this.findings = fields.findings ?? [];
  }
}
