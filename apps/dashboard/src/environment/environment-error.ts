/** Settings are missing or wrong. */
export class EnvironmentError extends Error {
  /** @param problems What to set, one line for each. */
  constructor(...problems: readonly string[]) {
    super(problems.join('\n'))
  }
}
