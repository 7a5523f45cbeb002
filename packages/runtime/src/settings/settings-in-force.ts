import type { Database } from "@tributary/database";
import type { PolicyRule, SynchronizerOptions } from "@tributary/sync";
import type { NodeConfig } from "../config/config-schema.ts";
import { linkControlOf } from "../node/link-control.ts";
import { mergePoliciesOf } from "../node/merge-policies.ts";
import { configWith } from "./config-with-settings.ts";
import type { NodeSettings } from "./node-settings.ts";
import { readSettings, readSettingsNumber } from "./settings-versions.ts";

/** What of a synchronizer is to be another: the types and their order that hold now, and the schedules that are others. */
type Steering = Required<Pick<SynchronizerOptions, "types" | "first">> &
  Pick<SynchronizerOptions, "schedules" | "verify">;

/** What one version comes to. */
interface InForce {
  readonly version: number;
  readonly config: NodeConfig;
  readonly policies: readonly PolicyRule[];
  readonly control: ReturnType<typeof linkControlOf>;
}

export interface SettingsInForceOptions {
  readonly database: Database;
  readonly config: NodeConfig;
  /** Merge rules that were handed in by code; asked last. */
  readonly policies?: readonly PolicyRule[] | undefined;
  /** Whether what is set is left out where it cannot be used; only for whoever is to mend it. */
  readonly withoutUnusable?: boolean | undefined;
}

/** What an open node goes by: its configuration, with what is set in the database over it. */
export class SettingsInForce {
  readonly #options: SettingsInForceOptions;
  readonly #listeners: ((steering: Steering) => void)[] = [];
  #now: InForce;

  private constructor(options: SettingsInForceOptions, now: InForce) {
    this.#options = options;
    this.#now = now;
  }

  /** Reads what is in force. Throws `CONFIG_INVALID` when what is set, or the configuration itself, cannot be used. */
  static async open(options: SettingsInForceOptions): Promise<SettingsInForce> {
    return new SettingsInForce(options, await readInForce(options));
  }

  /** The configuration as it is in force. */
  get config(): NodeConfig {
    return this.#now.config;
  }

  /** The site's merge rules; the same list until they change. */
  get policies(): readonly PolicyRule[] {
    return this.#now.policies;
  }

  /** When the node pushes and pulls, and which types. */
  get control(): ReturnType<typeof linkControlOf> {
    return this.#now.control;
  }

  /** Has a listener told what a synchronizer must be steered by, after each change that is taken up. */
  onChanged(listener: (steering: Steering) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Takes up what was set since it was last looked. What cannot be used is thrown, `CONFIG_INVALID`, and what was in force
   * goes on being so.
   */
  async look(): Promise<void> {
    if ((await readSettingsNumber(this.#options.database)) === this.#now.version) return;
    const next = await readInForce(this.#options);
    const before = this.#now;
    if (next.version <= before.version) return;
    this.#now = next;
    const { types, first, schedules, verify } = next.control;
    const steering = {
      types,
      first,
      ...(scheduleText(next.config) === scheduleText(before.config) ? {} : { schedules }),
      ...(JSON.stringify(next.config.verify) === JSON.stringify(before.config.verify) ? {} : { verify }),
    };
    for (const tell of this.#listeners) tell(steering);
  }
}

async function readInForce({
  database,
  config,
  policies,
  withoutUnusable = false,
}: SettingsInForceOptions): Promise<InForce> {
  const set = await readSettings(database);
  const inForce = set ? usable(config, set.settings, withoutUnusable) : config;
  return {
    version: set?.version ?? 0,
    config: inForce,
    policies: await mergePoliciesOf(inForce, policies),
    control: linkControlOf(inForce),
  };
}

function usable(config: NodeConfig, settings: NodeSettings, isLeftOut: boolean): NodeConfig {
  try {
    return configWith(config, settings);
  } catch (error) {
    if (isLeftOut) return config;
    throw error;
  }
}

function scheduleText({ push, pull }: NodeConfig): string {
  return JSON.stringify([push.cron ?? push.everySeconds ?? null, pull.cron ?? pull.everySeconds]);
}
