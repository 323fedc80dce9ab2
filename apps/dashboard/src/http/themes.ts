/** The themes; `system` is that of the visitor's device. */
export const themes = ['system', 'light', 'dark'] as const

/** One of them. */
export type Theme = (typeof themes)[number]
