import { createRequire, syncBuiltinESMExports } from 'node:module';
import { setImmediate as turn } from 'node:timers/promises';

type Call = (...args: readonly unknown[]) => Promise<unknown>;

const files = createRequire(import.meta.url)('node:fs/promises') as Record<string, Call>;
/** Every call that changes something of the disk, but for those on open files. */
const CHANGES = ['open', 'mkdir', 'rename', 'rm', 'rmdir'];
/** All else that a load calls: one that was stopped must not go on by these. */
const READS = ['readdir', 'readFile', 'stat', 'utimes'];

/** Files of a process that is stopped, as by a kill, at one of its changes. */
export interface StoppingFiles extends Disposable {
  /** Resolves when the process was stopped and nothing of it is under way any more. */
  readonly stopped: Promise<void>;
}

/** Lets nothing happen on the disk from one change on. Until then all is counted. */
export function stopFiles(at: number): StoppingFiles {
  const originals = { ...files };
  let count = 0;
  let under = 0;
  let stop: () => void = () => undefined;
  const halted = new Promise<void>((resolve) => (stop = resolve));
  for (const name of [...CHANGES, ...READS]) {
    const original = originals[name] as Call;
    files[name] = async (...args) => {
      if (CHANGES.includes(name) && count < at) count += 1;
      if (count === at) {
        stop();
        // Whoever called is gone.
        return new Promise<never>(() => undefined);
      }
      under += 1;
      try {
        return await original(...args);
      } finally {
        under -= 1;
      }
    };
  }
  syncBuiltinESMExports();
  return {
    stopped: quietAfter(halted, () => under),
    [Symbol.dispose]() {
      Object.assign(files, originals);
      syncBuiltinESMExports();
    },
  };
}

async function quietAfter(halted: Promise<void>, under: () => number): Promise<void> {
  await halted;
  for (let quiet = 0; quiet < 20; quiet = under() === 0 ? quiet + 1 : 0) await turn();
}
