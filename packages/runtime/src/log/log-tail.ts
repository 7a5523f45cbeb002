/** Lines that are kept: enough for the last minutes of a busy node, and some hundred kilobytes at the most. */
const linesMax = 500;
/** A longer line is cut; it is one error with a long stack. */
const lineLengthMax = 4_096;

/** Keeps the last lines of a node's log in memory, for those who are asked to help. */
export class LogTail {
  readonly #lines: string[] = [];

  /** Takes a line in; the oldest gives way. */
  write(line: string): void {
    this.#lines.push(line.slice(0, lineLengthMax));
    if (this.#lines.length > linesMax) this.#lines.shift();
  }

  /** The lines, the oldest first, as they were written. */
  get lines(): readonly string[] {
    return this.#lines;
  }
}
