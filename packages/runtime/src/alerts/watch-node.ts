import type { Database } from "@tributary/database";
import { type Clock, type Logger, type Random, WorkerLoop } from "@tributary/kernel";
import type { Exchange } from "@tributary/sync";
import type { NodeConfig } from "../config/config-schema.ts";
import type { TrafficCounter } from "../traffic/traffic-counter.ts";
import { findAlerts } from "./alert-rules.ts";
import { listUntoldAlerts, noteAlertTold, settleAlerts } from "./alerts.ts";
import { gatherSigns } from "./gather-signs.ts";
import type { Mailer } from "./mailer.ts";
import { tellByMail } from "./tell-mail.ts";
import { tellWebhook } from "./tell-webhook.ts";

/** How soon a trouble is an alert, and how much of the traffic a crash loses. */
const lookEveryMs = 60_000;
/** Failures grow when there are more than so long ago. */
const growsOverMs = 60 * 60_000;
/** Messages sent in one round. */
const toldAtOnce = 50;

export interface WatchOptions {
  readonly database: Database;
  readonly config: NodeConfig;
  readonly traffic: TrafficCounter;
  /** The line over which the webhook is told; opened when there is something to tell. */
  readonly exchange: () => Promise<Exchange>;
  /** The mail server, where there is one. */
  readonly mailer?: Mailer;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Looks after the node each minute: writes the traffic, opens and closes alerts, and tells the webhook and the mail server. */
export function watchNode(options: WatchOptions): WorkerLoop {
  const { database, config, traffic, clock, random, logger } = options;
  const failures = new FailureHistory();
  return new WorkerLoop({
    name: "watch",
    pollMs: lookEveryMs,
    backoff: { firstMs: 5_000, maximumMs: 10 * 60_000 },
    clock,
    random,
    logger,
    async round(signal) {
      await traffic.flush(database);
      const now = clock.now();
      const signs = await gatherSigns(database, config, { now, failuresBefore: failures.anHourBefore(now) });
      failures.note(now, signs.failures);
      const findings = findAlerts(signs, config.alerts);
      const { opened, closed } = await database.transaction((tx) => settleAlerts(tx, findings, now));
      if (opened + closed > 0) logger.warn({ opened, closed }, "Alerts have changed.");
      await tell(options, signal);
      if (options.mailer) await tellByMail({ ...options, mailer: options.mailer });
      return "idle";
    },
  });
}

/** How many failures there were, by the minute, for as long as a growth is looked at. */
class FailureHistory {
  #seen: { readonly at: number; readonly count: number }[] = [];

  note(at: number, count: number): void {
    this.#seen = [...this.#seen.filter((one) => one.at > at - growsOverMs && one.at < at), { at, count }];
  }

  /** The earliest count that is known of the hour before; `null` before there is one. */
  anHourBefore(now: number): number | null {
    return this.#seen.find((one) => one.at > now - growsOverMs)?.count ?? null;
  }
}

async function tell({ database, config, exchange, clock, logger }: WatchOptions, signal: AbortSignal): Promise<void> {
  const { webhookUrl: url, webhookSecret: secret } = config.alerts;
  if (url === undefined) return;
  for (const alert of await listUntoldAlerts(database, toldAtOnce)) {
    const around = { node: config.node.id, now: clock.now(), exchange: await exchange() };
    const isTaken = await tellWebhook(alert, { url, secret }, around, signal).catch(() => false);
    if (!isTaken) {
      // It is told in a later round, in order; a dead webhook must not keep the node from looking after itself.
      logger.warn({ alert: alert.alertId }, "The webhook did not take an alert.");
      return;
    }
    await noteAlertTold(database, alert);
  }
}
