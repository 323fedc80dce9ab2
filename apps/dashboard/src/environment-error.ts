/** Something in the environment is wrong; the message says what to set. */
export class EnvironmentError extends Error {}
