// In what two outcomes of a case differ.

/** Each aspect in which the outcomes differ, with what either has of it. */
export function differing(theirs, ours) {
  return [...aspects(theirs, ours)]
    .filter(([, one, other]) => JSON.stringify(one) !== JSON.stringify(other))
    .map(([aspect, one, other]) => ({ aspect, theirs: one, ours: other }));
}

function* aspects(theirs, ours) {
  yield ["asked", theirs.asked, ours.asked];
  yield ["told", theirs.told, ours.told];
  const outcome = ({ error }) => (error ? error.class : "a result");
  yield ["outcome", outcome(theirs), outcome(ours)];
  if (outcome(theirs) !== outcome(ours)) return;
  yield ["result", theirs.result, ours.result];
  if (!theirs.error) return;
  const { class: name, path: _, message, ...members } = theirs.error;
  const { class: __, path: ___, message: ourMessage, ...ourMembers } = ours.error;
  yield ["error", members, ourMembers];
  // What the language says of a value is its own affair, and what io-ts says of a part of an answer or a configuration.
  if (name in globalThis || message.startsWith("Invalid value ")) return;
  const begins = ourMessage.startsWith(message);
  yield ["message", message, begins ? message : ourMessage];
}
