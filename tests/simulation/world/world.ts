import { mkdir, rm } from "node:fs/promises";
import { sealAuditEntries } from "@tributary/audit";
import { moveQueuedEvents } from "@tributary/events";
import { type Random, seededRandom } from "@tributary/kernel";
import { acceptInstance, enrolWithParent, issueEnrolmentCode, type PullReport, type PushReport } from "@tributary/sync";
import { endPasses } from "@tributary/sync/testing";
import { Deciders } from "../actors/deciders.ts";
import { Habits } from "../actors/habits.ts";
import { Operators } from "../actors/operators.ts";
import { Users } from "../actors/users.ts";
import { Coverage, type Happening } from "../coverage.ts";
import { checkCausality } from "../oracle/check-causality.ts";
import { readDisk } from "../oracle/disk.ts";
import { Ledger } from "../oracle/ledger.ts";
import { noteLosses } from "../oracle/note-losses.ts";
import { PrivacyTap } from "../oracle/privacy-tap.ts";
import type { Plan } from "../plan.ts";
import { Clones } from "./clones.ts";
import { noteVerdicts } from "./note-verdicts.ts";
import { Crash } from "./sim-disk.ts";
import { SimLine } from "./sim-line.ts";
import { SimNode, type SimSurroundings } from "./sim-node.ts";
import { SimTime } from "./sim-time.ts";

/** How deep actions may happen within the waiting of other actions. */
const nestingMax = 2;
/** Rounds after which a child has told all that it may. */
const roundsToBeHeard = 3;
/** Lines of the timeline that a failure prints at the most. */
const timelineMax = 4_000;

/** Where a simulated network is made. */
export interface WorldPlace {
  readonly folder: string;
  /** A database file with the schema; see `makeTemplate`. */
  readonly template: string;
}

/** A simulated network: real nodes over real SQL, with time, chance, lines and disks that the simulation owns. */
export class World implements AsyncDisposable {
  readonly plan: Plan;
  readonly ledger = new Ledger();
  readonly coverage = new Coverage();
  readonly timeline: string[] = [];
  readonly time = new SimTime();
  readonly nodes: readonly SimNode[];
  readonly lines = new Map<string, SimLine>();
  readonly random: Random;
  /** For what came later, so that the worlds of earlier seeds stay as they were but for that. */
  readonly #apart: Random;
  /** Nodes whose disk has been replaced by an older copy. */
  readonly restored = new Set<string>();
  readonly users: Users;
  readonly deciders: Deciders;
  readonly operators: Operators;
  readonly #habits: Habits;
  /** What is told of every round that ended, for the rules that hold at each report. */
  onReport: (node: SimNode, report: PullReport | PushReport) => Promise<void> = async () => {};
  readonly #clones = new Clones();
  readonly #tap = new PrivacyTap(this.ledger);
  #nesting = 0;
  #isHealed = false;
  readonly #place: WorldPlace;
  readonly #later: (() => Promise<void>)[] = [];
  readonly #busy = new Set<SimNode>();

