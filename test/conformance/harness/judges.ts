import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './proc.ts';
import { judgeSources } from './paths.ts';

const names = ['helm4', 'helm3', 'oracle-cilium', 'oracle-calico', 'testcluster'] as const;
export type Program = (typeof names)[number];

/** The programs that answer, and what is not known without each. */
const PROGRAMS: Record<Program, string> = {
  helm4: 'rendering and releases with Helm 4',
  helm3: 'rendering and releases with Helm 3',
  'oracle-cilium': "Cilium's verdicts",
  'oracle-calico': "Calico's verdicts",
  testcluster: "the API server's verdicts and everything that needs a cluster",
};

export class Missing extends Error {}

export interface Judges {
  /** The program's path; throws `Missing` where it is not there and cannot be built here. */
  path(program: Program): string;
  has(program: Program): boolean;
}

const cacheFolder = (): string =>
  process.env['HELM_NETPOL_CACHE'] || join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'helm-netpol', 'judges');

/** Finds the judges in the cache, and builds those that are not there. A build that fails is an error, never a skip. */
export async function findJudges(say: (line: string) => void): Promise<Judges> {
  const cache = cacheFolder();
  const present = (program: Program): boolean => executable(join(cache, program));
  const missing = names.filter((program) => !present(program));
  let why = '';
  if (missing.length > 0) {
    const sources = judgeSources();
    if (sources === undefined) why = 'no sources of the judges (set HELM_NETPOL_JUDGES to their folder)';
    else if (!(await hasGo())) why = 'Go is not installed, and the judges are Go programs';
    else await build(sources, cache, missing, say);
  }
  const still = names.filter((program) => !present(program));
  if (still.length > 0 && why === '') throw new Error(`the judges were built, but ${still.join(', ')} is not in ${cache}`);
  for (const program of still) say(`judge ${program} is missing, so not asked: ${PROGRAMS[program]}. ${why}`);
  return {
    has: present,
    path(program) {
      if (!present(program)) throw new Missing(`${PROGRAMS[program]}: ${program} is missing, ${why}`);
      return join(cache, program);
    },
  };
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function hasGo(): Promise<boolean> {
  try {
    return (await run('go', ['version'])).code === 0;
  } catch {
    return false;
  }
}

async function build(sources: string, cache: string, missing: readonly Program[], say: (line: string) => void): Promise<void> {
  const script = join(sources, 'build');
  if (!existsSync(script)) throw new Error(`${sources} has no build script`);
  mkdirSync(cache, { recursive: true });
  say(`building ${missing.join(', ')} into ${cache} (about 15 minutes when nothing is cached)`);
  const started = Date.now();
  const minutes = (): string => `${((Date.now() - started) / 60_000).toFixed(1)} min`;
  const ticking = setInterval(() => say(`  still building, ${minutes()}`), 60_000);
  const lines: string[] = [];
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(script, [cache], { stdio: ['ignore', 'pipe', 'pipe'] });
    process.once('exit', () => child.kill());
    const keep = (chunk: Buffer): void => {
      lines.push(...chunk.toString().split('\n'));
      lines.splice(0, Math.max(0, lines.length - 60));
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (exit) => resolve(exit ?? 1));
  }).finally(() => clearInterval(ticking));
  if (code !== 0) throw new Error(`building the judges failed after ${minutes()} (exit ${code}):\n${lines.join('\n')}`);
  say(`built in ${minutes()}`);
}
