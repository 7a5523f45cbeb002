import { qrMatrix } from "./qr-matrix.ts";

/** Light modules around a symbol, without which readers do not find it. */
const quietZone = 4;

/** The first of the texts that fits, as a QR code; dark on white in both appearances, as readers expect it. */
export function QrCode({ texts, label }: { readonly texts: readonly string[]; readonly label: string }) {
  const matrix = texts.map(qrMatrix).find((one) => one !== undefined);
  if (!matrix) return null;
  const size = matrix.length + 2 * quietZone;
  const path = matrix
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x + quietZone} ${y + quietZone}h1v1h-1z` : "")))
    .join("");
  return (
    <svg className="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}
