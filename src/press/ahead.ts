/** Issues that may be with a press while the next drafts are read. */
export const mostAhead = 8;
