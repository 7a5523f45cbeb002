import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, onTestFinished, vi } from "vitest";
import { openBrowser, openPage, signIn } from "./browser.ts";
import { builtConsole } from "./built-console.ts";
import { linkedNodes, password } from "./linked-nodes.ts";
import type { NodeForBrowser } from "./node-for-browser.ts";

/** Building the console, starting two nodes and a browser, on a machine that has much else to do. */
const startsWithinMs = 600_000;
/** Several times what a page may take to show one thing. */
const testWithinMs = 600_000;
const askAgainMs = 100;

/** A parent, its child, and a browser before them. */
export interface NetworkForBrowser extends AsyncDisposable {
  readonly parent: NodeForBrowser;
  readonly child: NodeForBrowser;
  readonly browser: Browser;
  /** A fresh page at a node, with a user signed in who is named after the role; it is closed when the test is over. */
  readonly signedIn: (
    node: NodeForBrowser,
    user?: "administrator" | "operator" | "reviewer" | "viewer",
  ) => Promise<{ readonly page: Page; readonly wrong: readonly string[] }>;
}

/**
 * Starts a network before the tests of a file and stops it behind them; `ofChild` are environment variables of the child,
 * and `prepare` makes of it what the tests find. What is answered gives the network while a test runs.
 */
export function networkOfTests(
  ofChild: Readonly<Record<string, string>> = {},
  prepare: (network: NetworkForBrowser) => Promise<void> = async () => undefined,
): () => NetworkForBrowser {
  vi.setConfig({ testTimeout: testWithinMs, hookTimeout: startsWithinMs });
  let network: NetworkForBrowser | undefined;
  beforeAll(async () => {
    network = await startNetwork(ofChild);
    await prepare(network);
  });
  afterAll(() => network?.[Symbol.asyncDispose]());
  return () => {
    if (!network) throw new Error("The network is there while a test runs.");
    return network;
  };
}

/** Writes the patients `p1` and `p2` at the parent, and waits until the child holds them. */
export async function shareTwoPatients({ parent, child }: NetworkForBrowser): Promise<void> {
  await parent.put(aPatient("p1", "Amina Otieno", { gender: "female", birthDate: "1984-03-21" }));
  await parent.put(aPatient("p2", "Joseph Mwangi", {}));
  while (((await child.admin("GET", "/records?q=otieno"))["items"] as readonly unknown[]).length === 0) {
    await child.admin("POST", "/pull", {}).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, askAgainMs));
  }
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

async function startNetwork(ofChild: Readonly<Record<string, string>>): Promise<NetworkForBrowser> {
  await using started = new AsyncDisposableStack();
  const [nodes] = await Promise.all([linkedNodes(ofChild), builtConsole()]);
  const { parent, child } = started.use(nodes);
  const browser = await openBrowser();
  started.defer(() => browser.close());
  const running = started.move();
  return {
    parent,
    child,
    browser,
    async signedIn(node, user = "administrator") {
      const opened = await openPage(browser);
      onTestFinished(() => opened.page.context().close());
      await signIn(opened.page, node.url, user, password);
      return opened;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
