import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { HttpHandler, HttpResponse } from "@tributary/kernel";
import { type ConsoleFile, ConsoleShelf } from "./console-files.ts";
import { consoleHeaders } from "./console-headers.ts";

/** Where the build puts the console, seen from the program. */
export const builtConsole = join(dirname(fileURLToPath(import.meta.url)), "../../../../console/dist");

/** Files below it are named after their content. */
const namedByContent = "assets/";
const forEver = "public, max-age=31536000, immutable";

/**
 * Answers `/console` and everything below it: the files of the built console, and its page for every other path, since
 * the console reads its own paths. It holds no data, so that nobody needs to be signed in for it.
 */
export function createConsoleHandler(folder: string = builtConsole): HttpHandler {
  const shelf = new ConsoleShelf(folder);
  return async ({ parameters, headers }) => {
    const path = parameters["path"] ?? "";
    const built = await shelf.read();
    if (!built) return notBuilt();
    const file = built.files.get(path);
    if (!file && path.startsWith(namedByContent)) return gone();
    const caching = file && path.startsWith(namedByContent) ? forEver : "no-cache";
    return answer(file ?? built.page, caching, headers["if-none-match"]);
  };
}

function answer(file: ConsoleFile, caching: string, ifNoneMatch: string | undefined): HttpResponse {
  const headers = { ...consoleHeaders, "cache-control": caching, etag: file.etag };
  if (ifNoneMatch?.includes(file.etag)) return { status: 304, headers };
  return { status: 200, headers: { ...headers, "content-type": file.contentType }, body: file.bytes };
}

/** A page that was opened before an upgrade asks for files that are no more; it is to be loaded again. */
function gone(): HttpResponse {
  const headers = { ...consoleHeaders, "cache-control": "no-store", "content-type": "text/plain; charset=utf-8" };
  return { status: 404, headers, body: "There is no such file any more; load the page again.\n" };
}

function notBuilt(): HttpResponse {
  return {
    status: 503,
    headers: { ...consoleHeaders, "cache-control": "no-store", "content-type": "text/html; charset=utf-8" },
    body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Tributary</title>
<h1>The console has not been built</h1>
<p>In the program's folder run <code>npm run build --workspace @tributary/console</code>, then load this page again.
The node itself works all the same.</p>
</html>
`,
  };
}
