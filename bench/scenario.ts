/** One figure of a scenario, beside the raw figure of the same run that it is to be judged by. */
export interface BenchRow {
  readonly measure: string;
  readonly value: number;
  readonly unit: string;
  /** The same work without the part that is measured, on the same machine a moment before or after. */
  readonly baseline?: number;
  /** `value / baseline`. */
  readonly ratio?: number;
  readonly note?: string;
}

export interface ScenarioOptions {
  /** A short run that shows whether the scenario works; its figures are not to be quoted. */
  readonly quick: boolean;
}

/** One question about speed, answered by running it. A file `*.bench.ts` beside this one exports its `scenarios`. */
export interface Scenario {
  /** What it is called on the command line. */
  readonly name: string;
  readonly question: string;
  run(report: (row: BenchRow) => void, options: ScenarioOptions): Promise<void>;
}
