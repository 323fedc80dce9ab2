/** Which submissions go first? */
import { InvalidArgumentError } from '@devicebatch/client'
import { show } from '@devicebatch/edge/internal'

/**
 * Which waiting submission is uploaded next: every `'high'` one before every `'normal'` one, and those before every `'low'` one;
 * within a priority, customers take turns.
 */
export type SubmissionPriority = 'low' | 'normal' | 'high'

const levels: Readonly<Record<SubmissionPriority, number>> = { low: -1, normal: 0, high: 1 }

/** The priority as it is stored; throws `InvalidArgumentError`. */
export function priorityLevel(priority: SubmissionPriority = 'normal'): number {
  if (Object.hasOwn(levels, priority)) return levels[priority]
  throw new InvalidArgumentError(
    `\`priority\` must be one of ${Object.keys(levels)
      .map((name) => `'${name}'`)
      .join(', ')}; got ${show(priority)}.`,
  )
}

/** The priority that is stored. */
export function priorityName(level: number): SubmissionPriority {
  return level < 0 ? 'low' : level > 0 ? 'high' : 'normal'
}
