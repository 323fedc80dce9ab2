/** `devicebatch tracker`: the commands that track many uploads in a database. */
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineGroup } from '../cli/define-command.ts'
import { cancelCommand, pauseCommand, resumeCommand, retryNowCommand, settingsCommand } from './control.ts'
import { healthCommand, metricsCommand, stuckCommand } from './health.ts'
import { exportCommand, listCommand, showCommand } from './list.ts'
import { databaseHelp } from './options.ts'
import { retryCommand } from './retry.ts'
import { startCommand } from './start.ts'
import { submitCommand } from './submit.ts'
import { webhooksCommands } from './webhooks.ts'

export const trackerCommands: ConsoleCommand = defineGroup({
  name: 'tracker',
  description: 'queue uploads in a database; workers send and track them, even across restarts',
  examples: [
    'devicebatch tracker submit devices.csv --customer CUSTOMER --batch "Front desk"',
    'devicebatch tracker start',
    'devicebatch tracker export --outcome failed --output failed.csv',
  ],
  notes: [databaseHelp],
  commands: [
    startCommand,
    submitCommand,
    retryCommand,
    listCommand,
    showCommand,
    exportCommand,
    stuckCommand,
    retryNowCommand,
    pauseCommand,
    resumeCommand,
    cancelCommand,
    settingsCommand,
    healthCommand,
    metricsCommand,
    webhooksCommands,
  ],
})
