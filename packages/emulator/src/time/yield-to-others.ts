/** Waits in real time until everything that is ready to run has run. */

// The runtime's own timer, captured before a test can replace it with one that stands still.
const realSetTimeout = setTimeout

/** Lets everything that is ready to run do so. */
export async function turnOfOthers(): Promise<void> {
  await new Promise<void>((resolve) => {
    realSetTimeout(resolve, 0)
  })
}
