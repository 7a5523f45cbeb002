import { connect } from "node:tls";
import type { Database } from "@tributary/database";
import { systemClock } from "@tributary/kernel";
import {
  configWith,
  freePercentOf,
  Mailer,
  type NodeConfig,
  readConfig,
  readNodeStatus,
  readSettings,
} from "@tributary/runtime";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";
import { counted } from "./counted.ts";
import { openDatabaseAt } from "./node-at.ts";
import { textTable } from "./text-table.ts";

/** What the doctor found about one thing. */
export interface Finding {
  readonly check: string;
  readonly state: "well" | "look" | "broken";
  readonly found: string;
  /** What to do; nothing when it is well. */
  readonly advice?: string;
}

type Status = Awaited<ReturnType<typeof readNodeStatus>>;

/** A parent that has not answered for so long is taken for away. */
const answerWithinMs = 10_000;
const dayMs = 24 * 60 * 60_000;
/** A certificate is to be renewed so long before its end. */
const renewBeforeDays = 21;
/** More events than this without a place mean that the sequencer does not keep up, or that the node does not run. */
const queuedWell = 1_000;

/** `tributary doctor`: looks at everything a node needs, and says what to do. Returns 1 when something is broken. */
export async function doctor(
  { dir, json }: { readonly dir: string; readonly json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const findings = await examine(dir, terminal);
  if (json) terminal.print(JSON.stringify({ version, findings }));
  else {
    terminal.print(
      textTable(
        ["CHECK", "STATE", "FOUND"],
        findings.map((one) => [one.check, one.state, one.found]),
      ),
    );
    for (const { check, state, advice } of findings)
      if (state !== "well" && advice) terminal.note(`${check}: ${advice}`);
  }
  return findings.some(({ state }) => state === "broken") ? exitCodes.failed : exitCodes.done;
}

/** Looks at everything; what cannot be looked at since something before it is broken is left out. */
export async function examine(dir: string, terminal: Terminal): Promise<Finding[]> {
  const findings: Finding[] = [versionOf()];
  let config: NodeConfig;
  try {
    config = await readConfig(dir, terminal.environment);
    findings.push(well("configuration", `${config.node.id}, a ${config.node.role}`));
  } catch (error) {
    return [...findings, broken("configuration", messageOf(error), "Correct what the message names.")];
  }
  try {
    const { database } = await openDatabaseAt(dir, terminal);
    await using _ = database;
    const status = await readNodeStatus(database, config);
    findings.push(well("database", `${status.database}, ${status.records} records`), sequencerOf(status));
    findings.push(...(await settingsOf(config, database)));
    findings.push(await diskOf(config));
    findings.push(...(await lineOf(config, status)), ...(await doorsOf(config)));
  } catch (error) {
    findings.push(broken("database", messageOf(error), "See that the file or the server is there and may be used."));
    findings.push(await diskOf(config));
  }
  return findings;
}

function versionOf(): Finding {
  return well("version", `tributary ${version}, Node.js ${process.versions.node}`);
}

function sequencerOf({ queued }: Status): Finding {
  if (queued === 0) return well("sequencer", "every change has its place");
  if (queued <= queuedWell) return well("sequencer", `${counted(queued, "change")} on the way to a place`);
  const advice = "Start the node with `tributary serve`; if it runs, look into its log for the worker sequencer.";
  return look("sequencer", `${queued} changes wait for their place`, advice);
}

/** What was set while the node ran is held against the configuration again; a node whose settings are not valid does not start. */
async function settingsOf(config: NodeConfig, database: Database): Promise<Finding[]> {
  const set = await readSettings(database);
  if (!set) return [];
  try {
    configWith(config, set.settings);
    return [well("settings", `version ${set.version}, before the configuration`)];
  } catch (error) {
    const advice = "Set what the message names anew, or to null: `tributary settings set KEY null --reason WHY`.";
    return [broken("settings", messageOf(error), advice)];
  }
}

async function diskOf(config: NodeConfig): Promise<Finding> {
  const free = await freePercentOf(config);
  if (free === null) return look("disk", "how much is free cannot be told", "Look at the database server's own disk.");
  const found = `${Math.round(free)} % free`;
  if (free >= config.alerts.diskFreePercent) return well("disk", found);
  return (free < 2 ? broken : look)("disk", found, "Make room: a full disk stops every write.");
}

async function lineOf(config: NodeConfig, { parent }: Status): Promise<Finding[]> {
  if (config.node.role === "parent") return [];
  if (!parent) {
    return [look("line", "this node has no parent yet", "Enrol it: `tributary enrol --parent URL --code CODE`.")];
  }
  const findings = [await answerOf(parent), clockOf(config, parent)];
  for (const pause of parent.pauses) {
    findings.push(look("pause", `${pause.direction} paused by ${pause.pausedBy}`, "`tributary resume` lets it go on."));
  }
  const url = new URL(parent.url);
  if (url.protocol === "https:") findings.push(await certificateOf(url));
  else findings.push(look("certificate", "the line is not encrypted", "Put the parent behind TLS, and enrol again."));
  return findings;
}

/** What others come in by, and what the node itself leans on, as far as the site has it. */
async function doorsOf({ http, openid, alerts }: NodeConfig): Promise<Finding[]> {
  const findings: Finding[] = [];
  const own = http.publicUrl === undefined ? undefined : new URL(http.publicUrl);
  if (own?.protocol === "https:")
    findings.push({ ...(await certificateOf(own, "this node")), check: "own certificate" });
  if (openid.issuer !== undefined) findings.push(await providerOf(openid.issuer));
  const { url, from } = alerts.mail;
  if (url !== undefined) findings.push(await mailOf({ url, from }));
  return findings;
}

async function providerOf(issuer: string): Promise<Finding> {
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(answerWithinMs) });
    const told = (await answer.json()) as { issuer?: unknown };
    if (told.issuer === issuer) return well("sign-in", `${issuer} answers`);
    return broken("sign-in", `${issuer} calls itself otherwise`, "Set openid.issuer to the very name that it tells.");
  } catch {
    return look("sign-in", `${issuer} does not answer`, "Users with passwords get in; see to the OpenID provider.");
  }
}

