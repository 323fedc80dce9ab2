/** An environment variable is missing or wrong; the message says what to set. */
export class EnvironmentError extends Error {}
