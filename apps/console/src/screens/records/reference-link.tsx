import { PlaceLink } from "../../app/location.tsx";
import { useRight } from "../../app/session.tsx";
import { recordPlace } from "./record-place.ts";

/** A record by its reference, with the way to it for those who may see records. */
export function ReferenceLink({ reference }: { readonly reference: string }) {
  const maySee = useRight("see-people");
  const [type = "", id = ""] = reference.split("/");
  if (!maySee) return <span className="mono">{reference}</span>;
  return (
    <PlaceLink className="cds--link mono" to={recordPlace({ type, id })}>
      {reference}
    </PlaceLink>
  );
}
