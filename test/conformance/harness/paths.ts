import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const suite = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const repo = resolve(suite, '../..');

/** A folder named by an environment variable, else beside the repository, else none. */
function beside(variable: string, ...path: string[]): string | undefined {
  const named = process.env[variable];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`${variable}=${named}: no such folder`);
    return resolve(named);
  }
  const found = join(repo, '..', 'shared', ...path);
  return existsSync(found) ? found : undefined;
}

export const judgeSources = (): string | undefined => beside('HELM_NETPOL_JUDGES', 'judges');
export const streamsFolder = (): string | undefined => beside('HELM_NETPOL_STREAMS', 'data', 'streams');
export const chartFolder = (): string | undefined => beside('HELM_NETPOL_CHART', 'data', 'chart-stageset');
export const crdsFolder = (): string | undefined => beside('HELM_NETPOL_CRDS', 'data', 'crds');
export const ownStreams = join(suite, 'streams');
