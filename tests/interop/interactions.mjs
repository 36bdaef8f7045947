/** The page on which a patient says who they are and whether an application may act for them. */

import { text } from "node:stream/consumers";

const PAGE = `<!doctype html>
<title>Approve access</title>
<form method="post">
  <label>Patient <input name="patient"></label>
  <button name="decision" value="approve">Approve</button>
  <button name="decision" value="deny">Deny</button>
</form>
`;

/** Shows the page, or takes what was filled in. */
export async function interact(provider, request, response) {
  if (request.method === "GET") {
    response.setHeader("content-type", "text/html; charset=utf-8").end(PAGE);
    return;
  }
  const form = new URLSearchParams(await text(request));
  const { params } = await provider.interactionDetails(request, response);
  const approved = form.get("decision") === "approve";
  const result = approved ? await approval(provider, params, form.get("patient")) : DENIAL;
  await provider.interactionFinished(request, response, result);
}

const DENIAL = { error: "access_denied", error_description: "The patient denied access" };

async function approval(provider, { client_id: clientId, scope }, accountId) {
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope(scope);
  return { login: { accountId }, consent: { grantId: await grant.save() } };
}
