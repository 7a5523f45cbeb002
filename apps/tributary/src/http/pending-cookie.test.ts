import { expect, it } from "vitest";
import { pendingCookie, pendingIn, placeInConsole } from "./pending-cookie.ts";

const secret = "s".repeat(43);
const pending = { state: secret, nonce: secret, verifier: secret, next: "/console/conflicts?state=open" };

it("is read as it was written, among other cookies, and out of reach of scripts and other paths", () => {
  const written = pendingCookie(pending, new URL("https://node.test/"));
  const [value = ""] = written.split(";");

  expect(pendingIn(`theme=dark; ${value}; other=1`)).toEqual(pending);
  expect(written).toMatch(/; Max-Age=600; Path=\/admin\/v1\/sign-in; HttpOnly; SameSite=Lax; Secure$/);
});

it("says nothing when it is missing, damaged or made up", () => {
  const short = Buffer.from(JSON.stringify(["a", "b", "c", ""])).toString("base64url");
  for (const cookie of [undefined, "", "tributary-sign-in=", "tributary-sign-in=e30", `tributary-sign-in=${short}`]) {
    expect(pendingIn(cookie)).toBeUndefined();
  }
});

it("leads nowhere but into the console", () => {
  const places = [
    "//evil.test",
    "https://evil.test",
    "/console/../admin",
    "/console@evil.test",
    "/consoles",
    undefined,
  ];

  expect(places.map(placeInConsole)).toEqual(places.map(() => "/console/"));
  expect(placeInConsole("/console/network?q=clinic")).toBe("/console/network?q=clinic");
});
