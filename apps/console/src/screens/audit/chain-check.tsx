import { Button } from "@carbon/react";
import type { AuditVerdict } from "@tributary/admin-api";
import { useDeed } from "../../api/use-answer.ts";
import { useRight } from "../../app/session.tsx";
import { Busy } from "../../parts/busy.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { useWords, type Words } from "../../words/words.tsx";

type ChainVerdict = AuditVerdict["own"];

/** Walks the chains when it is asked to, and says of each node whether something was altered or is missing. */
export function ChainCheck() {
  const words = useWords();
  const { say, time } = words;
  const mayOversee = useRight("oversee");
  const deed = useDeed<AuditVerdict>([]);
  if (!mayOversee) return null;
  const verdict = deed.data;
  return (
    <section className="panel" aria-label={say("audit.verify")}>
      <div className="panel__head">
        <p>{say("audit.verifyLead")}</p>
        {deed.isPending ? (
          <Busy className="panel__busy" text={say("audit.verifying")} />
        ) : (
          <Button kind="secondary" size="md" onClick={() => deed.mutate({ path: "/audit/verify" })}>
            {say("audit.verify")}
          </Button>
        )}
      </div>
      <ErrorNote error={deed.error} />
      <div aria-live="polite">
        {verdict && (
          <>
            <p className="panel__verdict">
              <StateTag
                tone={verdict.isSound ? "good" : "bad"}
                text={say(verdict.isSound ? "audit.sound" : "audit.unsound")}
              />
            </p>
            <ul className="holders">
              <li>
                <strong>{say("audit.here")}</strong>
                <Verdict verdict={verdict.own} words={words} />
              </li>
              {verdict.others.map(({ node, chain, verdict: one, broken }) => (
                <li key={`${node}-${chain}`}>
                  <strong>{node}</strong>
                  <Verdict verdict={one} words={words} />
                  {broken && (
                    <StateTag
                      tone="bad"
                      text={say("audit.broken", { position: broken.position, time: time(broken.at) })}
                    />
                  )}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </section>
  );
}

function Verdict({ verdict, words: { say } }: { readonly verdict: ChainVerdict; readonly words: Words }) {
  if (verdict.kind === "intact") return <StateTag tone="good" text={say("audit.intact", { count: verdict.entries })} />;
  return <StateTag tone="bad" text={say(`audit.${verdict.kind}`, { position: verdict.position })} />;
}
