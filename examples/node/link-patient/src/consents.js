/** What the organisation's team may see of a record, by the patient's consent, in words; and whether that is enough. */

/** @import { PkbConsent } from "digime-sdk" */

const LABELS = new Map([
  ["GENERAL_HEALTH", "General health"],
  ["MENTAL_HEALTH", "Mental health"],
  ["SEXUAL_HEALTH", "Sexual health"],
  ["SOCIAL_CARE", "Social care"],
]);

/** Without this label the team sees nothing of what it follows. */
const NEEDED = "GENERAL_HEALTH";

/**
 * @param {PkbConsent[]} consents
 * @param {string} team How PKB refers to it.
 */
export function visibleTo(consents, team) {
  const labels = consents
    .filter(({ actor, status }) => actor === team && status === "active")
    .flatMap((consent) => consent.labels);
  return { labels: labels.map((label) => LABELS.get(label) ?? label), isEnough: labels.includes(NEEDED) };
}
