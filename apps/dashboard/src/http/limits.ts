/** How much is accepted at once. Larger files are for the command `devicebatch upload`. */

/** The largest file: about 12,000 devices with their hashes. */
export const maxFileBytes = 50_000_000
/** The most rows of a file: reading and checking them takes seconds. */
export const maxFileRows = 20_000
/** The size of the rest of a form. */
export const maxFormBytes = 100_000
