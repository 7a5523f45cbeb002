import { Button } from "@carbon/react";
import type { SessionAnswer } from "@tributary/admin-api";
import { type FormEvent, type ReactNode, useState } from "react";
import { ask } from "../api/ask.ts";
import { RequestFailed } from "../api/request-failed.ts";
import { Notice } from "../parts/notice.tsx";

/** What a form sends to come in, or the sentence that says why it cannot be sent yet. */
export type EntranceRequest = { readonly path: string; readonly body: unknown } | { readonly wrong: string };

/** The form of an entrance: it sends what was filled in, enters when that is good, and says what is wrong when it is not. */
export function EntranceForm({
  submit,
  requestOf,
  explain,
  enter,
  told,
  children,
}: {
  readonly submit: string;
  readonly requestOf: (form: FormData) => EntranceRequest;
  readonly explain: (error: RequestFailed) => string;
  readonly enter: (session: SessionAnswer) => void;
  /** What went wrong before the form was shown. */
  readonly told?: string | undefined;
  readonly children: ReactNode;
}) {
  const [failed, setFailed] = useState(told);
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const request = requestOf(new FormData(event.currentTarget));
    if ("wrong" in request) return setFailed(request.wrong);
    setBusy(true);
    try {
      enter(await ask<SessionAnswer>("POST", request.path, { body: request.body }));
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      setFailed(explain(error));
      setBusy(false);
    }
  };
  return (
    <form onSubmit={send} className="entrance__form">
      {failed && <Notice kind="error" title={failed} />}
      {children}
      <Button type="submit" disabled={busy}>
        {submit}
      </Button>
    </form>
  );
}
