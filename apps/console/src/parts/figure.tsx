import type { ReactNode } from "react";

/** One number with its name, and a word about it below. */
export function Figure({
  name,
  value,
  note,
}: {
  readonly name: string;
  readonly value: ReactNode;
  readonly note?: ReactNode;
}) {
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd>
        <span className="figure__value">{value}</span>
        {note && <span className="figure__note">{note}</span>}
      </dd>
    </div>
  );
}

/** Numbers side by side. */
export function Figures({ children }: { readonly children: ReactNode }) {
  return <dl className="figures">{children}</dl>;
}
