/** How much is taken at once. Larger files are for the command `devicebatch upload`. */

/** The largest file: about 12,000 devices with their hashes. */
export const maxFileBytes = 50_000_000
/** The most rows of a file: reading them, and asking about them, takes seconds. */
export const maxFileRows = 20_000
/** What else a form may have. */
export const maxFormBytes = 100_000
