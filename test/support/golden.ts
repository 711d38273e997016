import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from '@jest/globals';

/**
 * Holds a text against a golden file. `npm test -- -u` renews it; one that is missing fails, since a golden that is
 * written silently proves nothing.
 */
export function expectGolden(path: string, text: string): void {
  if (isRenewing()) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  if (!existsSync(path))
    throw new Error(`there is no golden file ${path}: make it with npm test -- -u, and look at it`);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

/** Whether golden files are to be written, as `-u` asks for. */
export function isRenewing(): boolean {
  const { snapshotState } = expect.getState() as unknown as { snapshotState: { _updateSnapshot: string } };
  return snapshotState._updateSnapshot === 'all';
}
