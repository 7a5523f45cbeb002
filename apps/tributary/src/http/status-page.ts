import type { HttpHandler } from "@tributary/kernel";
import type { Node } from "@tributary/runtime";
import { version } from "../version.ts";

/** Answers `/`: a page that tells a person what this is and where its doors are. */
export function createStatusPage(node: Node): HttpHandler {
  const { id, config } = node;
  const body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${id} - Tributary</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }</style>
<h1>${id}</h1>
<p>This is a ${config.node.role} node of Tributary ${version}. It keeps FHIR R4 records in step with its neighbours.</p>
<ul>
<li><a href="fhir/metadata">fhir/metadata</a>: what the FHIR API can do${config.fhir.access === "token" ? "; the rest of it asks for a token" : ""}</li>
<li><a href="feed/recent">feed/recent</a>: the newest changes as an Atom feed</li>
<li><a href="health">health</a>: whether the node is well</li>
</ul>
</html>
`;
  return async () => ({
    status: 200,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" },
    body,
  });
}
