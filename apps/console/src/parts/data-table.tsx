import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp } from "@carbon/icons-react";
import {
  Button,
  Checkbox,
  Table,
  TableBody,
  TableCell,
  TableContainer,
  TableHead,
  TableHeader,
  TableRow,
} from "@carbon/react";
import type { ReactNode } from "react";
import type { RequestFailed } from "../api/request-failed.ts";
import { useWords } from "../words/words.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ErrorNote } from "./error-note.tsx";
import { SkeletonRows } from "./skeleton-rows.tsx";
import type { Sorting } from "./use-sorting.ts";

/** One column of a table. */
export interface Column<Item> {
  readonly key: string;
  readonly title: string;
  readonly cell: (item: Item) => ReactNode;
  /** Numbers stand at the end of their column. */
  readonly isNumber?: boolean;
  /** By what the node is asked to sort when the column's head is clicked; left out where it cannot be sorted. */
  readonly sort?: string;
}

/** Which rows are chosen, by their key. */
export interface Selection {
  readonly chosen: ReadonlySet<string>;
  readonly change: (chosen: ReadonlySet<string>) => void;
}

/** A list that comes from the node a page at a time, as `usePages` answers it. */
interface Pages<Item> {
  readonly items: readonly Item[];
  readonly pageNumber: number;
  readonly goOn: (() => void) | undefined;
  readonly goBack: (() => void) | undefined;
  readonly answer: {
    /** Its `total` is told when the node counted the list. */
    readonly data: object | undefined;
    readonly error: RequestFailed | null;
    readonly isPending: boolean;
    readonly isPlaceholderData: boolean;
  };
}

/** A table of one page of a list: it says when it is empty, when it waits and when it failed, and leads to the next page. */
export function DataTable<Item>({
  label,
  columns,
  pages,
  keyOf,
  nameOf = keyOf,
  selection,
  sorting,
  empty,
}: {
  readonly label: string;
  readonly columns: readonly Column<Item>[];
  readonly pages: Pages<Item>;
  readonly keyOf: (item: Item) => string;
  /** How a row is called for those who hear the page. */
  readonly nameOf?: (item: Item) => string;
  readonly selection?: Selection | undefined;
  readonly sorting?: Sorting | undefined;
  readonly empty: ReactNode;
}) {
  const { items, answer } = pages;
  if (answer.error && !answer.data) return <ErrorNote error={answer.error} />;
  if (!answer.isPending && items.length === 0) return <>{empty ?? <EmptyState title="–" />}</>;
  return (
    <>
      <TableContainer className={answer.isPlaceholderData ? "list list--waiting" : "list"}>
        <Table aria-label={label} size="md" aria-busy={answer.isPending || answer.isPlaceholderData}>
          <TableHead>
            <TableRow>
              {selection && <SelectAll keys={items.map(keyOf)} selection={selection} />}
              {columns.map((column) => (
                <ColumnHead key={column.key} column={column} sorting={sorting} />
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {answer.isPending && <SkeletonRows columns={columns.length + (selection ? 1 : 0)} />}
            {items.map((item) => (
              <TableRow key={keyOf(item)}>
                {selection && <SelectOne itemKey={keyOf(item)} name={nameOf(item)} selection={selection} />}
                {columns.map(({ key, cell, isNumber }) => (
                  <TableCell key={key} className={isNumber ? "number" : ""}>
                    {cell(item)}
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </TableContainer>
      <PageSteps {...pages} total={totalOf(answer.data)} />
    </>
  );
}

function ColumnHead<Item>({
  column: { title, isNumber, sort },
  sorting,
}: {
  readonly column: Column<Item>;
  readonly sorting: Sorting | undefined;
}) {
  const className = isNumber ? "number" : "";
  if (!sorting || sort === undefined) return <TableHeader className={className}>{title}</TableHeader>;
  const isSorted = sorting.by === sort;
  return (
    <TableHeader
      className={`sorts ${className}`}
      aria-sort={isSorted ? (sorting.order === "asc" ? "ascending" : "descending") : "none"}
    >
      <button type="button" className="sorts__button" onClick={() => sorting.sortBy(sort)}>
        {title}
        {isSorted && (sorting.order === "asc" ? <ArrowUp /> : <ArrowDown />)}
      </button>
    </TableHeader>
  );
}

function totalOf(answer: object | undefined): number | undefined {
  const total = answer && "total" in answer ? answer.total : undefined;
  return typeof total === "number" ? total : undefined;
}

function SelectAll({ keys, selection }: { readonly keys: readonly string[]; readonly selection: Selection }) {
  const { say } = useWords();
  const all = keys.length > 0 && keys.every((key) => selection.chosen.has(key));
  return (
    <TableHeader className="select">
      <Checkbox
        id="select-all"
        labelText={say("list.selectAll")}
        hideLabel
        checked={all}
        onChange={() => selection.change(new Set(all ? [] : keys))}
      />
    </TableHeader>
  );
}

function SelectOne({
  itemKey,
  name,
  selection,
}: {
  readonly itemKey: string;
  readonly name: string;
  readonly selection: Selection;
}) {
  const { say } = useWords();
  const { chosen, change } = selection;
  const toggled = () =>
    new Set(chosen.has(itemKey) ? [...chosen].filter((key) => key !== itemKey) : [...chosen, itemKey]);
  return (
    <TableCell className="select">
      <Checkbox
        id={`select-${itemKey}`}
        labelText={say("list.select", { name })}
        hideLabel
        checked={chosen.has(itemKey)}
        onChange={() => change(toggled())}
      />
    </TableCell>
  );
}

function PageSteps({
  pageNumber,
  goOn,
  goBack,
  total,
}: Pick<Pages<unknown>, "pageNumber" | "goOn" | "goBack"> & { readonly total: number | undefined }) {
  const { say } = useWords();
  if (!goOn && !goBack && total === undefined) return null;
  return (
    <nav className="page-steps" aria-label={say("list.page", { page: pageNumber })}>
      <span>{total === undefined ? "" : say("list.total", { count: total })}</span>
      {(goOn || goBack) && (
        <>
          <span aria-live="polite">{say("list.page", { page: pageNumber })}</span>
          <Button
            kind="ghost"
            size="sm"
            hasIconOnly
            renderIcon={ArrowLeft}
            iconDescription={say("list.back")}
            disabled={!goBack}
            onClick={goBack}
          />
          <Button
            kind="ghost"
            size="sm"
            hasIconOnly
            renderIcon={ArrowRight}
            iconDescription={say("list.next")}
            disabled={!goOn}
            onClick={goOn}
            tooltipAlignment="end"
          />
        </>
      )}
    </nav>
  );
}
