/** Specs against a running server, in Debian's Chromium; nothing is downloaded. */
import { defineConfig } from '@playwright/test';

export const SIGNED_IN = 'e2e/.signed-in.json';

/** No name is looked up and no other machine reached, as where there is no network at all. */
const OFFLINE = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1';

export default defineConfig({
  testDir: 'e2e',
  outputDir: process.env.PLAYWRIGHT_OUTPUT ?? 'dist/e2e',
  globalSetup: './e2e/sign-in.ts',
  workers: 1,
  timeout: Number(process.env.PLAYWRIGHT_TIMEOUT ?? 0), // none: a machine may be slow
  expect: { timeout: 60_000 }, // as may the server beside it
  reporter: 'list',
  use: {
    baseURL: process.env.PINMARK_URL ?? 'http://127.0.0.1:8000',
    storageState: SIGNED_IN,
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), OFFLINE],
    },
  },
  projects: [
    { name: 'promises', testMatch: /.*\.spec\.ts/ },
    { name: 'pictures', testMatch: /pictures\.ts/ },
  ],
});
