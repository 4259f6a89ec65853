/** Takes a page in both schemes, once it shows all that it has. */
import type { Page } from '@playwright/test';
import { APP } from './world';

export const FOLDER = process.env.SCREENSHOTS ?? 'screenshots';
export const SCHEMES = ['light', 'dark'] as const;
const NARROW = { width: 320, height: 720 };

export async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
}

/** One of the three that the README shows: twice as fine, in the scheme that is set. */
export async function forReadme(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await shoot(page, `readme/${name}`);
}

/** Light and dark, at the size that the page has. */
export async function both(page: Page, name: string, open: () => Promise<unknown>): Promise<void> {
  for (const scheme of SCHEMES) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await open();
    await shoot(page, `${name}-${scheme}`);
  }
}

/** The same on a telephone, light alone. */
export async function narrow(page: Page, name: string, open: () => Promise<unknown>): Promise<void> {
  await page.setViewportSize(NARROW);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await open();
  await shoot(page, `narrow-${name}`);
}

export async function everywhere(page: Page, name: string, open: () => Promise<unknown>): Promise<void> {
  await both(page, name, open);
  await narrow(page, name, open);
}

export const at = (path: string) => `/${APP}${path}`;

export const ready = (page: Page, path: string): Promise<void> => readyAt(page, at(path));

export async function readyAt(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator('h1').first().waitFor({ state: 'attached' });
  if (address.includes('dialog=')) await page.locator('[role=dialog], [role=alertdialog]').waitFor();
  await page.waitForFunction(() => !document.querySelector('.skeleton'));
}

/** Light and dark of what cannot be opened twice. */
export async function asItIs(page: Page, name: string): Promise<void> {
  for (const scheme of SCHEMES) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await shoot(page, `${name}-${scheme}`);
  }
}
