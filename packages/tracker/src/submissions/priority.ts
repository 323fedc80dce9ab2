/** Which submissions go first? */
import { checkOneOf } from '../queries/filters.ts'

/**
 * Which waiting submission is uploaded next: every `'high'` one before every `'normal'` one, and those before every `'low'` one;
 * within a priority, customers take turns.
 */
export type SubmissionPriority = 'low' | 'normal' | 'high'

const levels: Readonly<Record<SubmissionPriority, number>> = { low: -1, normal: 0, high: 1 }

/** The priority as it is stored; throws `InvalidArgumentError`. */
export function priorityLevel(priority: SubmissionPriority = 'normal'): number {
  checkOneOf('priority', priority, Object.keys(levels))
  return levels[priority]
}

/** The priority that is stored. */
export function priorityName(level: number): SubmissionPriority {
  return level < 0 ? 'low' : level > 0 ? 'high' : 'normal'
}
