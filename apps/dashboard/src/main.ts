#!/usr/bin/env node
/** The command `devicebatch-dashboard` as a process: its arguments, and its exit code. */
import { runCommand } from './command.ts'

process.exitCode = await runCommand(process.argv.slice(2))
