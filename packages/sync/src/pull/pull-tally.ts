/** What a round of pulling came to, record by record. */
export interface PullTally {
  applied: number;
  unchanged: number;
  failed: number;
}
