import { type AdminEndpoint, AdminNonsense, AdminRefusal, endpointOf, roleMay, roles } from "@tributary/admin-api";
import { type ErrorCode, errorCatalogue, TributaryError } from "@tributary/kernel";
import { printable } from "../commands/text-table.ts";
import { version } from "../version.ts";
import type { AdminWay } from "./admin-way.ts";

/** Says in place of what was thrown what a command tells whoever typed it; it always throws. */
export type Explain = (thrown: unknown, asked: AdminEndpoint) => Promise<never>;

/** What the node of a folder refuses. */
export const explainLocal: Explain = async (thrown) => {
  if (!(thrown instanceof AdminRefusal)) throw thrown;
  throw new TributaryError(isKnown(thrown.code) ? thrown.code : codeOf(thrown), thrown.message, { cause: thrown });
};

/** What a proxy says in place of a node: RFC 9110 §15.6.3 to §15.6.5. */
const gaveUp: ReadonlySet<number> = new Set([502, 503, 504]);

/** What a running node refuses, and what comes from its address and is no answer of a node. */
export function explainRemote(address: string, way: AdminWay): Explain {
  return async (thrown, asked) => {
    if (thrown instanceof AdminNonsense && thrown.kind === "other-shape") throw await otherVersion(thrown);
    if (thrown instanceof AdminRefusal && thrown.code === "unknown" && gaveUp.has(thrown.status)) {
      const sentence = `${address} answered ${thrown.status}: a proxy on the way found no node there, or gave up waiting for it.`;
      throw new TributaryError("REMOTE_UNAVAILABLE", sentence, { cause: thrown, retryable: true });
    }
    if (thrown instanceof AdminNonsense || (thrown instanceof AdminRefusal && thrown.code === "unknown")) {
      const what = thrown instanceof AdminRefusal ? `${thrown.status} and no word of a node` : "no JSON";
      const why = "another program stands there, or a portal on the way answered in its place";
      throw new TributaryError("REMOTE_NONSENSE", `${address} answered ${what}: ${why}.`, { cause: thrown });
    }
    if (thrown instanceof AdminRefusal && isUnheardOf(thrown, asked)) throw await otherVersion(thrown);
    if (thrown instanceof AdminRefusal && thrown.status === 403 && thrown.code === "forbidden") {
      throw new TributaryError("ROLE_TOO_SMALL", `This token may not do that at ${address}: ${whoMay(asked)}.`);
    }
    if (!(thrown instanceof AdminRefusal)) throw thrown;
    return explainLocal(new AdminRefusal(thrown.status, thrown.code, printable(thrown.message)), asked);
  };

  async function otherVersion(cause: Error): Promise<TributaryError> {
    const told = await versionThere();
    const there = told === undefined ? "another version of the program" : `version ${printable(told)}`;
    const sentence = `At ${address} runs ${there}, with which this one, ${version}, cannot speak about that.`;
    return new TributaryError("REMOTE_NONSENSE", sentence, { cause });
  }

  async function versionThere(): Promise<string | undefined> {
    try {
      const request = { method: "GET", credentials: "same-origin", headers: {} } as const;
      const answer = await way.fetch(`${way.base}/network?limit=1`, request);
      const told = JSON.parse(await answer.text()) as { readonly version?: unknown };
      return typeof told.version === "string" ? told.version : undefined;
    } catch {
      return undefined;
    }
  }
}

function whoMay(asked: AdminEndpoint): string {
  const { right } = endpointOf(asked);
  const holders = roles.filter((role) => roleMay(role, right));
  return `it takes the right to ${right}, which goes with the role ${holders.join(" or ")}`;
}

/** Whether the node has no such endpoint at all; where one has names in its path, what they name may be missing. */
function isUnheardOf({ status, code }: AdminRefusal, asked: AdminEndpoint): boolean {
  return status === 405 || (status === 404 && code === "not-found" && !asked.includes(":"));
}

function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code);
}

/** What cannot be meant, or is not there, is for whoever typed the command to put right. */
function codeOf({ status, code }: AdminRefusal): ErrorCode {
  if (code === "not-found") return "NOT_THERE";
  return status < 500 && status !== 429 ? "CONFIG_INVALID" : "REMOTE_REFUSED";
}
