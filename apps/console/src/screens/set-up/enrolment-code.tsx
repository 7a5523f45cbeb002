import { CopyText } from "../../parts/copy-text.tsx";
import { useWords } from "../../words/words.tsx";
import { QrCode } from "./qr/qr-code.tsx";

/** A code as the node issues it, once. */
export interface IssuedCode {
  readonly node: string;
  readonly code: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** This node's address, as the child reaches it. */
  readonly url: string;
}

/** Characters of a code that are read together. */
const groupLength = 4;

/** A code, large enough to be read over a telephone, with the command that takes it, to copy or to photograph. */
export function EnrolmentCode({ issued: { node, code, expiresAt, url } }: { readonly issued: IssuedCode }) {
  const { say, time } = useWords();
  const command = `tributary enrol --parent ${url} --code ${code}`;
  return (
    <div className="code">
      <p>{say("children.codeMore", { node, time: time(expiresAt) })}</p>
      <div className="code__text">
        <output className="code__large">{grouped(code)}</output>
        <CopyText text={code} label={say("children.copyCode")} />
      </div>
      <h3>{say("children.command")}</h3>
      <div className="code__text">
        <code className="mono">{command}</code>
        <CopyText text={command} label={say("children.copyCommand")} />
      </div>
      <QrCode texts={[command, code]} label={say("children.qr")} />
    </div>
  );
}

/** `7K3M9QX2` as `7K3M 9QX2`; a code that is written in groups already stays as it is. */
function grouped(code: string): string {
  if (/[^0-9A-Z]/.test(code)) return code;
  return code.match(new RegExp(`.{1,${groupLength}}`, "g"))?.join(" ") ?? code;
}
