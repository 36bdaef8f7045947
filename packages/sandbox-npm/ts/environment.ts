/** By which names applications, and the SDK, find in their environment what the sandbox announces. */

import { randomBytes } from "node:crypto";
import type { Announcement } from "./announcement";

/** The variables. Keys of contracts are on one line, `\n` standing for each break, so that files of variables can have them. */
export function environmentOf({ baseUrl, onboardUrl, cloudBaseUrl, applicationId, contracts, pkb }: Announcement) {
  const { push, read } = contracts;
  return {
    DIGIME_BASE_URL: baseUrl,
    DIGIME_ONBOARD_URL: onboardUrl,
    DIGIME_CLOUD_BASE_URL: cloudBaseUrl,
    DIGIME_APPLICATION_ID: applicationId,
    /** The contract that may push. */
    DIGIME_CONTRACT_ID: push.contractId,
    DIGIME_PRIVATE_KEY: inOneLine(push.privateKey),
    /** The contract that may read. */
    DIGIME_READ_CONTRACT_ID: read.contractId,
    DIGIME_READ_PRIVATE_KEY: inOneLine(read.privateKey),
    PKB_BASE_URL: pkb.baseUrl,
    PKB_SYSTEM_TOKEN_URL: pkb.systemTokenUrl,
    PKB_JOIN_URL: pkb.joinUrl,
    PKB_CLIENT_ID: pkb.clientId,
    PKB_REDIRECT_URI: pkb.redirectUris[0] ?? "",
    /** The client that acts for an organisation. */
    PKB_SYSTEM_CLIENT_ID: pkb.system.clientId,
    PKB_SYSTEM_CLIENT_SECRET: pkb.system.clientSecret,
    PKB_ORG_PUBLIC_ID: pkb.system.orgPublicId,
    PKB_CUSTOMER_TOKEN_URL: pkb.customer.tokenUrl,
    PKB_AGGREGATED_URL: pkb.customer.aggregatedUrl,
    PKB_CUSTOMER_URL: pkb.customer.customerUrl,
    /** The client that sends and extracts data. */
    PKB_CUSTOMER_CLIENT_ID: pkb.customer.clientId,
    PKB_CUSTOMER_CLIENT_SECRET: pkb.customer.clientSecret,
    /** A new key for each sandbox, since its links end with it. */
    PKB_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
  };
}

/** The variables of the environment. */
export type Environment = ReturnType<typeof environmentOf>;

function inOneLine(pem: string): string {
  return pem.replaceAll("\n", "\\n");
}
