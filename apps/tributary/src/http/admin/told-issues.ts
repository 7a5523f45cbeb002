import { refusalSentences } from "@tributary/admin-api";
import type { Issue } from "@tributary/fhir";
import type { ToldSentence } from "@tributary/kernel";

/** What a check says of a record as parts of a sentence, by the kind of each issue and the place that it is about. */
export function toldIssues(issues: readonly Issue[]): readonly ToldSentence[] {
  return issues.map(({ code, diagnostics, expression }) => {
    const key = `issue-${code}`;
    const values = { place: expression?.[0] ?? "", diagnostics };
    return { key: expression && key in refusalSentences ? key : "issue-other", values };
  });
}
