import { main } from "../src/main.ts";

/** What a command said, and how it ended. */
export interface RunHere {
  readonly code: number;
  readonly printed: string;
  readonly noted: string;
}

/** Runs one command line within this process, as the user `amina` unless `environment` says otherwise. */
export async function runHere(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<RunHere> {
  const printed: string[] = [];
  const noted: string[] = [];
  const code = await main(words, {
    environment: { USER: "amina", ...environment },
    isWatched: false,
    print: (text) => printed.push(text),
    stream: async (text) => {
      printed.push(text);
    },
    note: (text) => noted.push(text),
    redraw() {},
  });
  return { code, printed: printed.join("\n"), noted: noted.join("\n") };
}
