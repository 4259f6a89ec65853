/** A dialog that is filled in: a way back, and one button that sends it, which Enter presses too. */
import { type ReactNode, useId } from 'react';
import { Form } from 'react-aria-components';
import { Button } from './button';
import { Dialog } from './dialog';

export function FormDialog({
  title,
  act,
  pendingText,
  isPending,
  isReady = true,
  isDangerous = false,
  wide = false,
  before,
  after,
  footNote,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  act: string;
  pendingText: string;
  isPending: boolean;
  isReady?: boolean;
  /** It asks as an alert, and the way back has the focus. */
  isDangerous?: boolean;
  wide?: boolean;
  before?: ReactNode;
  after?: ReactNode;
  footNote?: ReactNode;
  onSubmit: () => Promise<void> | void;
  onClose: () => void;
  children: ReactNode;
}) {
  const form = useId();
  return (
    <Dialog
      title={title}
      role={isDangerous ? 'alertdialog' : 'dialog'}
      wide={wide}
      footNote={footNote}
      onClose={onClose}
      foot={
        <>
          <Button autoFocus={isDangerous} onPress={onClose}>
            Cancel
          </Button>
          <Button
            variant={isDangerous ? 'danger' : 'primary'}
            type="submit"
            form={form}
            isDisabled={!isReady}
            isPending={isPending}
            pendingText={pendingText}
          >
            {act}
          </Button>
        </>
      }
    >
      {before}
      <Form
        id={form}
        className="stack"
        validationBehavior="aria"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !isPending) void onSubmit();
        }}
      >
        {children}
      </Form>
      {after}
    </Dialog>
  );
}
