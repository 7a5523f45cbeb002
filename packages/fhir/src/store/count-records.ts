import { type Reader, sql } from "@tributary/database";

const countLiving = sql("select count(*) as n from resource where is_deleted = 0");

/** How many records exist now, deleted ones left out. It reads the whole index of records: for people, not for loops. */
export async function countRecords(reader: Reader): Promise<number> {
  return (await reader.first<{ n: number }>(countLiving))?.n ?? 0;
}
