import type { RequestFailed } from "../api/request-failed.ts";
import { ErrorNote } from "./error-note.tsx";
import { Notice } from "./notice.tsx";

/** What came of the last deed, told to those who hear the page too. */
export function DeedNotice({
  told,
  error,
}: {
  readonly told: string | undefined;
  readonly error: RequestFailed | null;
}) {
  return (
    <div aria-live="polite">
      <ErrorNote error={error} />
      {told && <Notice kind="success" title={told} />}
    </div>
  );
}
