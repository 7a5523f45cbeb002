/** Writes milliseconds since 1970 as the historic columns keep a moment: `YYYY-MM-DD HH:MM:SS.mmm`, in UTC. */
export function writeMoment(moment: number): string {
  if (moment !== written.moment) {
    written = { moment, text: new Date(moment).toISOString().slice(0, -1).replace("T", " ") };
  }
  return written.text;
}

/** Many events are raised in one millisecond. */
let written = { moment: Number.NaN, text: "" };

/** Reads a historic column's moment, with or without a fraction, as milliseconds since 1970. */
export function readMoment(text: string): number {
  return Date.parse(`${text.replace(" ", "T")}Z`);
}
