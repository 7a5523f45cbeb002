/** The own units that failed, as rows of the list of failures: see `listedColumns`. Their numbers have 15 digits there. */
export const listedUnits = {
  sqlite: `
    select 'push:' || coalesce(first_counter, counter), '1 ' || printf('%015d', coalesce(first_counter, counter)),
      failure_class, attempts, first_refused_at, last_refused_at, next_attempt_at
    from push_units
    where parent = $1 and failure_class is not null and is_discarded = 0
      and ($2 is null or $2 = 'push') and ($3 is null or failure_class = $3)
      and ($4 is null or exists (
        select 1 from json_each(changes) as change
        where instr(lower((change.value ->> 'type') || '/' || (change.value ->> 'id')), $4) > 0))`,
  postgres: `
    select 'push:' || coalesce(first_counter, counter), '1 ' || lpad(coalesce(first_counter, counter)::text, 15, '0'),
      failure_class, attempts, first_refused_at, last_refused_at, next_attempt_at
    from push_units
    where parent = $1 and failure_class is not null and is_discarded = 0
      and ($2::text is null or $2 = 'push') and ($3::text is null or failure_class = $3)
      and ($4::text is null or exists (
        select 1 from json_array_elements(changes::json) as change
        where strpos(lower((change ->> 'type') || '/' || (change ->> 'id')), $4) > 0))`,
} as const;
