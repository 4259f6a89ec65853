/** Keys without a modifier: not while somebody types or a dialog is open, and not when they are turned off. */
const KEPT = 'pinmark.single-keys';
/** A switch and a checkbox take the space bar alone. */
const TYPED_INTO = 'input:not([type=checkbox], [type=radio]), textarea, select';

export const singleKeysAreOn = (): boolean => localStorage.getItem(KEPT) !== 'off';

export function turnSingleKeys(on: boolean): void {
  localStorage.setItem(KEPT, on ? 'on' : 'off');
}

/** `act` is told of each key and says whether it was one of its own. */
export function onSingleKey(act: (key: string) => boolean): () => void {
  function onKeyDown(event: KeyboardEvent) {
    if (event.defaultPrevented || event.isComposing || event.metaKey || event.ctrlKey || event.altKey) return;
    if (!singleKeysAreOn() || isTyping(event.target) || somethingIsOpen()) return;
    if (act(event.key)) event.preventDefault();
  }
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(TYPED_INTO));
}

/** A dialog, a menu and a list have keys of their own. */
function somethingIsOpen(): boolean {
  return document.querySelector('[role=dialog], [role=alertdialog], [role=menu], [role=listbox]') !== null;
}
