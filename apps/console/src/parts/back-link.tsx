import { ArrowLeft } from "@carbon/icons-react";
import type { ReactNode } from "react";
import { PlaceLink } from "../app/location.tsx";

/** The way from one thing back to the list that it stands in. */
export function BackLink({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  return (
    <PlaceLink className="cds--link back" to={to}>
      <ArrowLeft /> {children}
    </PlaceLink>
  );
}
