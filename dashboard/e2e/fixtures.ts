/** A page that is watched: what its policy refused, and every host it asked. */
import { test as plain, expect, type Page } from '@playwright/test';
import { base } from './world';

type Watched = { refused: string[]; foreign: string[] };

export const test = plain.extend<{ watched: Watched }>({
  watched: [
    async ({ page }, use) => {
      const watched: Watched = { refused: [], foreign: [] };
      page.on('request', (request) => {
        const { host, protocol } = new URL(request.url());
        if (protocol.startsWith('http') && host !== new URL(base).host) watched.foreign.push(request.url());
      });
      await page.exposeFunction('refusedByPolicy', (what: string) => watched.refused.push(what));
      await page.addInitScript(() =>
        document.addEventListener('securitypolicyviolation', (event) =>
          (window as never as { refusedByPolicy(what: string): void }).refusedByPolicy(
            `${event.violatedDirective} ${event.blockedURI} ${event.sample}`,
          ),
        ),
      );
      await use(watched);
      expect(watched.refused, 'refused by the content security policy').toEqual([]);
      expect(watched.foreign, 'asked of other hosts').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
export const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });
