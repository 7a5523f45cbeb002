import { SkeletonText, TableCell, TableRow } from "@carbon/react";

/** Rows that stand for those that are still on their way, so that nothing jumps when they come. */
export function SkeletonRows({ columns, rows = 5 }: { readonly columns: number; readonly rows?: number }) {
  return Array.from({ length: rows }, (_, row) => `row-${row}`).map((row) => (
    <TableRow key={row}>
      {Array.from({ length: columns }, (_, column) => `${row}-${column}`).map((cell) => (
        <TableCell key={cell}>
          <SkeletonText />
        </TableCell>
      ))}
    </TableRow>
  ));
}
