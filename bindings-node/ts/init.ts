/** How the SDK comes to life, for each platform. */

import type { DigiMeSDK, PkbSDK } from "./generated/operations";
import type { PkbConfiguration, SdkConfiguration } from "./generated/types";
import { connect } from "./platform";

/**
 * Makes the SDK for one application of digi.me. Nothing is sent yet.
 *
 * @throws {TypeValidationError} when the configuration is wrong.
 */
export function init(config: SdkConfiguration): DigiMeSDK {
  return connect("digime", config, init) as unknown as DigiMeSDK;
}

/**
 * Makes the SDK for one application of Patients Know Best. Nothing is sent yet.
 *
 * @throws {TypeValidationError} when the configuration is wrong.
 */
export function initPkb(config: PkbConfiguration): PkbSDK {
  return connect("pkb", config, initPkb) as unknown as PkbSDK;
}
