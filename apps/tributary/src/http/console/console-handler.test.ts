import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HttpResponse } from "@tributary/kernel";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createConsoleHandler } from "./console-handler.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "console-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function build(page: string): Promise<void> {
  await mkdir(join(folder, "assets"), { recursive: true });
  await writeFile(join(folder, "index.html"), page);
  await writeFile(join(folder, "assets/index-a1.js"), "export {}");
}

function ask(handler: ReturnType<typeof createConsoleHandler>, path: string, headers = {}): Promise<HttpResponse> {
  return handler({
    method: "GET",
    url: new URL(`http://node.test/console/${path}`),
    headers,
    parameters: { path },
    body: "",
    signal: new AbortController().signal,
  });
}

function textOf({ body }: HttpResponse): string {
  return Buffer.from(body ?? "").toString();
}

it("says how to build the console when it has not been built, and finds it once it is", async () => {
  const handler = createConsoleHandler(folder);

  const before = await ask(handler, "");
  await build("<p>one</p>");
  const after = await ask(handler, "");

  expect(before.status).toBe(503);
  expect(textOf(before)).toContain("npm run build --workspace @tributary/console");
  expect([after.status, textOf(after)]).toEqual([200, "<p>one</p>"]);
});

it("answers the page for every path that is no file, and lets it be asked about each time", async () => {
  await build("<p>one</p>");
  const handler = createConsoleHandler(folder);

  const page = await ask(handler, "network/clinic-1");
  const again = await ask(handler, "network/clinic-1", { "if-none-match": page.headers["etag"] });

  expect(textOf(page)).toBe("<p>one</p>");
  expect(page.headers).toMatchObject({ "cache-control": "no-cache", "content-type": "text/html; charset=utf-8" });
  expect(again.status).toBe(304);
});

it("lets files that are named after their content be kept for ever, and never answers a page for one", async () => {
  await build("<p>one</p>");
  const handler = createConsoleHandler(folder);

  const file = await ask(handler, "assets/index-a1.js");
  const missing = await ask(handler, "assets/index-b2.js");

  expect(file.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect(file.headers["content-type"]).toBe("text/javascript; charset=utf-8");
  expect([missing.status, missing.headers["cache-control"]]).toEqual([404, "no-store"]);
});

it("reaches no file outside the built folder", async () => {
  await build("<p>one</p>");
  const handler = createConsoleHandler(join(folder, "assets", ".."));

  for (const path of ["../secret", "assets/../../etc/passwd", "..%2f..%2fetc/passwd", "/etc/passwd"]) {
    expect(textOf(await ask(handler, path))).not.toContain("root:");
  }
});

it("allows scripts and requests from this node alone, on every answer", async () => {
  await build("<p>one</p>");
  const handler = createConsoleHandler(folder);

  for (const path of ["", "assets/index-a1.js", "assets/none.js"]) {
    const { headers } = await ask(handler, path);
    expect(headers["content-security-policy"]).toMatch(/^default-src 'self';.*frame-ancestors 'none'$/);
    expect(headers["content-security-policy"]).not.toMatch(/unsafe/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
  }
});

it("shows what was built anew without a restart", async () => {
  await build("<p>one</p>");
  const handler = createConsoleHandler(folder);
  await ask(handler, "");

  await build("<p>two</p>");
  await utimes(join(folder, "index.html"), 2_000_000, 2_000_000);

  expect(textOf(await ask(handler, ""))).toBe("<p>two</p>");
});
