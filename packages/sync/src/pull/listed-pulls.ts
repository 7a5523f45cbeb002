import { classOfPullReason } from "../failures/failure-class.ts";

const classOfReason = `case reason ${Object.entries(classOfPullReason)
  .map(([reason, ofClass]) => `when '${reason}' then '${ofClass}'`)
  .join(" ")} end`;

/** The records of the parent that wait, as rows of the list of failures: see `listedColumns`. */
export const listedPulls = {
  sqlite: `
    select 'pull:' || type || '/' || id, '0 pull:' || type || '/' || id, ${classOfReason}, attempts,
      first_failed_at, last_failed_at, next_attempt_at
    from failed_pulls
    where link = $1 and ($2 is null or $2 = 'pull') and ($3 is null or ${classOfReason} = $3)
      and ($4 is null or instr(lower(type || '/' || id), $4) > 0)`,
  postgres: `
    select 'pull:' || type || '/' || id, '0 pull:' || type || '/' || id, ${classOfReason}, attempts,
      first_failed_at, last_failed_at, next_attempt_at
    from failed_pulls
    where link = $1 and ($2::text is null or $2 = 'pull') and ($3::text is null or ${classOfReason} = $3)
      and ($4::text is null or strpos(lower(type || '/' || id), $4) > 0)`,
} as const;
