/** Create an environment, and what to do with it next. */
import { useRef, useState } from 'react';
import { FieldError, Input, Label, Text, TextField } from 'react-aria-components';
import { useNavigate, useSearchParams } from 'react-router';
import { useAct } from '../../client/query';
import { graphql } from '../../gql';
import { Button, ButtonLink } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { FormDialog } from '../../kit/form-dialog';
import { Note } from '../../kit/states';
import { Needs } from '../../parts/needs';
import { PlanLimit } from '../../parts/plan-limit';
import { appPage } from '../../shell/address';
import { useApp, useMay } from '../../shell/app-data';
import { NAME_HINT, troubleWithName } from './name';

const CreateEnvironment = graphql(`
  mutation CreateEnvironment($input: CreateEnvironmentInput!) {
    createEnvironment(input: $input) {
      ... on CreateEnvironmentSuccess {
        environment {
          ...EnvironmentSummary
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

export default function CreateEnvironmentDialog({ onClose }: { onClose: () => void }) {
  const [search, change] = useSearchParams();
  const created = search.get('created');
  const may = useMay('environment.insert');
  if (created) return <Created name={created} />;
  if (!may) {
    return (
      <Dialog title="Create environment" onClose={onClose} foot={<Button onPress={onClose}>Close</Button>}>
        <Needs permission="environment.insert" />
      </Dialog>
    );
  }
  return (
    <Create
      onClose={onClose}
      onCreated={(name) =>
        change((now) => new URLSearchParams([...now, ['created', name]]), { replace: true })
      }
    />
  );
}

function Create({ onClose, onCreated }: { onClose: () => void; onCreated: (name: string) => void }) {
  const { app } = useApp();
  const taken = app.environments.nodes.map(({ name }) => name);
  const [name, setName] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  const [isLimit, setLimit] = useState(false);
  const [{ fetching }, create] = useAct(CreateEnvironment);
  const idempotencyKey = useRef(crypto.randomUUID?.() ?? String(Math.random()));

  async function submit() {
    const wrong = troubleWithName(name, taken);
    setTrouble(wrong);
    if (wrong) return;
    const { data, error } = await create({
      input: { appId: app.id, name, idempotencyKey: `${idempotencyKey.current}:${name}` },
    });
    const result = data?.createEnvironment;
    setLimit(result?.__typename === 'EnvironmentLimitError');
    if (error || !result) setTrouble('Couldn’t create. Nothing was changed.');
    else if (result.__typename === 'CreateEnvironmentSuccess') onCreated(name);
    else if ('message' in result) setTrouble(result.code === 'NAME_TAKEN' ? `An environment named ${name} already exists.` : result.message);
  }

  return (
    <FormDialog
      title="Create environment"
      act="Create"
      pendingText="Creating…"
      isPending={fetching}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        className="field"
        name="name"
        value={name}
        onChange={(value) => {
          setName(value);
          setTrouble(null);
          setLimit(false);
        }}
        onBlur={() => name && setTrouble((told) => troubleWithName(name, taken) ?? told)}
        isInvalid={trouble !== null}
        autoFocus
        autoComplete="off"
      >
        <Label>Name</Label>
        <Input className="mono" spellCheck={false} placeholder="staging" maxLength={60} />
        <Text slot="description" className="field-hint">
          {NAME_HINT}
        </Text>
        <div className="field-error">
          {trouble && trouble !== NAME_HINT && (
            <FieldError>{isLimit ? <PlanLimit message={trouble} /> : trouble}</FieldError>
          )}
          {trouble === NAME_HINT && <FieldError>That is not a valid name.</FieldError>}
        </div>
      </TextField>
    </FormDialog>
  );
}

function Created({ name }: { name: string }) {
  const { app } = useApp();
  const navigate = useNavigate();
  const later = () => void navigate(`${appPage(app.name)}/e/${name}/deployments`);
  return (
    <Dialog
      title="Environment created"
      onClose={later}
      foot={
        <>
          <Button onPress={later}>Later</Button>
          <ButtonLink variant="primary" autoFocus to={`${appPage(app.name)}/settings/api-keys?env=${name}`}>
            Create an API key for this environment
          </ButtonLink>
        </>
      }
    >
      <p>
        <strong className="mono">{name}</strong> has no pin yet. It serves nothing until the first promote.
      </p>
      <Note tone="info" role="note">
        No API key was created automatically.
      </Note>
    </Dialog>
  );
}
