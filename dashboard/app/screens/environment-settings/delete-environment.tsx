/** Delete an environment: what goes with it, and its name typed out. */
import { Archive, Boxes, Cable, KeyRound, SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useAct, useLive } from '../../client/query';
import { troubleOf } from '../../client/outcome';
import { graphql } from '../../gql';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Field } from '../../kit/field';
import { FormDialog } from '../../kit/form-dialog';
import { Note, Skeletons } from '../../kit/states';
import { toast } from '../../kit/toasts';
import { Needs } from '../../parts/needs';
import { appPage } from '../../shell/address';
import { type Environment, useApp, useEnvironments, useMay } from '../../shell/app-data';
import '../settings.css';

const DeletionPreview = graphql(`
  query DeletionPreview($id: ID!) {
    node(id: $id) {
      ... on Environment {
        id
        deletionPreview {
          snapshotFilesReleased
          apiKeysRevoked
          variablesReleased
        }
        deployments(first: 1) {
          totalCount
        }
      }
    }
  }
`);

const DeleteEnvironment = graphql(`
  mutation DeleteEnvironment($input: DeleteEnvironmentInput!) {
    deleteEnvironment(input: $input) {
      ... on DeleteEnvironmentSuccess {
        environment {
          id
          deletedAt
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

export default function DeleteEnvironmentDialog({ target, onClose }: { target: Environment; onClose: () => void }) {
  const may = useMay('environment.delete');
  if (may && !target.isDefault) return <Delete target={target} onClose={onClose} />;
  return (
    <Dialog
      title={`You can’t delete ${target.name}`}
      onClose={onClose}
      foot={<Button onPress={onClose}>Close</Button>}
    >
      {target.isDefault ? (
        <Note>The default environment can’t be deleted.</Note>
      ) : (
        <Needs permission="environment.delete" />
      )}
    </Dialog>
  );
}

function Delete({ target, onClose }: { target: Environment; onClose: () => void }) {
  const { app } = useApp();
  const home = useEnvironments().find(({ isDefault }) => isDefault);
  const navigate = useNavigate();
  const [typed, type] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  const [{ fetching }, remove] = useAct(DeleteEnvironment);
  const isBusy = target.deploying !== null;
  const isReady = typed === target.name && !isBusy;

  async function submit() {
    const { data, error } = await remove({ input: { environmentId: target.id, confirmationName: typed } });
    const wrong = troubleOf(data?.deleteEnvironment, error);
    setTrouble(wrong);
    if (wrong) return;
    toast({ tone: 'success', text: `Deleted ${target.name}.` });
    void navigate(home ? `${appPage(app.name)}/e/${home.name}/deployments` : appPage(app.name), { replace: true });
  }

  return (
    <FormDialog
      title="Delete environment"
      act="Delete environment"
      pendingText="Deleting…"
      isPending={fetching}
      isReady={isReady}
      isDangerous
      onSubmit={submit}
      onClose={onClose}
      before={
        <>
          <p>
            <strong className="mono">{target.name}</strong> stops serving at once. This can’t be undone.
          </p>
          <Losses target={target} />
          {isBusy && <Note tone="warning">A deployment is running. Wait until it has settled, or cancel it.</Note>}
        </>
      }
    >
      <Field label={`Type ${target.name} to confirm`} value={typed} onChange={type} mono trouble={trouble} />
    </FormDialog>
  );
}

function Losses({ target }: { target: Environment }) {
  const preview = useLive(DeletionPreview, { id: target.id });
  const node = preview.data?.node;
  if (!node || !('deletionPreview' in node)) return <Skeletons count={3} height="line" />;
  const { apiKeysRevoked, variablesReleased, snapshotFilesReleased } = node.deletionPreview;
  return (
    <ul className="losses" aria-label="What goes">
      {target.pin && (
        <li>
          <Cable size={14} aria-hidden />v{target.pin.version} is no longer served, and its code stops
        </li>
      )}
      <li>
        <KeyRound size={14} aria-hidden />
        {counted(apiKeysRevoked, 'API key')} will stop working
      </li>
      <li>
        <SlidersHorizontal size={14} aria-hidden />
        {counted(variablesReleased, 'variable')} will be forgotten
      </li>
      <li>
        <Boxes size={14} aria-hidden />
        {counted(snapshotFilesReleased, 'content file')} of its snapshots will be let go
      </li>
      <li>
        <Archive size={14} aria-hidden />
        {counted(node.deployments.totalCount, 'deployment')} kept in audit
      </li>
    </ul>
  );
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
