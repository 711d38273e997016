import { existsSync } from 'node:fs';
import { test } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** `test`, where there is a browser; CI says that there must be one. */
export const testInBrowser = existsSync(executablePath) || process.env.CI ? test : skipLoudly();

function skipLoudly(): typeof test.skip {
  process.stderr.write(
    `\nSKIPPED: tests in a real browser, since there is no ${executablePath} (Debian: apt-get install chromium; CHROMIUM names another)\n\n`,
  );
  return test.skip;
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-gpu',
    ],
  });
}
