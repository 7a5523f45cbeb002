import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import type { MailServer } from "./confirm-by-mail.ts";

/** A mail server that delivers nothing: it keeps what it was given. */
export interface MailSink extends MailServer, AsyncDisposable {
  /** The subjects of all mails so far. */
  readonly subjects: readonly string[];
}

/** Starts a mail sink on a free port of this machine. `onMail` is told of each mail's subject. */
export async function startMailSink(onMail: (subject: string) => void = () => {}): Promise<MailSink> {
  const subjects: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onData(stream, _session, done) {
      let mail = "";
      stream.setEncoding("utf8").on("data", (text: string) => {
        mail += text;
      });
      stream.once("end", () => {
        const subject = /^Subject: (.*)$/m.exec(mail)?.[1]?.trim() ?? "";
        subjects.push(subject);
        onMail(subject);
        done();
      });
    },
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.server.address() as AddressInfo;
  return {
    host: "127.0.0.1",
    port,
    subjects,
    [Symbol.asyncDispose]: () => new Promise<void>((closed) => server.close(() => closed())),
  };
}
