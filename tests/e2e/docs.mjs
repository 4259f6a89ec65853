/**
 * The page of the REST API in a real browser: rendered, with nothing refused by its policy and
 * nothing asked of another host. PINMARK_URL is the server, CHROMIUM the browser.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const dashboard = createRequire(new URL('../../dashboard/package.json', import.meta.url));
const { chromium } = dashboard('playwright-core');
const server = process.env.PINMARK_URL ?? 'http://127.0.0.1:8000';

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const page = await browser.newPage();
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${server}/`) && !request.url().startsWith('data:'))
      wrong.push(request.url());
  });
  await page.goto(`${server}/v1/docs`);
  const told = await (await page.request.get(`${server}/v1/openapi.json`)).json();
  const operations = Object.values(told.paths).flatMap((methods) => Object.keys(methods));
  await page.getByText('/v1/environments/{environment_id}/promote').first().click();
  await page.getByRole('button', { name: 'Try it out' }).first().click();
  assert.equal(await page.locator('.opblock').count(), operations.length);
  assert.deepEqual(wrong, []);
} finally {
  await browser.close();
}
