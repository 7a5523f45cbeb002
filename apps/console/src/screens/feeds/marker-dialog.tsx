import { RadioButton, RadioButtonGroup, TextInput } from "@carbon/react";
import type { AdminAnswer, FeedConsumer } from "@tributary/admin-api";
import { useState } from "react";
import { useDeed } from "../../api/use-answer.ts";
import { ConfirmWithReason } from "../../parts/confirm-with-reason.tsx";
import { useWords } from "../../words/words.tsx";

type Target = "beginning" | "now" | "entry";
const targets: readonly Target[] = ["now", "entry", "beginning"];

/** Moves a consumer's marker, or resets it, with a reason; the node refuses an entry that is not on the feed. */
export function MarkerDialog({
  consumer: { consumer, feed, lastEntryId },
  close,
}: {
  readonly consumer: FeedConsumer;
  readonly close: (told?: string) => void;
}) {
  const { say } = useWords();
  const [target, choose] = useState<Target>("now");
  const [entry, name] = useState(lastEntryId ?? "");
  const deed = useDeed<AdminAnswer<"POST /feeds/consumers/marker">>(["/feeds", "/events", "/audit"]);
  const move = (reason: string) =>
    deed.mutate(
      {
        path: "/feeds/consumers/marker",
        body: { consumer, feed, to: target === "entry" ? { entry } : target, reason },
      },
      { onSuccess: ({ after }) => close(say("feeds.moveDone", { name: consumer || feed, entry: after ?? "–" })) },
    );
  return (
    <ConfirmWithReason
      title={say("feeds.moveTitle", { name: consumer || feed })}
      confirm={say("feeds.move")}
      danger={target !== "entry"}
      error={deed.error}
      busy={deed.isPending || (target === "entry" && entry === "")}
      onConfirm={move}
      onCancel={() => close()}
    >
      <div className="form-rows spaced">
        <RadioButtonGroup
          legendText={say("feeds.moveTo")}
          name="marker-target"
          orientation="vertical"
          valueSelected={target}
          onChange={(value) => choose(value as Target)}
        >
          {targets.map((one) => (
            <RadioButton key={one} id={`marker-${one}`} value={one} labelText={say(`feeds.moveTo.${one}`)} />
          ))}
        </RadioButtonGroup>
        <p className="quiet">{say(`feeds.moveHelp.${target}`)}</p>
        {target === "entry" && (
          <TextInput
            id="marker-entry"
            labelText={say("feeds.entryId")}
            value={entry}
            onChange={(event) => name(event.target.value.trim())}
          />
        )}
      </div>
    </ConfirmWithReason>
  );
}
