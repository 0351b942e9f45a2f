#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { EXIT } from './exit-code.ts';
import { addReplayCommand } from './commands/replay.ts';
import { addRunCommand } from './commands/run.ts';
import { version } from './version.ts';

const program = new Command('syncline')
  .description('Load a REST API into a database, from a dlt rest_api configuration.')
  .version(version())
  .showHelpAfterError('(run `syncline --help` or `syncline run --help` for what there is)')
  .exitOverride();
addRunCommand(program);
addReplayCommand(program);

// Whoever writes is told of errors and heeds them. A reader that closes the pipe early (`| head`) is none to end the process for.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.config;
}
