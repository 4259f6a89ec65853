/** A modal dialog: its title, its body, its foot. Focus stays inside and goes back afterwards. */
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

export function Dialog({
  title,
  onClose,
  wide = false,
  role = 'dialog',
  aside,
  children,
  foot,
  footNote,
}: {
  title: string;
  onClose: () => void;
  wide?: boolean;
  role?: 'dialog' | 'alertdialog';
  aside?: ReactNode;
  children: ReactNode;
  foot: ReactNode;
  footNote?: ReactNode;
}) {
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isDismissable={role === 'dialog'}
      onOpenChange={(open) => !open && onClose()}
    >
      <Modal className="modal" data-wide={wide || undefined}>
        <AriaDialog className="dialog" role={role}>
          <div className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {aside}
          </div>
          <div className="dialog-body">{children}</div>
          <div className="dialog-foot">
            {footNote && <span className="dialog-foot-note">{footNote}</span>}
            {foot}
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
