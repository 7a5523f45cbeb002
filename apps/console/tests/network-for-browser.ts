import type { Page } from "playwright-core";
import { openBrowser, openPage, signIn } from "./browser.ts";
import { builtConsole } from "./built-console.ts";
import { linkedNodes, password } from "./linked-nodes.ts";
import type { NodeForBrowser } from "./node-for-browser.ts";

const askAgainMs = 100;

/** A parent with patients, its child, and a browser before them. */
export interface NetworkForBrowser extends AsyncDisposable {
  readonly parent: NodeForBrowser;
  readonly child: NodeForBrowser;
  /** A fresh page at a node, with a user signed in who is named after the role. */
  readonly signedIn: (
    node: NodeForBrowser,
    user?: "administrator" | "viewer",
  ) => Promise<{ readonly page: Page; readonly wrong: readonly string[] }>;
}

/** Starts a parent with the patients `p1` and `p2` and a child that has pulled them. */
export async function startNetwork(): Promise<NetworkForBrowser> {
  await using started = new AsyncDisposableStack();
  const [nodes] = await Promise.all([linkedNodes(), builtConsole()]);
  const { parent, child } = started.use(nodes);
  await parent.put(aPatient("p1", "Amina Otieno", { gender: "female", birthDate: "1984-03-21" }));
  await parent.put(aPatient("p2", "Joseph Mwangi", {}));
  // The child has begun once it holds what the parent has.
  while (((await child.admin("GET", "/records?q=otieno"))["items"] as readonly unknown[]).length === 0) {
    await child.admin("POST", "/pull", {}).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, askAgainMs));
  }
  const browser = await openBrowser();
  started.defer(() => browser.close());
  const running = started.move();
  return {
    parent,
    child,
    async signedIn(node, user = "administrator") {
      const opened = await openPage(browser);
      await signIn(opened.page, node.url, user, password);
      return opened;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** A patient in Kisumu, as the FHIR API takes it. */
export function aPatient(id: string, name: string, more: object) {
  const [given = "", family = ""] = name.split(" ");
  return {
    resourceType: "Patient",
    id,
    identifier: [{ system: "http://moh.example/nid", value: `KE-${id}` }],
    name: [{ given: [given], family }],
    address: [{ city: "Kisumu", country: "Kenya" }],
    ...more,
  };
}
