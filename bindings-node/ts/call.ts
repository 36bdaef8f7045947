/** How a call is made: step by step, until it is done, has failed, or is aborted. */

import type { NativeCall, NativeClient, Reply } from "../native";
import type { Signal } from "./ambient";
import { carryAll } from "./carrying";
import { errorOf, type Frames, refusalOf } from "./error-of";
import { DigiMeSDKError } from "./errors";
import type { EveryCall } from "./generated/every-call";
import { Kept } from "./kept";
import { ofThisRealm } from "./realm";
import { Receiver } from "./received";
import { flawOfSignal, onAbort } from "./signal";
import { rejection } from "./thrown";

/** What every call takes beside its own options. */
export interface Abortable extends EveryCall {
  /**
   * Ends the call: it is rejected with the signal's reason at once, and its request is dropped. What must not be left half done, such
   * as storing new tokens, is done all the same. A stream that the call has resolved to ends with that reason, too.
   */
  signal?: Signal;
}

/** A call under way. */
export interface Call {
  /** Its result. */
  readonly outcome: Promise<unknown>;
  /** Asks it to end soon, with what it has so far. */
  readonly stop: () => void;
  /** Ends it without a result. */
  readonly close: () => void;
}

/**
 * Begins the call `name`. A stream among the options belongs to the call, which closes it when it is over.
 *
 * @throws {TypeValidationError} when the options are wrong.
 */
export function begin(
  client: NativeClient,
  name: string,
  options: unknown,
  ofConfiguration: Kept,
  frames: Frames,
): Call {
  const kept = new Kept(ofConfiguration);
  try {
    // As they are in this turn: an application may change its object for the next call while this one is under way.
    const own = copied(options);
    const signal = takeSignal(own);
    const call = client.start(name, own, (path, value, holder) => {
      return kept.keep(path, value, holder === own ? options : holder);
    });
    if ("failed" in call) throw refusalOf(options, ofThisRealm(call.failed), frames);
    const flaw = flawOfSignal(signal);
    if (flaw) throw errorOf(flaw, frames);
    const receiver = new Receiver(own, frames, kept, signal);
    const { fetch } = kept;
    if (fetch) carryAll(call, fetch, kept.fetchFailed).catch(() => {});
    return {
      outcome: conclude(call, kept, receiver, frames, signal),
      stop: () => call.stop(),
      close: () => call.close(),
    };
  } catch (error) {
    kept.release();
    throw error;
  }
}

/** What is no object is the core's to refuse. */
function copied(options: unknown): unknown {
  if (typeof options !== "object" || options === null || Array.isArray(options)) return options;
  const own: Record<string, unknown> = Object.create(null);
  for (const name in options) own[name] = (options as Record<string, unknown>)[name];
  return own;
}

function takeSignal(own: unknown): AbortSignal | undefined {
  if (typeof own !== "object" || own === null) return undefined;
  const { signal } = own as Abortable;
  delete (own as Abortable).signal;
  return signal;
}

async function conclude(
  call: NativeCall,
  kept: Kept,
  receiver: Receiver,
  frames: Frames,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  try {
    if (signal?.aborted) throw signal.reason;
    const outcome = converse(call, kept, receiver, frames);
    outcome.catch(() => {
      // A call may fail while work goes on that outlives it, a refresh that takes long for one.
      call.close();
      return converse(call, kept, receiver, frames).catch(() => {});
    });
    return await (signal ? Promise.race([outcome, abortion(signal, outcome)]) : outcome);
  } finally {
    call.close();
    kept.release();
  }
}

/** Goes on when the call was closed: work that outlives it, such as storing the tokens of a refresh, asks for what it needs. */
async function converse(call: NativeCall, kept: Kept, receiver: Receiver, frames: Frames): Promise<unknown> {
  const next = async (reply?: Reply) => receiver.received(await call.next(reply));
  // A call that is over need not wait for a stream that gives nothing.
  const overtaken = () => call.overtaken().then(() => undefined);
  let step = await next();
  while ("read" in step || "readKept" in step || "invoke" in step)
    // A piece of a large buffer is handed over in the turn in which it was looked at.
    if ("readKept" in step) step = await next(kept.piece(step));
    else step = await next(await ("read" in step ? Promise.race([kept.answer(step), overtaken()]) : kept.answer(step)));
  if ("done" in step) return step.done ?? undefined;
  if ("closed" in step) throw new DigiMeSDKError("The call was closed.");
  const thrown = kept.thrown(step.failed);
  throw thrown ? rejection(thrown.error, step.failed, frames) : kept.explained(errorOf(step.failed, frames));
}

/** Rejects as soon as the signal is aborted; lets go of the signal, which may outlive many calls, when the outcome is known. */
function abortion(signal: AbortSignal, outcome: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    const letGo = onAbort(signal, () => reject(signal.reason));
    outcome.then(letGo, letGo);
  });
}
