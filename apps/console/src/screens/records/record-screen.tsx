import { Renew } from "@carbon/icons-react";
import { Button, Tab, TabList, TabPanel, TabPanels, Tabs } from "@carbon/react";
import type { RecordDetail, TimelineAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { keepDigits } from "../../api/digits.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { PlaceLink } from "../../app/location.tsx";
import type { ScreenProps } from "../../app/screen-props.ts";
import { useRight } from "../../app/session.tsx";
import { BackLink } from "../../parts/back-link.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { readableValue } from "../../parts/readable-value.ts";
import { StateTag } from "../../parts/state-tag.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords } from "../../words/words.tsx";
import { RecordContent } from "./record-content.tsx";
import { RecordTimeline } from "./record-timeline.tsx";
import { RecordWhereabouts } from "./record-whereabouts.tsx";
import { SyncRecordDialog } from "./sync-record-dialog.tsx";

/** One record: where it is in the network, what it says, and everything that happened to it. */
export function RecordScreen({ parameters }: ScreenProps) {
  const { say } = useWords();
  const { type = "", id = "" } = parameters;
  const path = `${encodeURIComponent(type)}/${encodeURIComponent(id)}`;
  const record = useAnswer<RecordDetail>(`/records/${path}`, { revive: keepDigits });
  const timeline = useAnswer<TimelineAnswer>(`/timeline/${path}`, { revive: keepDigits });
  if (record.error) return <ErrorNote error={record.error} />;
  if (!record.data || record.isPlaceholderData) return null;
  return (
    <>
      <BackLink to="/records">{say("record.back")}</BackLink>
      <RecordTitle record={record.data} />
      {timeline.data && <RecordWhereabouts record={record.data} timeline={timeline.data} />}
      <section className="section">
        <Tabs>
          <TabList aria-label={`${type}/${id}`}>
            <Tab>{say("record.content")}</Tab>
            <Tab>{say("record.timeline")}</Tab>
            <Tab>{say("record.json")}</Tab>
          </TabList>
          <TabPanels>
            <TabPanel>
              <RecordContent record={record.data} />
            </TabPanel>
            <TabPanel>
              <ErrorNote error={timeline.error} />
              {timeline.data && <RecordTimeline timeline={timeline.data} />}
            </TabPanel>
            <TabPanel>
              <pre className="mono record-json">{JSON.stringify(record.data.body, null, 2)}</pre>
            </TabPanel>
          </TabPanels>
        </Tabs>
      </section>
    </>
  );
}

function RecordTitle({ record }: { readonly record: RecordDetail }) {
  const { say } = useWords();
  const mayOperate = useRight("operate");
  const [isSyncing, setSyncing] = useState(false);
  const reference = `${record.type}/${record.id}`;
  return (
    <>
      <PageTitle
        title={titleOf(record)}
        lead={
          <span className="record-head">
            <span className="mono">{reference}</span>
            <span>{say("record.version", { version: record.version })}</span>
            <TimeAgo time={record.lastUpdated} />
            {record.isDeleted && <StateTag tone="warning" text={say("record.deleted")} />}
            {record.openConflicts > 0 && (
              <PlaceLink className="cds--link" to={`/conflicts?q=${encodeURIComponent(reference)}`}>
                <StateTag tone="bad" text={say("record.conflicts", { count: record.openConflicts })} />
              </PlaceLink>
            )}
          </span>
        }
      >
        {mayOperate && (
          <Button size="md" renderIcon={Renew} onClick={() => setSyncing(true)}>
            {say("record.sync")}
          </Button>
        )}
      </PageTitle>
      {isSyncing && <SyncRecordDialog reference={reference} close={() => setSyncing(false)} />}
    </>
  );
}

/** How a person calls a record: a patient by name, another one by its code, else by its reference. */
function titleOf({ type, id, body }: RecordDetail): string {
  const { name, code } = body ?? {};
  const first = Array.isArray(name) ? name[0] : (name ?? code);
  return first === undefined ? `${type}/${id}` : readableValue(first);
}
