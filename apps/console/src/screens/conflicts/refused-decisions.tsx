import type { ConflictDetail } from "@tributary/admin-api";
import { PlaceLink } from "../../app/location.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords } from "../../words/words.tsx";

/** What was decided here and the parent did not take; each leads to where it is tried again. */
export function RefusedDecisions({ decisions }: { readonly decisions: ConflictDetail["refusedDecisions"] }) {
  const { say, sayIfKnown } = useWords();
  return decisions.map(({ failureId, by, at, reason }) => (
    <p key={failureId} className="resolution">
      <PlaceLink className="cds--link" to={`/failures/${encodeURIComponent(failureId)}`}>
        <StateTag tone="bad" text={say("conflicts.refused", { by, reason: sayIfKnown(`failure.reason.${reason}`) })} />
      </PlaceLink>{" "}
      <TimeAgo time={at} />
    </p>
  ));
}
