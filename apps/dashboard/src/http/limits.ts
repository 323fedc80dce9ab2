/** How much is taken at once. */

/** The largest file: about 12,000 devices with their hashes. Larger ones are for the command `devicebatch upload`. */
export const maxFileBytes = 50_000_000
/** What else a form may have. */
export const maxFormBytes = 100_000
