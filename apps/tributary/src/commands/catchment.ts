import { readFileSync } from "node:fs";
import type { Database } from "@tributary/database";
import { parseNodeId, systemClock, TributaryError } from "@tributary/kernel";
import {
  assignCatchment,
  countMembers,
  everythingCatchment,
  listAssignments,
  listCatchments,
  listChildNodes,
  listMembers,
  listPasses,
  listRuleVersions,
  previewRule,
  readCatchment,
  readCatchmentState,
  setCatchmentRule,
  setMetadataTypes,
} from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import { openDatabaseAt, openNodeAt } from "./node-at.ts";
import { operatorOf } from "./operator.ts";
import { textTable } from "./text-table.ts";

/** Rules of a catchment that are shown; the ones before stay in the database. */
const rulesShownMax = 20;
/** Patients named on a terminal; `--json` tells more. */
const patientsShownMax = 50;

export interface CatchmentOptions {
  readonly dir: string;
  readonly json?: boolean;
}

/** `tributary catchment list`: the catchments, how many patients each holds, and which children read it. */
export async function listAllCatchments({ dir, json }: CatchmentOptions, terminal: Terminal): Promise<void> {
  const { database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const counts = await countMembers(database);
  const passes = new Map((await listPasses(database)).map((pass) => [pass.catchment, pass]));
  const assignments = await listAssignments(database);
  const childrenOf = (name: string) =>
    assignments.filter(({ catchment }) => catchment === name).map(({ node }) => node);
  const told = [
    {
      name: everythingCatchment,
      version: null,
      members: null,
      suspended: 0,
      children: childrenOf(everythingCatchment),
    },
    ...(await listCatchments(database)).map(({ name, version, rule }) => {
      const { member = 0, suspended = 0 } = counts.get(name) ?? {};
      const pass = passes.get(name);
      return { name, version, rule, members: member, suspended, children: childrenOf(name), pass };
    }),
  ];
  if (json) return terminal.print(JSON.stringify(told));
  terminal.print(
    textTable(
      ["CATCHMENT", "RULE", "PATIENTS", "SUSPENDED", "DECIDED", "CHILDREN"],
      told.map((one) => [
        one.name,
        one.version === null ? "-" : String(one.version),
        one.members === null ? "all" : String(one.members),
        String(one.suspended),
        "pass" in one ? passText(one.pass) : "-",
        one.children.join(", "),
      ]),
    ),
  );
}

/** `tributary catchment show`: one catchment's rule, and the rules that it had. */
export async function showCatchment(name: string, { dir, json }: CatchmentOptions, terminal: Terminal): Promise<void> {
  const { database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  await requireCatchment(database, name);
  const rules = await listRuleVersions(database, name, rulesShownMax);
  if (json) return terminal.print(JSON.stringify(rules));
  const [present] = rules;
  if (!present) return terminal.print(`${name} has no rule: it holds every record.`);
  terminal.print(JSON.stringify(present.rule, null, 2));
  terminal.print(
    textTable(
      ["RULE", "SET AT", "BY", "REASON"],
      rules.map(({ version, setAt, setBy, reason }) => [
        String(version),
        new Date(setAt).toISOString(),
        setBy,
        reason ?? "",
      ]),
    ),
  );
}

export interface RuleOptions extends CatchmentOptions {
  /** JSON, or `@` and the name of a file. */
  readonly rule: string;
}

export interface SetCatchmentOptions extends RuleOptions {
  readonly reason?: string;
  readonly as?: string;
}

/** `tributary catchment set`: puts a rule into force; the running node decides about every patient by it. */
export async function setCatchment(name: string, options: SetCatchmentOptions, terminal: Terminal): Promise<void> {
  await using node = await openNodeAt(options.dir, terminal);
  const { database, memberships, id, clock } = node;
  const { author } = operatorOf(id, options.as, terminal);
  const rule = readRuleText(options.rule);
  const version = await database.transaction((tx) =>
    setCatchmentRule(tx, { name, rule, author, reason: options.reason ?? null }, { memberships, nodeId: id, clock }),
  );
  if (options.json) return terminal.print(JSON.stringify({ name, version }));
  terminal.print(`Rule ${version} of ${name} is in force; the running node is deciding about every patient.`);
}

/** `tributary catchment preview`: whom a rule would let in and out, before it is put into force. */
export async function previewCatchment(name: string, options: RuleOptions, terminal: Terminal): Promise<void> {
  await using node = await openNodeAt(options.dir, terminal);
  const rule = readRuleText(options.rule);
  const preview = await previewRule(node.database, node.memberships, { name, rule });
  const children = (await listAssignments(node.database))
    .filter(({ catchment }) => catchment === name)
    .map((one) => one.node);
  if (options.json) return terminal.print(JSON.stringify({ name, children, ...preview }));
  const { members, undecided, entering, leaving } = preview;
  terminal.print(
    textTable(
      ["CHILD", "PATIENTS", "ENTER", "LEAVE", "UNDECIDED"],
      (children.length > 0 ? children : ["(none yet)"]).map((child) => [
        child,
        String(members),
        String(entering),
        String(leaving),
        String(undecided),
      ]),
    ),
  );
  const named = (title: string, patients: readonly string[]) => {
    if (patients.length > 0) terminal.print(`${title}: ${patients.slice(0, patientsShownMax).join(", ")}`);
  };
  named("enter", preview.enteringPatients);
  named("leave", preview.leavingPatients);
}

/** `tributary catchment members`: the patients of a catchment, by what rule and since when. */
export async function showMembers(
  name: string,
  { dir, json, after = "", limit }: CatchmentOptions & { readonly after?: string; readonly limit: string },
  terminal: Terminal,
): Promise<void> {
  const { database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  await requireCatchment(database, name);
  const most = Math.min(Math.max(1, Number(limit) || patientsShownMax), 10_000);
  const members = await listMembers(database, name, after, most);
  if (json) return terminal.print(JSON.stringify(members));
  terminal.print(
    textTable(
      ["PATIENT", "STATE", "SINCE", "BY"],
      members.map(({ patient, state, since, reason }) => [patient, state, new Date(since).toISOString(), reason]),
    ),
  );
  if (members.length === most) terminal.note(`There may be more: --after ${members.at(-1)?.patient}`);
}

/** `tributary catchment assign`: gives a child a catchment; it takes effect with the child's next round. */
export async function assignToChild(
  child: string,
  catchment: string,
  { dir, json, as }: CatchmentOptions & { readonly as?: string },
  terminal: Terminal,
): Promise<void> {
  const { config, database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  await requireCatchment(database, catchment);
  if (!parseNodeId(child) || !(await listChildNodes(database)).some(({ node }) => node === child)) {
    throw new TributaryError("CATCHMENT_REFUSED", `No node ${child} has enrolled here.`);
  }
  const { author: by } = operatorOf(config.node.id, as, terminal);
  await database.transaction((tx) => assignCatchment(tx, { node: child, catchment, by, at: systemClock.now() }));
  if (json) return terminal.print(JSON.stringify({ node: child, catchment }));
  terminal.print(`${child} has the catchment ${catchment} from its next round on.`);
}

/** `tributary catchment types`: the resource types that every child may have. */
export async function showTypes(
  { dir, json, set }: CatchmentOptions & { readonly set?: string },
  terminal: Terminal,
): Promise<void> {
  const { database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  if (set !== undefined) {
    const types = set === "" ? undefined : set.split(",");
    await database.transaction((tx) => setMetadataTypes(tx, types));
  }
  const types = [...(await readCatchmentState(database)).metadataTypes];
  terminal.print(json ? JSON.stringify(types) : types.join("\n"));
}

/** Throws `CATCHMENT_REFUSED` unless there is such a catchment. */
export async function requireCatchment(database: Database, name: string): Promise<void> {
  if (name === everythingCatchment || (await readCatchment(database, name))) return;
  throw new TributaryError(
    "CATCHMENT_REFUSED",
    `There is no catchment ${name}; \`tributary catchment set\` makes one.`,
  );
}

function readRuleText(given: string): unknown {
  try {
    return JSON.parse(given.startsWith("@") ? readFileSync(given.slice(1), "utf8") : given);
  } catch {
    throw new TributaryError(
      "CATCHMENT_REFUSED",
      'The rule is JSON, such as {"cohort":"Group/clinic-1"}, or @ and the name of a file with it.',
    );
  }
}

function passText(
  pass: { readonly done: number; readonly total: number; readonly endedAt: number | null } | undefined,
) {
  if (!pass) return "-";
  return pass.endedAt === null ? `${pass.done} of ${pass.total}` : "all";
}
