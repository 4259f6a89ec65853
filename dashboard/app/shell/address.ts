/** Everything is an address: which dialog is open, with what, over which page. */
import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** First segments of addresses that are not an app's. */
const OURS = new Set([
  'apps',
  'assets',
  'auth',
  'graphiql',
  'graphql',
  'healthz',
  'login',
  'metrics',
  'organization',
  'parcels',
  'readyz',
  'v1',
  'webhooks',
]);

/** The first page of an app; its others are below. One that has the name of something else is under `/a/`. */
export const appPage = (name: string): string => (OURS.has(name) ? `/a/${name}` : `/${name}`);

export type DialogName =
  | 'new-env'
  | 'promote'
  | 'rollback'
  | 'delete'
  | OfAPage;

/** Shown by their page, which has what they are about. */
type OfAPage =
  | 'new-app'
  | 'set-variable'
  | 'delete-variable'
  | 'new-key'
  | 'revoke'
  | 'link-repository'
  | 'invite'
  | 'role'
  | 'access'
  | 'deactivate';

/** Open a dialog over the page; going back closes it. */
export function useOpenDialog() {
  const [, change] = useSearchParams();
  return useCallback(
    (dialog: DialogName, facts: Record<string, string> = {}) => {
      change((now) => withDialog(now, dialog, facts));
    },
    [change],
  );
}

export function useCloseDialog() {
  const [, change] = useSearchParams();
  return useCallback(() => change(withoutDialog, { replace: true }), [change]);
}

const DIALOG_FACTS = ['dialog', 'source', 'target', 'to', 'created', 'deployment', 'id'];

export function withDialog(now: URLSearchParams, dialog: string, facts: Record<string, string>): URLSearchParams {
  const next = withoutDialog(now);
  next.set('dialog', dialog);
  for (const [name, value] of Object.entries(facts)) next.set(name, value);
  return next;
}

export function withoutDialog(now: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(now);
  for (const name of DIALOG_FACTS) next.delete(name);
  return next;
}
