/** The decisions that the parent refused, as rows of the list of failures: see `listedColumns`. */
export const listedRefusals = {
  sqlite: `
    select 'decision:' || decision_id, '2 decision:' || decision_id, 'forbidden', 1, refused_at, refused_at, null
    from conflict_decisions
    where parent = $1 and refused_reason is not null
      and ($2 is null or $2 = 'decision') and ($3 is null or $3 = 'forbidden')
      and ($4 is null or instr(lower(type || '/' || id), $4) > 0)`,
  postgres: `
    select 'decision:' || decision_id, '2 decision:' || decision_id, 'forbidden', 1, refused_at, refused_at, null::bigint
    from conflict_decisions
    where parent = $1 and refused_reason is not null
      and ($2::text is null or $2 = 'decision') and ($3::text is null or $3 = 'forbidden')
      and ($4::text is null or strpos(lower(type || '/' || id), $4) > 0)`,
} as const;
