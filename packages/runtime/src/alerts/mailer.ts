import { TributaryError } from "@tributary/kernel";
import type { Transporter } from "nodemailer";
import type { AlertMail } from "./alert-mail.ts";

/** A mail server that does not answer is tried again in the next round. */
const connectWithinMs = 10_000;
const answerWithinMs = 30_000;

export interface MailLine {
  /** `smtps://name:password@host:465`, or `smtp://` with encryption by STARTTLS. */
  readonly url: string;
  readonly from: string;
}

/**
 * Sends messages over a mail server. A name and a password go over an encrypted line only, unless the server stands on this
 * very machine.
 */
export class Mailer implements AsyncDisposable {
  readonly #line: MailLine;
  #transport: Promise<Transporter> | undefined;

  constructor(line: MailLine) {
    this.#line = line;
  }

  /** Sends one message at a time given; throws what the mail server says when it does not take it for every recipient. */
  async send(mail: AlertMail, to: readonly string[], now: number): Promise<void> {
    this.#transport ??= openTransport(this.#line.url);
    const transport = await this.#transport;
    const told = await transport.sendMail({
      ...mail,
      from: this.#line.from,
      to: [...to],
      date: new Date(now),
      // No out-of-office answers it.
      headers: { "auto-submitted": "auto-generated" },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const refused = told.rejected?.length ?? 0;
    if (refused === 0) return;
    throw new TributaryError("REMOTE_REFUSED", `The mail server does not take ${refused} of the recipients.`);
  }

  /** Whether the mail server answers and lets this node in; nothing is sent. */
  async isReady(): Promise<boolean> {
    this.#transport ??= openTransport(this.#line.url);
    return (await this.#transport).verify().then(
      () => true,
      () => false,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    (await this.#transport?.catch(() => undefined))?.close();
  }
}

async function openTransport(url: string): Promise<Transporter> {
  const { createTransport } = await import("nodemailer");
  const { hostname, username } = new URL(url);
  const isHere = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
  return createTransport({
    url,
    requireTLS: username !== "" && !isHere,
    connectionTimeout: connectWithinMs,
    greetingTimeout: connectWithinMs,
    socketTimeout: answerWithinMs,
  });
}
