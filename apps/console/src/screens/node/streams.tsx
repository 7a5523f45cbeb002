import type { StatusAnswer } from "@tributary/admin-api";
import { StateTag } from "../../parts/state-tag.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords } from "../../words/words.tsx";

interface Stream {
  readonly name: string;
  readonly position: number;
  readonly head: number;
  readonly readAt: number | null;
}

/** Every stream of the parent that is read here: the marker, how long the stream was then, and whether that is all of it. */
export function Streams({ parent }: { readonly parent: NonNullable<StatusAnswer["parent"]> }) {
  const { say, sayIfKnown, number } = useWords();
  const { position, head, lastPullAt, sides } = parent;
  const streams: readonly Stream[] = [
    { name: "records", position, head, readAt: lastPullAt },
    ...sides.map(({ stream, movedAt, ...side }) => ({ name: stream, ...side, readAt: movedAt })),
  ];
  return (
    <table className="changes spaced-top" aria-label={say("node.streams")}>
      <thead>
        <tr>
          <th scope="col">{say("node.stream")}</th>
          <th scope="col" className="number">
            {say("node.marker")}
          </th>
          <th scope="col" className="number">
            {say("node.head")}
          </th>
          <th scope="col">{say("network.state")}</th>
          <th scope="col">{say("node.streamRead")}</th>
        </tr>
      </thead>
      <tbody>
        {streams.map((stream) => (
          <tr key={stream.name}>
            <th scope="row">{sayIfKnown(`node.stream.${stream.name}`)}</th>
            <td className="number">{number(stream.position)}</td>
            <td className="number">{number(stream.head)}</td>
            <td>
              {stream.position >= stream.head ? (
                <StateTag tone="good" text={say("node.streamWhole")} />
              ) : (
                <StateTag tone="warning" text={say("node.streamBehind", { count: stream.head - stream.position })} />
              )}
            </td>
            <td>
              <TimeAgo time={stream.readAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
