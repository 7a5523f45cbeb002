import { InlineNotification } from "@carbon/react";
import type { ReactNode } from "react";
import { useWords } from "../words/words.tsx";

/** A sentence that stands out on the page, told to those who hear it too; it stays until what it tells of is over. */
export function Notice({
  kind,
  title,
  subtitle,
  className,
  children,
}: {
  readonly kind: "error" | "warning" | "success" | "info";
  readonly title: string;
  readonly subtitle?: string;
  readonly className?: string;
  readonly children?: ReactNode;
}) {
  const { say } = useWords();
  return (
    <InlineNotification
      kind={kind}
      lowContrast
      hideCloseButton
      statusIconDescription={say(`icon.${kind}`)}
      title={title}
      {...(subtitle === undefined ? {} : { subtitle })}
      {...(className === undefined ? {} : { className })}
    >
      {children}
    </InlineNotification>
  );
}
