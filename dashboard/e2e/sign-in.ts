/** Before all specs: one browser signs in, and its cookies are everybody's. */
import { chromium, type FullConfig } from '@playwright/test';
import { signIn } from './world';

export default async function signInOnce(config: FullConfig): Promise<void> {
  const { launchOptions, storageState } = config.projects[0]!.use;
  const browser = await chromium.launch(launchOptions);
  const page = await browser.newPage();
  await signIn(page);
  await page.context().storageState({ path: storageState as string });
  await browser.close();
}
