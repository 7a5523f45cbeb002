import { DatabaseSync } from "node:sqlite";
import type { CatchmentRule } from "@tributary/sync";
import { fitsRule } from "../world/districts.ts";
import type { SimNode } from "../world/sim-node.ts";

const everything = "everything";

const assignment = "select catchment from child_catchments where node = ?";
const formerOnes = "select catchment from former_child_catchments where node = ?";
const rules = `
  select r.rule, r.version = c.version as isInForce,
    r.version = c.version - 1 and exists (
      select 1 from catchment_passes p where p.catchment = r.name and p.ended_at is null) as isBeingReplaced
  from catchment_rules r join catchments c on c.name = r.name where r.name = ? order by r.version desc`;
const bodies = `
  select v.body from resource r join resource_version v on v.resource_key = r.resource_key
  where r.type = 'Patient' and r.id = ? order by v.version desc`;
const everMoved = "select 1 from audit_entries where reference = ? and outcome in ('entered', 'left') limit 1";
const grant = "select 1 from guest_grants where node = ? and patient = ? and granted_until > ?";

/** Who belongs into which child's catchment, by the data of the parent's disk and the oracle's own reading of the rules. */
export class CatchmentTruth implements Disposable {
  readonly #database: DatabaseSync;
  readonly #parent: SimNode;
  readonly #child: SimNode;

  constructor(parent: SimNode, child: SimNode) {
    this.#parent = parent;
    this.#child = child;
    this.#database = new DatabaseSync(parent.file, { readOnly: true });
  }

  /** Whether the child has everything. */
  get isEverything(): boolean {
    return this.#assigned === everything;
  }

  /** Whether the child may be told of a patient now; of one who is deleted when it might have had the last living body. */
  mayHold(patient: string): boolean {
    const known = this.#bodiesOf(patient);
    const current = known.find((body) => body !== null);
    if (current === undefined || current === null) return false;
    const inForce = this.#rulesOf(this.#assigned).filter(
      (rule) => rule.isInForce || rule.isBeingReplaced || known[0] === null,
    );
    return inForce.some(({ rule }) => fitsRule(rule, patient, current)) || this.#isGuest(patient);
  }

  /** Whether the child is to have a patient now; of one who is deleted nobody can tell, since rules have changed since. */
  mustHold(patient: string): boolean {
    const [current] = this.#bodiesOf(patient);
    if (current === undefined || current === null) return false;
    return this.#rulesOf(this.#assigned).some(({ rule, isInForce }) => isInForce && fitsRule(rule, patient, current));
  }

  /** Whether the child ever had a reason to know that there is such a patient. */
  mayEverHaveHeld(patient: string): boolean {
    const names = [
      this.#assigned,
      ...this.#all<{ catchment: string }>(formerOnes, this.#child.name).map((one) => one.catchment),
    ];
    if (names.includes(everything)) return true;
    const known = this.#bodiesOf(patient).filter((body) => body !== null);
    const everInForce = names.flatMap((name) => this.#rulesOf(name));
    return (
      known.some((body) => everInForce.some(({ rule }) => fitsRule(rule, patient, body))) || this.#isGuest(patient)
    );
  }

  /** Whether the child may keep a patient's records: also of whoever was registered there and was never in its catchment. */
  mayKeep(patient: string): boolean {
    if (this.mayHold(patient)) return true;
    if (!patient.startsWith(`${this.#child.name}-p`)) return false;
    using database = new DatabaseSync(this.#child.file, { readOnly: true });
    return database.prepare(everMoved).get(`Patient/${patient}`) === undefined;
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  get #assigned(): string {
    return this.#all<{ catchment: string }>(assignment, this.#child.name)[0]?.catchment ?? "";
  }

  #bodiesOf(patient: string): (string | null)[] {
    return this.#all<{ body: string | null }>(bodies, patient).map(({ body }) => body);
  }

  #rulesOf(catchment: string) {
    return this.#all<{ rule: string; isInForce: number; isBeingReplaced: number }>(rules, catchment).map((row) => ({
      ...row,
      rule: JSON.parse(row.rule) as CatchmentRule,
    }));
  }

  #isGuest(patient: string): boolean {
    return this.#all(grant, this.#child.name, patient, this.#parent.clock.now()).length > 0;
  }

  #all<Row>(statement: string, ...parameters: (string | number)[]): Row[] {
    return this.#database.prepare(statement).all(...parameters) as Row[];
  }
}

/** The patient whose record it is; `undefined` for what belongs to none. */
export function patientOfRecord(record: string): string | undefined {
  const [type, id = ""] = record.split("/");
  if (type === "Patient") return id;
  return type === "Encounter" || type === "Observation" ? id.slice("o-".length) : undefined;
}