  constructor(plan: Plan, place: WorldPlace) {
    this.plan = plan;
    this.#place = place;
    this.random = seededRandom(plan.seed);
    this.#apart = seededRandom(plan.seed ^ 0x1a1);
    const surroundings = {
      ledger: this.ledger,
      random: this.random,
      coverage: this.coverage,
      tell: this.tell,
      hasDistricts: plan.keepHours !== undefined,
    };
    this.users = new Users(surroundings);
    this.deciders = new Deciders(surroundings);
    this.operators = new Operators(surroundings);
    this.#habits = new Habits({ ...surroundings, random: seededRandom(plan.seed ^ 0xab1) }, plan.habits);
    this.nodes = plan.nodes.map((planned, number) => new SimNode(planned, number, this.#surroundingsOf()));
  }

  #surroundingsOf(): SimSurroundings {
    return {
      folder: this.#place.folder,
      time: this.time,
      seed: this.plan.seed,
      keepHours: this.plan.keepHours,
      lineOf: (node) => this.#clones.noting(node, this.#lineOf(node).exchange),
      onCrash: (node, moment) => {
        this.coverage.note(`fault.crash.${moment}`);
        this.tell(`${node.name} dies ${moment}`);
      },
    };
  }

  readonly tell = (what: string): void => {
    if (this.timeline.length < timelineMax) this.timeline.push(`${"  ".repeat(this.#nesting)}${what}`);
  };

  /** Makes all nodes and enrols each with the node above it, over lines that still are good. */
  async make(): Promise<void> {
    await mkdir(this.#place.folder, { recursive: true });
    for (const node of this.nodes) {
      await node.make(this.#place.template);
      await node.start();
      if (this.#hasCatchments && node.role !== "child") await this.operators.begin(node);
      await this.#announce(node);
    }
    for (const child of this.children) {
      const parent = this.above(child);
      const { catchment } = this.plan.nodes.find(({ name }) => name === child.name)!;
      const { code } = await issueEnrolmentCode(parent.node.database, {
        node: child.node.id,
        ...(catchment === undefined ? {} : { catchment }),
        clock: parent.clock,
        random: this.random,
      });
      await enrolWithParent({
        database: child.node.database,
        parentUrl: `http://${parent.name}.test`,
        code,
        nodeId: child.node.id,
        exchange: parent.answer,
        clock: child.clock,
      });
    }
    if (this.plan.crowd > 0) await this.users.registerCrowd(this.root, this.plan.crowd);
    await this.#announce(this.root);
  }

  get children(): readonly SimNode[] {
    return this.nodes.filter(({ parent }) => parent !== undefined);
  }

  get root(): SimNode {
    return this.nodes[0]!;
  }

  above(child: SimNode): SimNode {
    return this.nodes.find(({ name }) => name === child.parent)!;
  }

  /** One thing happens somewhere. */
  async step(): Promise<void> {
    this.time.pass(Math.floor(this.random.next() * 5_000));
    const late = this.#later.length > 0 && this.random.next() < 0.3 ? this.#later.shift() : undefined;
    if (late) {
      await late().catch(ignoreWorld);
      return;
    }
    if (await this.#mishap()) return;
    if (await this.#actByHabit()) return;
    const clone = this.#clones.all[0];
    if (clone && this.random.next() < 0.2) return this.#letCloneAct(clone);
    const node = this.#pick(this.nodes);
    if (!node.isUp) return this.#restart(node);
    if (this.random.next() < 0.5) {
      await this.#letSomebodyAct(node).catch(ignoreCrash);
      await this.#announce(node);
      return;
    }
    const child = this.#pick(this.children);
    if (!child.isUp) return this.#restart(child);
    const roll = this.random.next();
    await (roll < 0.45 ? this.push(child) : roll < 0.9 ? this.pull(child) : this.#shareAudit(child));
  }

  async #actByHabit(): Promise<boolean> {
    let node: SimNode | undefined;
    try {
      node = await this.#habits.act(this.nodes);
    } catch (error) {
      ignoreCrash(error);
      return true;
    }
    if (node) await this.#announce(node);
    return node !== undefined;
  }

  async #letSomebodyAct(node: SimNode): Promise<void> {
    const roll = this.random.next();
    if (roll < 0.1) return this.deciders.act(node);
    if (roll >= 0.2 || !this.#hasCatchments) return this.users.act(node);
    const child = this.#pick(this.children.filter(({ mayPurge }) => mayPurge));
    if (roll < 0.15 && node.role !== "child") return this.operators.changeRule(node).catch(ignoreFull);
    if (roll < 0.17 && child && this.above(child).isUp) {
      return this.operators.reassign(this.above(child), child).catch(ignoreFull);
    }
    if (roll < 0.19 && (node.role === "parent" || node.mayPurge)) return this.operators.writeMetadata(node);
    if (child?.isUp) await this.#askForGuest(child);
  }

  get #hasCatchments(): boolean {
    return this.plan.keepHours !== undefined;
  }

  /** A patient of elsewhere shows up at a child. */
  async #askForGuest(child: SimNode): Promise<void> {
    const patients = this.ledger.records.filter((record) => record.startsWith("Patient/"));
    if (patients.length === 0 || this.#busy.has(child)) return;
    const patient = this.#pick(patients).slice("Patient/".length);
    this.#busy.add(child);
    try {
      const request = { patient, purpose: "referral", days: 1 };
      const synchronizer = await child.synchronizer();
      await synchronizer.fetchGuestOnce(request, `nurse@${child.name}`, new AbortController().signal);
      this.tell(`${child.name}: takes ${patient} in as a guest`);
      this.coverage.note("op.guest");
    } catch (error) {
      this.tell(`${child.name}: does not get ${patient} as a guest: ${(error as { code?: string }).code}`);
      ignoreLine(error);
    } finally {
      this.#busy.delete(child);
    }
  }

  /** Lets a child push once; what its process dies of is the world's doing. */
  push(child: SimNode): Promise<PushReport | undefined> {
    return this.#round(child, "push");
  }

  pull(child: SimNode): Promise<PullReport | undefined> {
    return this.#round(child, "pull");
  }

  /** Lets every child tell its whole trail, the lowest first, so that the root hears of everything. */
  async shareAllTrails(): Promise<void> {
    for (const _ of this.nodes) for (const child of this.children) await this.#shareAudit(child);
  }

  /** Lets users correct what was refused, where a node says that it was. */
  async mend(): Promise<void> {
    if (this.plan.habits["lax-door"] === undefined) return;
    for (const child of this.children.filter(({ role }) => role === "child")) {
      // Whoever was copied or restored takes a round to be known again.
      for (let round = 1; round <= roundsToBeHeard; round++) {
        await this.push(child);
        await this.pull(child);
      }
      await this.#habits.mend(child);
      await this.#announce(child);
    }
  }

  /** Ends all trouble: every node runs, every line is good. */
  async heal(): Promise<void> {
    this.tell("-- the world is healed");
    this.#isHealed = true;
    for (const line of this.lines.values()) {
      line.isDown = false;
      line.isOfAnotherAge = false;
      line.isHealed = true;
    }
    for (const late of this.#later.splice(0)) await late().catch(ignoreWorld);
    for (const node of this.nodes) {
      await this.#start(node);
      await this.#announce(node);
    }
    await this.#endClones();
    // Whatever waits for another attempt is due.
    this.time.pass(24 * 60 * 60 * 1000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of [...this.nodes, ...this.#clones.all]) await node.kill();
    await rm(this.#place.folder, { recursive: true, force: true });
  }

  /** Lets a child tell its parent the audit trail, as its loop does after each push. */
  async #shareAudit(child: SimNode): Promise<void> {
    if (this.#busy.has(child)) return;
    this.#busy.add(child);
    try {
      while ((await sealAuditEntries(child.node.database)) > 0);
      const report = await (await child.synchronizer()).shareAuditOnce(new AbortController().signal);
      this.coverage.note("round.audit");
      this.tell(`${child.name}: tells its trail ${report.status}`);
    } catch (error) {
      ignoreWorld(error);
    } finally {
      this.#busy.delete(child);
    }
  }

  async #round<Which extends "push" | "pull">(child: SimNode, which: Which) {
    type Report = Which extends "push" ? PushReport : PullReport;
    // A node's own rounds wait for each other; within one of them a second would wait for ever.
    if (this.#busy.has(child)) return undefined;
    this.#busy.add(child);
    try {
      const synchronizer = await child.synchronizer();
      const signal = new AbortController().signal;
      this.tell(`${child.name}: ${which} …`);
      const report = which === "push" ? await synchronizer.pushOnce(signal) : await synchronizer.pullOnce(signal);
      this.coverage.note(`round.${which}`);
      this.#noteReport(report);
      this.tell(`${child.name}: ${which} ${report.status} ${report.error?.code ?? ""}`);
      await this.#announce(child);
      await this.onReport(child, report);
      return report as Report;
    } catch (error) {
      ignoreWorld(error);
      this.tell(`${child.name}: ${which} died`);
      return undefined;
    } finally {
      this.#busy.delete(child);
    }
  }

  #noteReport(report: PushReport | PullReport): void {
    this.coverage.note(`outcome.${report.status}` as Happening);
    if ("merged" in report && report.merged > 0) this.coverage.note("record.merged", report.merged);
    if ("conflicts" in report && report.conflicts > 0) this.coverage.note("record.conflict", report.conflicts);
  }

  /** Gives committed events their positions, which a running node does by itself; on SQLite they have them already. */
  async #announce(node: SimNode): Promise<void> {
    try {
      if (node.isUp) await moveQueuedEvents(node.node.database);
      if (node.isUp && this.#hasCatchments && node.role !== "child") await endPasses(node.node);
    } catch (error) {
      ignoreWorld(error);
    }
  }

  /** Now and then something goes wrong with a node or a line. */
  async #mishap(): Promise<boolean> {
    const node = this.#pick(this.nodes);
    if (this.#happens("kill") && node.isUp) {
      this.coverage.note("fault.kill");
      this.tell(`${node.name} is killed`);
      await node.kill();
      return true;
    }
    if (this.#happens("restore") && node.isUp && !this.#busy.has(node)) {
      await this.#backUpOrRestore(node);
      return true;
    }
    if (this.#happens("crash") && node.isUp) {
      const moment = this.random.next() < 0.5 ? "before-commit" : "after-commit";
      node.disk.crashAfter(1 + Math.floor(this.random.next() * 6), moment);
    }
    if (node.isUp) {
      if (node.disk.isFull) node.disk.isFull = this.random.next() < 0.7;
      else if (this.#happens("disk-full")) {
        this.coverage.note("fault.disk-full");
        node.disk.isFull = true;
      }
    }
    if (this.#happens("clock-jump")) {
      this.coverage.note("fault.clock-jump");
      node.clock.offsetMs = Math.round((this.random.next() - 0.5) * 20 * 365 * 24 * 60 * 60 * 1000);
    }
    if (this.#happens("clone") && node.role === "child" && node.isUp && !this.#busy.has(node)) await this.#clone(node);
    const line = this.lines.get(node.name);
    if (line?.isOfAnotherAge) line.isOfAnotherAge = this.random.next() < 0.9;
    else if (line && this.#happens("old-version")) {
      this.coverage.note("fault.old-version");
      this.tell(`${node.name} runs a program of another age`);
      line.isOfAnotherAge = true;
    }
    if (line?.isDown) line.isDown = this.random.next() < 0.8;
    else if (line && this.#happens("partition")) {
      line.isOneWay = this.#apart.next() < 0.5;
      this.coverage.note(line.isOneWay ? "fault.one-way-partition" : "fault.partition");
      line.isDown = true;
    }
    return false;
  }

  /** Somebody copies a child's machine, and starts the copy too. */
  async #clone(node: SimNode): Promise<void> {
    const number = this.nodes.indexOf(node);
    if (this.#clones.all.length > 0) return;
    this.coverage.note("fault.clone");
    this.tell(`${node.name} is copied, and the copy started`);
    await node.kill();
    const clone = new SimNode(this.plan.nodes[number]!, number + this.nodes.length, {
      ...this.#surroundingsOf(),
      copyAs: `${node.name}-copy`,
    });
    await clone.copyFrom(node);
    await this.#start(node);
    await clone.start();
    this.#clones.all.push(clone);
  }

  async #letCloneAct(clone: SimNode): Promise<void> {
    if (!clone.isUp) return;
    const roll = this.random.next();
    if (roll < 0.4) await this.users.act(clone).catch(ignoreCrash);
    else await (roll < 0.7 ? this.push(clone) : this.pull(clone));
  }

  /** Somebody notices, ends the copy, and says at the parent which installation is the one. */
  async #endClones(): Promise<void> {
    for (const clone of this.#clones.all.splice(0)) {
      const node = this.nodes.find(({ name }) => name === clone.name)!;
      await clone.kill();
      noteLosses(this.ledger, [...this.nodes, clone].map(readDisk), this.nodes.map(readDisk));
      this.restored.add(node.name);
      await this.pull(node);
      const { database } = this.above(node).node;
      const installation = this.#clones.installationOf(node);
      const accepted =
        installation === undefined
          ? undefined
          : await database.transaction((tx) => acceptInstance(tx, node.name, installation));
      if (accepted) this.coverage.note("clone.told");
      this.tell(`${node.name}'s copy is ended${accepted ? ", after both were refused" : ""}`);
    }
  }

  /** A node's disk is copied, or breaks and is replaced by the copy: what was written there alone since is gone with it. */
  async #backUpOrRestore(node: SimNode): Promise<void> {
    await node.kill();
    if (!node.hasBackup || this.random.next() < 0.4) {
      this.coverage.note("fault.backup");
      this.tell(`${node.name} is backed up`);
      await node.backUp();
    } else {
      this.coverage.note("fault.restore");
      this.tell(`${node.name} is restored from its backup`);
      const before = this.nodes.map(readDisk);
      await node.restore();
      this.restored.add(node.name);
      noteLosses(this.ledger, before, this.nodes.map(readDisk));
    }
    await node.start();
  }

  #happens(fault: keyof Plan["rates"]): boolean {
    const rate = this.#isHealed ? 0 : (this.plan.rates[fault] ?? 0);
    return rate > 0 && this.random.next() < rate;
  }

  async #restart(node: SimNode): Promise<void> {
    await this.#start(node);
    this.tell(`${node.name} starts again`);
  }

  async #start(node: SimNode): Promise<void> {
    await node.kill();
    checkCausality(this, node);
    this.ledger.settle(node.name, () => readDisk(node).versions);
    await node.start();
  }

  #lineOf(node: SimNode): SimLine {
    let line = this.lines.get(node.name);
    if (!line) {
      line = new SimLine({
        plan: this.plan,
        random: this.random,
        coverage: this.coverage,
        above: () => this.above(node),
        meanwhile: () => this.#meanwhile(),
        later: (what) => void this.#later.push(what),
        tap: (request, answer) => {
          this.#tap.check(this.above(node), node, request, answer);
          noteVerdicts(this.coverage, request, answer);
          // What is durable while an answer is on its way is what a death would leave now.
          if (request.url.pathname.endsWith("/read")) checkCausality(this, node);
        },
        tell: (what) => this.tell(`${node.name}: ${what}`),
      });
      this.lines.set(node.name, line);
    }
    return line;
  }

  async #meanwhile(): Promise<void> {
    if (this.#nesting >= nestingMax) return;
    this.#nesting += 1;
    try {
      await this.step();
    } finally {
      this.#nesting -= 1;
    }
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.random.next() * items.length)]!;
  }
}

const brokenOff =
  /^(?:REMOTE_|EPOCH_CHANGED$|CHILD_RESTORED$|CHILD_CLONED$|PAYLOAD_TOO_LARGE$|UNAUTHORIZED$|UPGRADE_NEEDED$)/;

/** Lets a line break off what was asked; anything else is a defect. */
function ignoreLine(error: unknown): void {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === "string" && brokenOff.test(code)) return;
  ignoreWorld(error);
}

function ignoreFull(error: unknown): void {
  if ((error as { code?: unknown } | null)?.code !== "DATABASE_FULL") throw error;
}

function ignoreCrash(error: unknown): void {
  if (!(error instanceof Crash)) throw error;
}

/** Lets pass what the world does to a process; anything else is a defect. */
function ignoreWorld(error: unknown): void {
  const code = (error as { code?: unknown } | null)?.code;
  if (error instanceof Crash || code === "REMOTE_UNAVAILABLE" || code === "DATABASE_FULL") return;
  throw error;
}
