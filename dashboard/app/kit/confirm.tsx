/** Are you sure? The way back has the focus, and what went wrong is said in place. */
import { type ReactNode, useState } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';
import { Note } from './states';

export function Confirm({
  title,
  act,
  pendingText,
  onAct,
  onClose,
  children,
}: {
  title: string;
  act: string;
  pendingText: string;
  /** Does it, and answers why not, or null. */
  onAct: () => Promise<string | null>;
  onClose: () => void;
  children: ReactNode;
}) {
  const [isPending, pend] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);

  async function confirm() {
    if (isPending) return;
    pend(true);
    const wrong = await onAct();
    pend(false);
    setTrouble(wrong);
    if (!wrong) onClose();
  }

  return (
    <Dialog
      title={title}
      role="alertdialog"
      onClose={onClose}
      foot={
        <>
          <Button autoFocus onPress={onClose}>
            Cancel
          </Button>
          <Button variant="danger" isPending={isPending} pendingText={pendingText} onPress={() => void confirm()}>
            {act}
          </Button>
        </>
      }
    >
      {children}
      {trouble && <Note tone="danger">{trouble}</Note>}
    </Dialog>
  );
}
