/** Where a command reads its surroundings and says what it did; tests hand in their own. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Results: what another program may read. */
  print(text: string): void;
  /** A part of a long result, as it stands; resolves when there is room for the next. */
  stream(text: string): Promise<void>;
  /** Everything else: progress, advice, errors. */
  note(text: string): void;
  /** Whether a person watches the notes, so that a line may be drawn again and again. */
  readonly isWatched: boolean;
  /** Replaces the last thing drawn; does nothing when nobody watches. */
  redraw(text: string): void;
}

/** The terminal, pipe or log that this process was started with. */
export function processTerminal(): Terminal {
  let drawnLines = 0;
  const clear = () => {
    if (drawnLines > 0) process.stderr.write(`\u001b[${drawnLines}A\r\u001b[J`);
    drawnLines = 0;
  };
  return {
    environment: process.env,
    isWatched: process.stderr.isTTY === true,
    print(text) {
      clear();
      process.stdout.write(`${text}\n`);
    },
    async stream(text) {
      if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once("drain", resolve));
    },
    note(text) {
      clear();
      process.stderr.write(`${text}\n`);
    },
    redraw(text) {
      if (!process.stderr.isTTY) return;
      clear();
      process.stderr.write(`${text}\n`);
      drawnLines = text.split("\n").length;
    },
  };
}
