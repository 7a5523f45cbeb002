import { readFileSync } from "node:fs";
import type { CatchmentAnswer } from "@tributary/admin-api";
import { TributaryError } from "@tributary/kernel";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { type ListOptions, listQueryOf, tellMore } from "./list-query.ts";
import { textTable } from "./text-table.ts";

/** The catchment of whoever has none of its own; it has no rule. */
const everything = "everything";
/** Patients named on a terminal; `--json` tells more. */
const patientsShownMax = 50;

export interface CatchmentOptions extends AdminOptions {
  readonly json?: boolean;
}

export interface ListCatchmentsOptions extends CatchmentOptions, ListOptions<"name" | "members"> {}

/** `tributary catchment list`: the catchments, how many patients each holds, and which children read it. */
export async function listAllCatchments(options: ListCatchmentsOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const page = await admin.ask("GET /catchments", { query: listQueryOf(options) });
  if (options.json) return terminal.print(losslessJson(page));
  const whole = [everything, "-", "all", "0", "-", page.everything.children.join(", ")];
  terminal.print(
    textTable(
      ["CATCHMENT", "RULE", "PATIENTS", "SUSPENDED", "DECIDED", "CHILDREN"],
      [
        ...(options.after === undefined && options.find === undefined ? [whole] : []),
        ...page.items.map(({ name, version, members, suspended, pass, children }) => [
          name,
          String(version),
          String(members),
          String(suspended),
          passText(pass),
          children.join(", "),
        ]),
      ],
    ),
  );
  tellMore(page, terminal);
}

/** `tributary catchment show`: one catchment's rule, and the rules that it had. */
export async function showCatchment(name: string, options: CatchmentOptions, terminal: Terminal): Promise<void> {
  if (name === everything) return terminal.print(`${name} has no rule: it holds every record.`);
  await using admin = await openAdmin(options, terminal);
  const catchment = await admin.ask("GET /catchments/:name", { path: { name } });
  if (options.json) return terminal.print(losslessJson(catchment));
  terminal.print(JSON.stringify(catchment.rule, null, 2));
  terminal.print(
    textTable(
      ["RULE", "SET AT", "BY", "REASON"],
      catchment.history.map(({ version, setAt, setBy, reason }) => [
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
}

/** `tributary catchment set`: puts a rule into force; the running node decides about every patient by it. */
export async function setCatchment(name: string, options: SetCatchmentOptions, terminal: Terminal): Promise<void> {
  const { reason } = options;
  const rule = readRuleText(options.rule);
  await using admin = await openAdmin(options, terminal);
  const body = { rule, ...(reason === undefined ? {} : { reason }) };
  const set = await admin.ask("PUT /catchments/:name", { path: { name }, body });
  if (options.json) return terminal.print(losslessJson(set));
  terminal.print(`Rule ${set.version} of ${name} is in force; the running node is deciding about every patient.`);
}

/** `tributary catchment preview`: whom a rule would let in and out, before it is put into force. */
export async function previewCatchment(name: string, options: RuleOptions, terminal: Terminal): Promise<void> {
  const rule = readRuleText(options.rule);
  await using admin = await openAdmin(options, terminal);
  const preview = await admin.ask("POST /catchments/preview", { body: { name, rule } });
  if (options.json) return terminal.print(losslessJson(preview));
  const { children, members, undecided, entering, leaving } = preview;
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

export interface MembersOptions extends CatchmentOptions, Omit<ListOptions<"patient" | "since">, "find"> {
  readonly state?: "member" | "suspended" | "left";
  /** What the patient's id begins with. */
  readonly begins?: string;
}

/** `tributary catchment members`: the patients of a catchment, by what rule and since when. */
export async function showMembers(name: string, options: MembersOptions, terminal: Terminal): Promise<void> {
  const { state, begins } = options;
  await using admin = await openAdmin(options, terminal);
  const filter = { ...(state === undefined ? {} : { state }), ...(begins === undefined ? {} : { q: begins }) };
  const query = { ...listQueryOf(options), ...filter };
  const page = await admin.ask("GET /catchments/:name/members", { path: { name }, query });
  if (options.json) return terminal.print(losslessJson(page));
  terminal.print(
    textTable(
      ["PATIENT", "STATE", "SINCE", "BY"],
      page.items.map((one) => [one.patient, one.state, new Date(one.since).toISOString(), one.reason]),
    ),
  );
  tellMore(page, terminal);
}

/** `tributary catchment assign`: gives a child a catchment; it takes effect with the child's next round. */
export async function assignToChild(
  child: string,
  catchment: string,
  options: CatchmentOptions,
  terminal: Terminal,
): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const assigned = await admin.ask("POST /children/:node/catchment", { path: { node: child }, body: { catchment } });
  if (options.json) return terminal.print(losslessJson(assigned));
  terminal.print(`${child} has the catchment ${catchment} from its next round on.`);
}

export interface TypesOptions extends CatchmentOptions {
  /** The types, joined by commas; empty for the usual ones. */
  readonly set?: string;
  readonly reason?: string;
}

/** `tributary catchment types`: the resource types that every child may have. */
export async function showTypes(options: TypesOptions, terminal: Terminal): Promise<void> {
  const { set, reason } = options;
  await using admin = await openAdmin(options, terminal);
  const types = set === "" ? null : set?.split(",");
  const told =
    types === undefined
      ? await admin.ask("GET /metadata-types")
      : await admin.ask("PUT /metadata-types", { body: { types, ...(reason === undefined ? {} : { reason }) } });
  terminal.print(options.json ? losslessJson(told) : told.types.join("\n"));
}

function readRuleText(given: string): Record<string, unknown> {
  try {
    const rule: unknown = JSON.parse(given.startsWith("@") ? readFileSync(given.slice(1), "utf8") : given);
    if (typeof rule === "object" && rule !== null && !Array.isArray(rule)) return { ...rule };
  } catch {
    // What is no JSON, or cannot be read, is refused like what is no rule.
  }
  throw new TributaryError(
    "CATCHMENT_REFUSED",
    'The rule is a JSON object, such as {"cohort":"Group/clinic-1"}, or @ and the name of a file with it.',
  );
}

function passText(pass: CatchmentAnswer["pass"]): string {
  if (!pass) return "-";
  return pass.endedAt === null ? `${pass.done} of ${pass.total}` : "all";
}
