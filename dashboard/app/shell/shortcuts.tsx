/** Keys of the whole page: one table, which the help shows too. Off in text fields, and when one likes. */
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { useNavigate, useParams } from 'react-router';
import { appPage, useOpenDialog } from './address';
import { useApp } from './app-data';
import { onSingleKey } from './single-keys';

const Palette = lazy(() => import('../screens/palette/palette'));
const KeysHelp = lazy(() => import('../screens/keys/keys-help'));

export const KEYS = [
  { key: 'e', text: 'Environment menu' },
  { key: 'p', text: 'Promote to this environment' },
  { key: 'd', text: 'Deployments' },
  { key: 't', text: 'Timeline' },
  { key: 'c', text: 'Compare' },
  { key: '?', text: 'Keyboard shortcuts' },
] as const;

type Overlay = 'palette' | 'keys' | null;
let overlay: Overlay = null;
const listeners = new Set<() => void>();

export function showOverlay(next: Overlay): void {
  overlay = next;
  for (const listener of listeners) listener();
}

function useOverlay(): Overlay {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => overlay,
  );
}

/** The palette and the help, and the keys that lead to them and elsewhere. */
export function Shortcuts() {
  const shown = useOverlay();
  const go = useGo();
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      showOverlay(overlay === 'palette' ? null : 'palette');
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  useEffect(
    () =>
      onSingleKey((key) => {
        go[key as keyof typeof go]?.();
        return key in go;
      }),
    [go],
  );

  const close = () => showOverlay(null);
  return (
    <Suspense>
      {shown === 'palette' && <Palette onClose={close} />}
      {shown === 'keys' && <KeysHelp onClose={close} />}
    </Suspense>
  );
}

function useGo(): Record<(typeof KEYS)[number]['key'], () => void> {
  const { app } = useApp();
  const { environment: name } = useParams();
  const navigate = useNavigate();
  const openDialog = useOpenDialog();
  const environments = app.environments.nodes;
  const current = environments.find((one) => one.name === name) ?? environments[0];
  const target = current?.isDefault ? undefined : current;
  const other = target ? environments.find(({ isDefault }) => isDefault) : environments.find(({ isDefault }) => !isDefault);
  const mayPromote = app.viewerPermissions.includes('environment.promote');
  const pair = target ? [other, target] : [current, other];
  return {
    e: () => document.querySelector<HTMLElement>('.crumb-button')?.click(),
    p: () => name && target && mayPromote && openDialog('promote', { target: target.name }),
    d: () => current && void navigate(`${appPage(app.name)}/e/${current.name}/deployments`),
    t: () => current && void navigate(`${appPage(app.name)}/e/${current.name}/timeline`),
    c: () => pair[0] && pair[1] && void navigate(`${appPage(app.name)}/compare/${pair[0].name}...${pair[1].name}`),
    '?': () => showOverlay('keys'),
  };
}
