import type { Database } from "@tributary/database";
import type { Clock, Logger } from "@tributary/kernel";
import type { NodeConfig } from "../config/config-schema.ts";
import { alertMail } from "./alert-mail.ts";
import { type Alert, listUnmailedAlerts, noteAlertMailed } from "./alerts.ts";
import type { Mailer } from "./mailer.ts";

/** Alerts that one round's messages tell of. */
const toldAtOnce = 50;

export interface MailOptions {
  readonly database: Database;
  readonly config: Pick<NodeConfig, "node" | "alerts">;
  readonly mailer: Pick<Mailer, "send">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Sends a message to those who are to know of warnings, and one to those who are to know of what is critical, when alerts have
 * opened, become critical, or closed. What the mail server does not take is sent in a later round.
 */
export async function tellByMail({ database, config, mailer, clock, logger }: MailOptions): Promise<void> {
  const { warningsTo, criticalTo } = config.alerts.mail;
  const alerts = await listUnmailedAlerts(database, toldAtOnce);
  for (const [severity, some] of Map.groupBy(alerts, (alert) => alert.severity)) {
    const to = severity === "critical" && criticalTo.length > 0 ? criticalTo : warningsTo;
    if (to.length > 0 && !(await isSent(some, to))) continue;
    await database.transaction((tx) => noteAlertMailed(tx, some));
  }

  async function isSent(some: readonly Alert[], to: readonly string[]): Promise<boolean> {
    try {
      await mailer.send(alertMail(config.node.id, some), to, clock.now());
      return true;
    } catch (err) {
      // What a mail server says may name recipients; its code does not.
      const { code, responseCode } = err as { readonly code?: unknown; readonly responseCode?: unknown };
      logger.warn(
        { code: String(code ?? "unknown"), responseCode: Number(responseCode ?? 0) },
        "Alerts were not mailed.",
      );
      return false;
    }
  }
}
