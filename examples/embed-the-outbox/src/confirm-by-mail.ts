import type { EventBus, Subscription } from "@tributary/events";
import { createTransport } from "nodemailer";
import { appointmentBooked } from "./events.ts";

export interface MailServer {
  readonly host: string;
  readonly port: number;
}

/**
 * Sends the booking desk an e-mail for every appointment that has really been booked.
 *
 * It is told after the commit, so no mail goes out for a booking that was undone, and a mail server that is down undoes
 * no booking. A mail is lost when the process ends first; where that must not be, read the feed and send from there.
 */
export function confirmByMail(bus: EventBus, server: MailServer, onFailure: (error: unknown) => void): Subscription {
  const transport = createTransport({ host: server.host, port: server.port, secure: false, ignoreTLS: true });
  return bus.on(appointmentBooked, "after-commit", async ({ appointment, startsAt }) => {
    try {
      await transport.sendMail({
        from: "hospital@example.org",
        to: "booking-desk@example.org",
        subject: `Appointment ${appointment}`,
        text: `An appointment has been booked for ${startsAt}.`,
      });
    } catch (error) {
      onFailure(error);
    }
  });
}
