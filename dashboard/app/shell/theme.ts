/** System, light or dark; kept by the browser. */
export type Theme = 'system' | 'light' | 'dark';
const KEPT = 'pinmark.theme';

export function theme(): Theme {
  const kept = localStorage.getItem(KEPT);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function setTheme(to: Theme): void {
  localStorage.setItem(KEPT, to);
  applyTheme();
}

export function applyTheme(): void {
  const chosen = theme();
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
