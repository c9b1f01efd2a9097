/** Chromium for tests: pages as a user has them. scripts/test.mjs says by SIGNALBOX_TEST_CHROMIUM where it is. */
import { type Browser, chromium } from 'playwright-core';

/** The program, or undefined where this run has none: its suites are left out then. */
export const chromiumPath = process.env['SIGNALBOX_TEST_CHROMIUM'] || undefined;

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(chromiumPath && { executablePath: chromiumPath }),
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}
