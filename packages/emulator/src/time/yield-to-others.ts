/** Waiting for what is ready to run, in real time and for no longer than that takes. */

// The runtime's own timer, taken before a test can replace it by one that stands still.
const realSetTimeout = setTimeout

/** Lets everything that is ready to run do so. */
export async function turnOfOthers(): Promise<void> {
  await new Promise<void>((resolve) => {
    realSetTimeout(resolve, 0)
  })
}
