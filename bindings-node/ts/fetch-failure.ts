/** What network failures are called in `fetch`'s errors, which every library names in its own way. */

/** Other names of what Node's network reports. */
const SAME: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: "ETIMEDOUT",
  UND_ERR_HEADERS_TIMEOUT: "ETIMEDOUT",
  UND_ERR_BODY_TIMEOUT: "ETIMEDOUT",
  UND_ERR_SOCKET: "ECONNRESET",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "ECONNRESET",
  ERR_STREAM_PREMATURE_CLOSE: "ECONNRESET",
  ECONNABORTED: "ECONNRESET",
  EAI_AGAIN: "ENOTFOUND",
  EHOSTUNREACH: "ENETUNREACH",
  EADDRNOTAVAIL: "EADDRINUSE",
};

/** Why a certificate is refused; two more reasons have names that the SDK knows. */
const UNTRUSTED =
  /^(SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_|CERT_(?!HAS_EXPIRED)|INVALID_(CA|PURPOSE))/;

/** What does not keep to HTTP or TLS. */
const PROTOCOL = /^(HPE_|ERR_SSL_|ERR_HTTP2_|ERR_TLS_(?!CERT_ALTNAME_INVALID))/;

/** Node's name for what went wrong, if it was the network: it stands in the error, or in what that was caused by. */
export function networkCode(error: unknown): string | undefined {
  const [waiting, seen] = [[error], new Set<unknown>()];
  for (const link of waiting) {
    if (typeof link !== "object" || link === null || seen.has(link)) continue;
    seen.add(link);
    const { code, name, cause, errors } = told(link);
    if (name === "TimeoutError") return "ETIMEDOUT";
    if (typeof code === "string") return nodeName(code);
    waiting.push(cause, ...(Array.isArray(errors) ? errors : []));
  }
  return undefined;
}

/** What is looked for in an error, which may be anything: reading it may fail as well. */
function told(error: object): Record<string, unknown> {
  try {
    const { code, name, cause, errors } = error as Record<string, unknown>;
    return { code, name, cause, errors: Array.isArray(errors) ? [...errors] : undefined };
  } catch {
    return {};
  }
}

function nodeName(code: string): string {
  if (UNTRUSTED.test(code)) return "UNABLE_TO_VERIFY_LEAF_SIGNATURE";
  return PROTOCOL.test(code) ? "EPROTO" : (SAME[code] ?? code);
}