async function mailOf(line: { readonly url: string; readonly from: string }): Promise<Finding> {
  await using mailer = new Mailer(line);
  const { host } = new URL(line.url);
  if (await mailer.isReady()) return well("mail", `${host} takes messages`);
  return look("mail", `${host} does not take messages`, "Check alerts.mail.url: host, port, name and password.");
}

async function answerOf({ parent, url, lastError }: NonNullable<Status["parent"]>): Promise<Finding> {
  const begun = performance.now();
  try {
    const address = new URL("/health", url);
    const answer = await fetch(address, { signal: AbortSignal.timeout(answerWithinMs) });
    const took = `${Math.round(performance.now() - begun)} ms`;
    const told = (await answer.json().catch(() => ({}))) as { node?: unknown };
    if (told.node !== parent) {
      return broken(
        "line",
        `${address.origin} is not ${parent}`,
        "See what stands between: a portal, or another server.",
      );
    }
    if (!answer.ok) return look("line", `${parent} answered ${answer.status} in ${took}`, "See to the parent.");
    return lastError === null
      ? well("line", `${parent} answered in ${took}`)
      : look("line", lastError, "See the last error.");
  } catch {
    const origin = new URL(url).origin;
    return broken(
      "line",
      `${origin} does not answer`,
      "Check the line, the name server and the firewall, then the parent.",
    );
  }
}

function clockOf(config: NodeConfig, { clockOffsetMs }: NonNullable<Status["parent"]>): Finding {
  const seconds = Math.round(Math.abs(clockOffsetMs) / 1000);
  const found = `${seconds} seconds from the parent's`;
  if (seconds <= config.alerts.clockSeconds) return well("clock", found);
  return look("clock", found, "Set the clock that is wrong; nothing is lost meanwhile, since clocks decide nothing.");
}

/** How long the certificate of a server still holds. */
async function certificateOf({ hostname, port }: URL, whose = "the parent"): Promise<Finding> {
  const host = hostname.replace(/^\[|\]$/g, "");
  const ends = await new Promise<string | undefined>((resolve) => {
    const socket = connect({ host, port: Number(port || 443), servername: host, rejectUnauthorized: false });
    socket.setTimeout(answerWithinMs, () => socket.destroy());
    socket.once("secureConnect", () => {
      resolve(socket.getPeerCertificate().valid_to);
      socket.end();
    });
    socket.once("error", () => resolve(undefined));
    socket.once("close", () => resolve(undefined));
  });
  const days = ends === undefined ? Number.NaN : Math.floor((Date.parse(ends) - systemClock.now()) / dayMs);
  if (Number.isNaN(days)) return look("certificate", "it could not be read", "Check the line to it first.");
  if (days < 0) return broken("certificate", "it has ended", `Renew the certificate of ${whose} now.`);
  if (days < renewBeforeDays)
    return look("certificate", `it ends in ${days} days`, `Renew the certificate of ${whose}.`);
  return well("certificate", `it holds for ${days} days`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function well(check: string, found: string): Finding {
  return { check, state: "well", found };
}

function look(check: string, found: string, advice: string): Finding {
  return { check, state: "look", found, advice };
}

function broken(check: string, found: string, advice: string): Finding {
  return { check, state: "broken", found, advice };
}
