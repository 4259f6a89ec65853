/** Every page of a spec is watched: what its policy refused, and every host it asked. */
import { test as plain, expect, type BrowserContext, type Page } from '@playwright/test';

export type Watched = { refused: string[]; foreign: string[] };

/** All pages of the context from now on; `base` is the one server that they may ask. */
export async function watch(context: BrowserContext, base: string): Promise<Watched> {
  const watched: Watched = { refused: [], foreign: [] };
  const ours = new URL(base).host;
  const asked = (address: string) => {
    const { host, protocol } = new URL(address);
    if (/^(http|ws)s?:$/.test(protocol) && host !== ours) watched.foreign.push(address);
  };
  context.on('request', (request) => asked(request.url()));
  context.on('page', (page) => page.on('websocket', (socket) => asked(socket.url())));
  await context.exposeFunction('refusedByPolicy', (what: string) => watched.refused.push(what));
  await context.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) =>
      (window as never as { refusedByPolicy(what: string): void }).refusedByPolicy(
        `${event.violatedDirective} ${event.blockedURI} ${event.sample}`,
      ),
    ),
  );
  return watched;
}

export function expectNothingOf({ refused, foreign }: Watched): void {
  expect(refused, 'refused by the content security policy').toEqual([]);
  expect(foreign, 'asked of other hosts').toEqual([]);
}

export const test = plain.extend<{ watched: Watched }>({
  watched: [
    async ({ context, baseURL }, use) => {
      const watched = await watch(context, baseURL!);
      await use(watched);
      expectNothingOf(watched);
    },
    { auto: true },
  ],
});

export { expect };
export const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });
export const alertDialog = (page: Page, name: string) => page.getByRole('alertdialog', { name });
