/** The FHIR calls beside the provider, which its own access tokens open. */

import { SCOPE } from "./provider.mjs";

/** Answers with what the patient whose access token came may see: who they are, and their own record. */
export async function answerFhir(provider, request, response) {
  const token = await provider.AccessToken.find(/^Bearer (.+)$/.exec(request.headers.authorization)?.[1]);
  if (!token?.scopes.has(SCOPE)) {
    response.writeHead(401, { "www-authenticate": 'Bearer error="invalid_token"' }).end();
    return;
  }
  const resource = resources(token.accountId)[request.url];
  if (resource === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader("content-type", "application/fhir+json").end(JSON.stringify(resource));
}

function resources(patient) {
  const reference = `Patient/${patient}`;
  return {
    "/fhir/Consent/$purview": {
      resourceType: "Parameters",
      parameter: [{ name: "purview", valueReference: { reference } }],
    },
    [`/fhir/${reference}`]: { resourceType: "Patient", id: patient },
  };
}
