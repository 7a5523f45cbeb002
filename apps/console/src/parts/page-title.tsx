import type { ReactNode } from "react";

/** The head of a screen: what it is, a sentence about it, and what can be done. */
export function PageTitle({
  title,
  lead,
  children,
}: {
  readonly title: ReactNode;
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <header className="page-title">
      <div>
        <h1>{title}</h1>
        {lead && <p>{lead}</p>}
      </div>
      {children && <div className="page-title__actions">{children}</div>}
    </header>
  );
}
