/** The commands for batches, devices and policies. */
import type { Command } from 'commander'

import type { AssignOptions } from '../resources/assign-policy.ts'
import { assignPolicy } from '../resources/assign-policy.ts'
import type { DeleteOptions } from '../resources/delete-devices.ts'
import { deleteDevices } from '../resources/delete-devices.ts'
import { listBatches } from '../resources/list-batches.ts'
import { listDevices } from '../resources/list-devices.ts'
import type { PolicyOptions } from '../resources/policies.ts'
import { createPolicy, deletePolicy, listPolicies, showPolicy, updatePolicy } from '../resources/policies.ts'
import type { CustomerOptions } from '../service/customer.ts'
import { examples, signInHelp } from './help.ts'
import type { FormatOptions, RunCommand } from './options.ts'
import {
  allDevices,
  csv,
  customer,
  emulator,
  formatOf,
  interval,
  json,
  settings,
  timeout,
  yes,
} from './options.ts'

type ListOptions = CustomerOptions & FormatOptions

/** Adds them to the program. */
export function addResourceCommands(program: Command, runCommand: RunCommand): void {
  program
    .command('batches')
    .description('list the batches of a customer')
    .addOption(customer())
    .addOption(emulator())
    .addOption(json())
    .addOption(csv())
    .addHelpText('after', examples('devicebatch batches --customer CUSTOMER') + signInHelp)
    .action((options: ListOptions) =>
      runCommand(formatOf(options), (context) => listBatches(context, options)),
    )

  program
    .command('devices')
    .description('list the devices of a batch, all of them')
    .argument('<batch>', 'the name of the batch')
    .addOption(customer())
    .addOption(emulator())
    .addOption(json())
    .addOption(csv())
    .addHelpText(
      'after',
      examples(
        'devicebatch devices "Front desk" --customer CUSTOMER',
        'devicebatch devices "Front desk" --customer CUSTOMER --csv > front-desk.csv',
      ) + signInHelp,
    )
    .action((batch: string, options: ListOptions) =>
      runCommand(formatOf(options), (context) => listDevices(context, batch, options)),
    )

  program
    .command('delete')
    .description('delete devices from a batch, after asking')
    .argument('<batch>', 'the name of the batch')
    .argument('[devices...]', 'serial numbers or device ids')
    .addOption(customer())
    .addOption(allDevices())
    .addOption(yes())
    .addOption(emulator())
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'devicebatch delete "Front desk" 5CG35PVYN1 5CG35PVYN2 --customer CUSTOMER',
        'devicebatch delete "Front desk" --all --customer CUSTOMER --yes',
      ) + signInHelp,
    )
    .action((batch: string, devices: string[], options: DeleteOptions & FormatOptions) =>
      runCommand(formatOf(options), (context) => deleteDevices(context, batch, devices, options)),
    )

  program
    .command('assign')
    .description('apply a policy to devices of a batch, wait, and report on each')
    .argument('<batch>', 'the name of the batch')
    .argument('[devices...]', 'serial numbers or device ids')
    .addOption(customer())
    .requiredOption('--policy <policy>', 'the name or id of the policy')
    .addOption(allDevices())
    .addOption(interval())
    .addOption(timeout())
    .addOption(emulator())
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'devicebatch assign "Front desk" --all --policy "Skip all" --customer CUSTOMER',
        'devicebatch assign "Front desk" 5CG35PVYN1 --policy "Skip all" --customer CUSTOMER',
      ) + signInHelp,
    )
    .action((batch: string, devices: string[], options: AssignOptions & FormatOptions) =>
      runCommand(formatOf(options), (context) => assignPolicy(context, batch, devices, options)),
    )

  addPolicyCommands(
    program.command('policies').description('list, show, create, change and delete policies'),
    runCommand,
  )
}

function addPolicyCommands(policies: Command, runCommand: RunCommand): void {
  policies.addHelpText(
    'after',
    examples('devicebatch policies list --customer CUSTOMER', 'devicebatch policies create --help'),
  )

  policies
    .command('list')
    .description('list the policies of a customer')
    .addOption(customer())
    .addOption(emulator())
    .addOption(json())
    .addOption(csv())
    .addHelpText('after', examples('devicebatch policies list --customer CUSTOMER') + signInHelp)
    .action((options: ListOptions) =>
      runCommand(formatOf(options), (context) => listPolicies(context, options)),
    )

  policies
    .command('show')
    .description('show one policy')
    .argument('<policy>', 'its name or id')
    .addOption(customer())
    .addOption(emulator())
    .addOption(json())
    .addHelpText('after', examples('devicebatch policies show "Skip all" --customer CUSTOMER') + signInHelp)
    .action((policy: string, options: ListOptions) =>
      runCommand(formatOf(options), (context) => showPolicy(context, policy, options)),
    )

  policies
    .command('create')
    .description('create a policy')
    .argument('<name>', 'its name')
    .addOption(customer())
    .addOption(settings().makeOptionMandatory())
    .option('--description <text>', 'its description')
    .option('--category <word>', 'its category (default: o_o_b_e, the out-of-box experience)')
    .addOption(emulator())
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'devicebatch policies create "Skip all" --setting skip_eula skip_express_settings --customer CUSTOMER',
      ) + signInHelp,
    )
    .action((name: string, options: PolicyOptions & FormatOptions) =>
      runCommand(formatOf(options), (context) => createPolicy(context, name, options)),
    )

  policies
    .command('update')
    .description('change a policy: it is read, changed and written back')
    .argument('<policy>', 'its name or id')
    .addOption(customer())
    .option('--name <name>', 'its new name')
    .option('--description <text>', 'its new description')
    .addOption(settings())
    .addOption(emulator())
    .addOption(json())
    .addHelpText(
      'after',
      examples('devicebatch policies update "Skip all" --setting skip_eula --customer CUSTOMER') + signInHelp,
    )
    .action((policy: string, options: PolicyOptions & FormatOptions) =>
      runCommand(formatOf(options), (context) => updatePolicy(context, policy, options)),
    )

  policies
    .command('delete')
    .description('delete a policy, after asking')
    .argument('<policy>', 'its name or id')
    .addOption(customer())
    .addOption(yes())
    .addOption(emulator())
    .addOption(json())
    .addHelpText('after', examples('devicebatch policies delete "Skip all" --customer CUSTOMER') + signInHelp)
    .action((policy: string, options: CustomerOptions & FormatOptions & { yes?: boolean }) =>
      runCommand(formatOf(options), (context) => deletePolicy(context, policy, options)),
    )
}
