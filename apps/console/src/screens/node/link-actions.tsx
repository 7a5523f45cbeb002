import { CloudDownload, CloudUpload, Pause, Play, TaskComplete } from "@carbon/icons-react";
import { Button } from "@carbon/react";
import type { NetworkParent } from "@tributary/admin-api";
import { useState } from "react";
import { useDeed } from "../../api/use-answer.ts";
import { useRight } from "../../app/session.tsx";
import { Busy } from "../../parts/busy.tsx";
import { ConfirmWithReason } from "../../parts/confirm-with-reason.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Notice } from "../../parts/notice.tsx";
import { useWords } from "../../words/words.tsx";
import { type RoundTold, tellRound } from "./tell-round.ts";

const outdated = ["/status", "/network", "/failures", "/conflicts", "/traffic"];

/** Push, pull, verify, pause and resume, for those who may; what came of it is said below the buttons. */
export function LinkActions({ pauses }: { readonly pauses: NetworkParent["pauses"] }) {
  const words = useWords();
  const { say } = words;
  const [isPausing, setPausing] = useState(false);
  const round = useDeed<RoundTold>(outdated);
  const pausing = useDeed(outdated);
  const isPaused = pauses.length > 0;
  if (!useRight("operate")) return null;
  const run = (path: string) => round.mutate({ path, body: {} });
  const pause = (reason: string) =>
    pausing.mutate({ path: "/pause", body: { reason } }, { onSuccess: () => setPausing(false) });
  return (
    <div className="link-actions">
      <Button
        size="md"
        kind="tertiary"
        renderIcon={CloudUpload}
        disabled={round.isPending}
        onClick={() => run("/push")}
      >
        {say("node.pushNow")}
      </Button>
      <Button
        size="md"
        kind="tertiary"
        renderIcon={CloudDownload}
        disabled={round.isPending}
        onClick={() => run("/pull")}
      >
        {say("node.pullNow")}
      </Button>
      <Button
        size="md"
        kind="tertiary"
        renderIcon={TaskComplete}
        disabled={round.isPending}
        onClick={() => run("/verify")}
      >
        {say("node.verifyNow")}
      </Button>
      {isPaused ? (
        <Button size="md" renderIcon={Play} onClick={() => pausing.mutate({ path: "/resume", body: {} })}>
          {say("node.resume")}
        </Button>
      ) : (
        <Button size="md" kind="secondary" renderIcon={Pause} onClick={() => setPausing(true)}>
          {say("node.pause")}
        </Button>
      )}
      <div className="link-actions__told" aria-live="polite">
        {round.isPending && <Busy text={say("common.loading")} />}
        <ErrorNote error={round.error} />
        {!isPausing && <ErrorNote error={pausing.error} />}
        {round.data && round.variables && (
          <Notice
            kind={round.data.outcome === "different" || round.data.error ? "warning" : "success"}
            title={tellRound(words, round.variables.path, round.data)}
          />
        )}
      </div>
      {isPausing && (
        <ConfirmWithReason
          title={say("node.pauseTitle")}
          confirm={say("node.pause")}
          error={pausing.error}
          busy={pausing.isPending}
          onConfirm={pause}
          onCancel={() => setPausing(false)}
        >
          <p className="spaced">{say("node.pauseLead")}</p>
        </ConfirmWithReason>
      )}
    </div>
  );
}
