/** A file that is not what test runs record, in one sentence: it is not the change that is at fault. */
export class RecordError extends Error {}
