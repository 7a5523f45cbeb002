import type { ReactNode } from "react";

/** Says that there is nothing here, and what that means. */
export function EmptyState({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty__title">{title}</p>
      {children && <div className="empty__more">{children}</div>}
    </div>
  );
}
