import { readdirSync, readFileSync } from "node:fs";
import { type AdminEndpoint, adminEndpoints } from "@tributary/admin-api";
import { expect, it } from "vitest";

/** What no command asks, and why. */
const withoutCommand: Partial<Readonly<Record<AdminEndpoint, string>>> = {
  "GET /setup": "the set-up link is opened in a browser; `setup-link` prints it",
  "POST /setup": "the first user chooses a password in a browser; `user add` makes users from a terminal",
  "GET /session": "a command has a token, or the folder, and no session",
  "POST /session": "a command has a token, or the folder, and no session",
  "PATCH /session": "the language of the console; commands speak English",
  "DELETE /session": "a command has a token, or the folder, and no session",
  "POST /session/password": "somebody's own password is changed where they signed in; `user reset` sets another's",
  "GET /sign-in": "in which ways one signs in to the console",
  "GET /sign-in/openid": "the browser is sent to the provider",
  "GET /sign-in/openid/back": "the browser comes back from the provider",
  "GET /events": "the console is told what to ask for anew; a command asks once",
};

const folder = new URL(".", import.meta.url);
const asked = new Set(
  readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => readFileSync(new URL(name, folder), "utf8"))
    .flatMap((text) => [...text.matchAll(/"((?:GET|POST|PUT|PATCH|DELETE) \/[^"]*)"/g)].map(([, name]) => name)),
);

it.each(Object.keys(adminEndpoints) as AdminEndpoint[])("%s is asked by a command, or it is said why not", (name) => {
  expect(asked.has(name) !== name in withoutCommand).toBe(true);
});
