import { PlaceLink } from "../app/location.tsx";
import { useRight } from "../app/session.tsx";

/** Records by name, each leading to its page for those who may see people. */
export function RecordLinks({ references }: { readonly references: readonly string[] }) {
  const maySee = useRight("see-people");
  return (
    <ul className="record-links">
      {references.map((reference) => (
        <li key={reference}>
          {maySee ? (
            <PlaceLink className="cds--link" to={`/records/${reference}`}>
              {reference}
            </PlaceLink>
          ) : (
            reference
          )}
        </li>
      ))}
    </ul>
  );
}
