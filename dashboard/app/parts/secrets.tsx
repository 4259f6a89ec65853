/** What API keys and tokens have in common: the end of a row, and the dialogs that make and end one. */
import { Ban } from 'lucide-react';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { Button } from '../kit/button';
import { Confirm } from '../kit/confirm';
import { Time } from '../kit/identity';
import { useCloseDialog, useOpenDialog } from '../shell/address';
import { Ending, isOver } from './ending';

type Secret = {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt?: string | null | undefined;
  expiresAt?: string | null | undefined;
  revokedAt?: string | null | undefined;
};

export const REVOKED_AT_ONCE = 'Whatever uses it is refused from the next request on. This can’t be undone.';

/** Created, last used, expires, and the act that ends it. */
export function SecretCells({ secret, mayRevoke }: { secret: Secret; mayRevoke: boolean }) {
  const openDialog = useOpenDialog();
  return (
    <>
      <td>
        <Time at={secret.createdAt} />
      </td>
      <td>{secret.lastUsedAt ? <Time at={secret.lastUsedAt} /> : <span className="subtle">Never</span>}</td>
      <td>
        <Ending {...secret} />
      </td>
      <td className="row-acts">
        {mayRevoke && !isOver(secret) && (
          <Button
            variant="quiet"
            size="small"
            aria-label={`Revoke ${secret.name}`}
            onPress={() => openDialog('revoke', { id: secret.id })}
          >
            <Ban size={13} aria-hidden />
            Revoke
          </Button>
        )}
      </td>
    </>
  );
}

export type Creating = { onClose: () => void; onCreated: (plaintext: string) => void };

/** The dialog that the address asks for; `revoke` answers what went wrong, if anything did. */
export function SecretDialogs<One extends Secret>({
  secrets,
  act,
  mayCreate,
  create,
  onCreated,
  revoke,
  warning,
}: {
  secrets: readonly One[];
  act: string;
  mayCreate: boolean;
  create: (creating: Creating) => ReactNode;
  onCreated: (plaintext: string) => void;
  revoke: (secret: One) => Promise<string | null>;
  warning: (secret: One) => ReactNode;
}) {
  const [search] = useSearchParams();
  const close = useCloseDialog();
  const chosen = secrets.find(({ id }) => id === search.get('id'));
  if (search.get('dialog') === 'new-key' && mayCreate) {
    return create({
      onClose: close,
      onCreated: (plaintext) => {
        close();
        onCreated(plaintext);
      },
    });
  }
  if (search.get('dialog') !== 'revoke' || !chosen || isOver(chosen)) return null;
  return (
    <Confirm
      title={`Revoke ${chosen.name}`}
      act={act}
      pendingText="Revoking…"
      onClose={close}
      onAct={() => revoke(chosen)}
    >
      <p>{warning(chosen)}</p>
    </Confirm>
  );
}
