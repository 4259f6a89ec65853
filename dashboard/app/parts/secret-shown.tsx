/** A secret, the one time that it is shown. It is in no address, no storage and no cache of ours. */
import { Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import { Button } from '../kit/button';
import { Dialog } from '../kit/dialog';
import { copy } from '../kit/identity';
import { Note } from '../kit/states';

export function SecretShown({
  title,
  label,
  value,
  children,
  onClose,
}: {
  title: string;
  label: string;
  value: string;
  children?: ReactNode;
  onClose: () => void;
}) {
  const [isTaken, take] = useState(false);
  const [asks, ask] = useState(false);
  const leave = () => (isTaken || asks ? onClose() : ask(true));
  return (
    <Dialog
      title={title}
      onClose={leave}
      foot={
        asks && !isTaken ? (
          <>
            <Button autoFocus onPress={() => ask(false)}>
              Go back
            </Button>
            <Button variant="danger" onPress={onClose}>
              Close without copying
            </Button>
          </>
        ) : (
          <Button onPress={leave}>Close</Button>
        )
      }
    >
      {children}
      <TextField className="field" value={value} isReadOnly onChange={() => undefined}>
        <Label>{label}</Label>
        <div className="secret">
          <Input className="mono" onFocus={(event) => event.currentTarget.select()} onCopy={() => take(true)} />
          <Button
            variant="primary"
            autoFocus
            onPress={() => void copy(value, `Copied.`).then((did) => did && take(true))}
          >
            <Copy size={14} aria-hidden />
            Copy
          </Button>
        </div>
      </TextField>
      {asks && !isTaken ? (
        <Note tone="danger">It has not been copied. Close it all the same?</Note>
      ) : (
        <Note tone="warning">You won’t see it again.</Note>
      )}
    </Dialog>
  );
}
