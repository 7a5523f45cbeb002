import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runToEnd } from "../../testing/run-to-end.ts";

const program = fileURLToPath(new URL("../../bin/tributary.js", import.meta.url));

/** A node as a user starts it for the first time. */
async function serveNew() {
  const dir = await mkdtemp(join(tmpdir(), "doors-"));
  await runToEnd("init", "parent", "--dir", dir, "--id", "centre", "--port", "0");
  const child = spawn(process.execPath, [program, "serve", "--dir", dir], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  let logged = "";
  let noted = "";
  const link = new Promise<string>((resolve) => {
    child.stderr.on("data", (chunk: Buffer) => {
      noted += String(chunk);
      const found = /https?:\S+\/console\/setup#\S+/.exec(noted)?.[0];
      if (found) resolve(found);
    });
  });
  child.stdout.on("data", (chunk: Buffer) => {
    logged += String(chunk);
  });
  return {
    dir,
    link: await link,
    logged: () => logged,
    async end() {
      child.kill("SIGTERM");
      return ended;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
      await rm(dir, { recursive: true });
    },
  };
}

it("is set up by the link that the first start prints, watched live, measured, and ends at once with a screen open", async () => {
  await using node = await serveNew();
  const { origin, hash } = new URL(node.link);
  const token = hash.slice(1);
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ token, user: "root", password: "a long sentence" });

  const page = await fetch(`${origin}/console/setup`);
  const made = await fetch(`${origin}/admin/v1/setup`, { method: "POST", headers, body });
  const again = await fetch(`${origin}/admin/v1/setup`, { method: "POST", headers, body });
  const cookie = String(made.headers.get("set-cookie")).split(";")[0] ?? "";
  const events = await fetch(`${origin}/admin/v1/events`, { headers: { cookie } });
  const reader = events.body?.getReader();
  let heard = "";
  while (!heard.includes("event: status")) heard += new TextDecoder().decode((await reader?.read())?.value);
  const stranger = await fetch(`${origin}/metrics`);
  const bearer = (await runToEnd("token", "create", "scraper", "--dir", node.dir)).printed.trim();
  const metrics = await fetch(`${origin}/metrics`, { headers: { authorization: `Bearer ${bearer}` } });
  const measured = await metrics.text();
  const ready = await fetch(`${origin}/ready`);
  const begun = performance.now();
  const code = await node.end();

  expect([200, 503]).toContain(page.status);
  expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
  expect([made.status, again.status]).toEqual([200, 403]);
  expect(events.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect([stranger.status, metrics.status, ready.status]).toEqual([401, 200, 200]);
  expect(measured).toContain('tributary_info{node="centre",role="parent"');
  expect(measured).toContain('tributary_children{state="silent"} 0');
  expect(code).toBe(0);
  expect(performance.now() - begun, "an open screen does not hold the node up").toBeLessThan(5_000);
  expect(node.logged()).not.toContain(token);
  expect(node.logged()).not.toContain("a long sentence");
});
