/** Takes a page in both schemes, once it shows all that it has. */
import type { Page } from '@playwright/test';
import { APP } from './world';

export const FOLDER = process.env.SCREENSHOTS ?? 'screenshots';
export const SCHEMES = ['light', 'dark'] as const;

export async function both(page: Page, name: string, open: () => Promise<unknown>): Promise<void> {
  for (const scheme of SCHEMES) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await open();
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: `${FOLDER}/${name}-${scheme}.png` });
  }
}

export const at = (path: string) => `/${APP}${path}`;

export const ready = (page: Page, path: string): Promise<void> => readyAt(page, at(path));

export async function readyAt(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.waitForFunction(() => !document.querySelector('.skeleton'));
}
