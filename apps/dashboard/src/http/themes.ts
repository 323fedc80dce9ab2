/** The themes; `system` follows the visitor's device. */
export const themes = ['system', 'light', 'dark'] as const

/** One of them. */
export type Theme = (typeof themes)[number]
