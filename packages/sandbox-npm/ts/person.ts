/** The person in front of the sandbox's pages: reads the form there, and answers it as a browser would. */

import type { AnnouncedPerson } from "./announcement";
import { refuseOthers } from "./options";

/** What a person does on a page. */
export interface Choice {
  /** Of digi.me's consent page, the name of the source to choose, as the page shows it. Default: the one that is chosen already, or the first. */
  readonly source?: string;
  /** Of PKB's page, who logs in: a name, or a login, of `announcement.pkb.people`. Default: the first of them. */
  readonly person?: string;
}

/** Goes to the address, decides, and gives where the browser is sent then. */
export async function decide(
  address: string,
  choice: Choice,
  isApproved: boolean,
  people: readonly AnnouncedPerson[],
): Promise<string> {
  refuseOthers("choice", choice, ["source", "person"]);
  const { source, person } = choice;
  if (!URL.canParse(address))
    throw new TypeError("url: expected an address that getAuthorizeUrl or getLinkUrl has given, got what is none");
  const shown = await answerOf(address);
  const page = await shown.text();
  const [, action] = /<form method="post" action="(.*?)"/.exec(page) ?? [];
  const decisions = [...page.matchAll(/<button name="decision" value="(.*?)"/g)].map(([, value = ""]) => value);
  if (!shown.ok || action === undefined || decisions.length === 0)
    throw new Error(
      `There is nothing to decide on the sandbox's page, which answered ${shown.status}: ${wordsOf(page)}`,
    );
  const form = new URLSearchParams();
  for (const [, name = "", value = ""] of page.matchAll(/<input type="hidden" name="(.*?)" value="(.*?)">/g))
    form.append(name, unescaped(value));
  form.append("decision", decisions[isApproved ? 0 : 1] ?? "");
  const hasSources = page.includes('name="source"');
  if (source !== undefined && !hasSources) throw new TypeError("choice.source: the page has no sources to choose from");
  const asksForLogin = page.includes('name="login"');
  if (person !== undefined && !asksForLogin)
    throw new TypeError("choice.person: nobody logs in on the page, which is not PKB's");
  if (asksForLogin) {
    const { login, password } = chosenPerson(people, person);
    form.append("login", login);
    form.append("password", password);
  }
  if (hasSources) form.append("source", chosenSource(page, source));
  const answer = await answerOf(new URL(unescaped(action), address), {
    method: "POST",
    body: form,
    redirect: "manual",
  });
  const location = answer.headers.get("location");
  if (location === null)
    throw new Error(
      `The sandbox does not send the person back, but answers ${answer.status}: ${wordsOf(await answer.text())}`,
    );
  return new URL(location, address).href;
}

async function answerOf(address: string | URL, request?: RequestInit): Promise<Response> {
  try {
    return await fetch(address, request);
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : message;
    throw new Error(`Nothing answers at ${new URL(address).origin}: ${why}. Is the sandbox still running?`, { cause });
  }
}

function chosenPerson(people: readonly AnnouncedPerson[], wanted: string | undefined): AnnouncedPerson {
  const chosen = people.find(({ name, login }) => wanted === undefined || wanted === name || wanted === login);
  if (chosen) return chosen;
  const known = people.map(({ name }) => name).join(", ");
  throw new TypeError(`choice.person: there is nobody of this name or login; there are ${known}`);
}

function chosenSource(page: string, wanted: string | undefined): string {
  const offered = [...page.matchAll(/name="source" value="(\d+)"( required)?( checked)?.*?<b>(.*?)<\/b>/gs)].map(
    ([, id = "", , checked, name = ""]) => ({ id, isChecked: checked !== undefined, name: unescaped(name) }),
  );
  const chosen =
    wanted === undefined
      ? (offered.find(({ isChecked }) => isChecked) ?? offered[0])
      : offered.find(({ name }) => name === wanted);
  if (chosen) return chosen.id;
  throw new TypeError(`choice.source: the page does not offer it, but ${offered.map(({ name }) => name).join(", ")}`);
}

/** What a page says, without its markup. */
function wordsOf(page: string): string {
  const [, body = page] = /<main.*?>(.*)<\/main>/s.exec(page) ?? [];
  return unescaped(body.replaceAll(/<[^>]*>/g, " "))
    .replaceAll(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescaped(html: string): string {
  return html.replaceAll(/&(?:#(\d+)|(\w+));/g, (whole, code?: string, name = "") =>
    code ? String.fromCodePoint(Number(code)) : (ENTITIES[name] ?? whole),
  );
}
