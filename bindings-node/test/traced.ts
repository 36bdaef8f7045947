/** An application that has OpenTelemetry; it only has to compile. */

import { trace } from "@opentelemetry/api";
import { type EventLevel, init, initPkb, type PlatformResponse, type SdkEvent, type TracedAttempt } from "digime-sdk";
import { Tracing } from "digime-sdk/opentelemetry";

const { onEvent, traceContext } = new Tracing({ tracerProvider: trace.getTracerProvider() });
const sdk = init({ applicationId: "an-application", onEvent, traceContext });

const config = { clientId: "a-client", redirectUri: "app://linked", environment: "sandbox" } as const;
const levels: EventLevel[] = [];
const pkb = initPkb({
  ...config,
  onEvent: ({ level }: SdkEvent) => levels.push(level),
  traceContext: ({ requestId, attempt }: TracedAttempt) => (attempt > requestId ? undefined : { traceparent: "" }),
});

const statuses: number[] = [];
const onResponse = ({ statusCode, headers, reference }: PlatformResponse) => {
  statuses.push(statusCode, headers["x-request-id"]?.length ?? 0, reference?.length ?? 0);
};
export const calls = [
  sdk.getContractDetails({ contractDetails: { contractId: "a-contract", privateKey: "a key" }, onResponse }),
  pkb.getLink({ appUserId: "a-user", onResponse: async (response) => onResponse(response) }),
];
