/** Takes a page in both schemes and on a telephone, once it shows all that it has. */
import { type Page, test as plain } from '@playwright/test';
import { SIGNED_IN } from '../playwright.config';
import { APP, base } from './world';

export const FOLDER = process.env.SCREENSHOTS ?? 'screenshots';
export const SCHEMES = ['light', 'dark'] as const;
export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 320, height: 720 };

/** One page for all pictures: what it has loaded once it does not load again. */
export const test = plain.extend<{ page: Page }, { kept: Page }>({
  kept: [
    async ({ browser }, use) => {
      const context = await browser.newContext({ baseURL: base, storageState: SIGNED_IN, reducedMotion: 'reduce' });
      await use(await context.newPage());
      await context.close();
    },
    { scope: 'worker' },
  ],
  page: async ({ kept }, use) => {
    await kept.setViewportSize(WIDE);
    await use(kept);
  },
});

export async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${FOLDER}/${name}.png`, animations: 'disabled', caret: 'hide' });
}

/** Light and dark; the colours alone differ, so nothing is opened twice. */
export async function both(page: Page, name: string): Promise<void> {
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await shoot(page, `${name}-${colorScheme}`);
  }
}

/** The same on a telephone as well, light alone. */
export async function everywhere(page: Page, name: string): Promise<void> {
  await both(page, name);
  await page.setViewportSize(NARROW);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await shoot(page, `narrow-${name}`);
}

/** One of the three that the README shows. */
export async function forReadme(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await shoot(page, `readme/${name}`);
}

export const at = (path: string) => `/${APP}${path}`;

export const ready = (page: Page, path: string): Promise<void> => readyAt(page, at(path));

export async function readyAt(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator('h1').first().waitFor({ state: 'attached' });
  if (address.includes('dialog=')) await page.locator('[role=dialog], [role=alertdialog]').waitFor();
  await page.waitForFunction(() => !document.querySelector('.skeleton'));
}
