/** Create an app; a repository is linked to it next. */
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { newIdempotencyKey, troubleOf } from '../../client/outcome';
import { useAct } from '../../client/query';
import { graphql } from '../../gql';
import { Field } from '../../kit/field';
import { FormDialog } from '../../kit/form-dialog';
import { Note } from '../../kit/states';
import { PlanLimit } from '../../parts/plan-limit';
import { appPage } from '../../shell/address';
import { NAME_HINT, troubleWithName } from '../create-environment/name';

const CreateAppMutation = graphql(`
  mutation CreateApp($input: CreateAppInput!) {
    createApp(input: $input) {
      ... on CreateAppSuccess {
        app {
          id
          name
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

export function CreateApp({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  const [limit, setLimit] = useState<string | null>(null);
  const [{ fetching }, create] = useAct(CreateAppMutation);
  const idempotencyKey = useMemo(newIdempotencyKey, [name]);

  async function submit() {
    const wrong = troubleWithName(name, []);
    if (wrong) return setTrouble('That is not a valid name.');
    const { data, error } = await create({ input: { name, idempotencyKey } });
    const result = data?.createApp;
    const message = troubleOf(result, error, 'Couldn’t create. Nothing was changed.');
    if (!message) return void navigate(`${appPage(name)}/settings/repository?dialog=link-repository`);
    if (result?.__typename === 'AppLimitError') setLimit(message);
    else setTrouble(message);
  }

  return (
    <FormDialog
      title="Create app"
      act="Create"
      pendingText="Creating…"
      isPending={fetching}
      footNote="Its repository is linked next."
      onSubmit={submit}
      onClose={onClose}
      after={
        limit && (
          <Note tone="danger">
            <PlanLimit message={limit} />
          </Note>
        )
      }
    >
      <Field
        label="Name"
        value={name}
        onChange={(to) => {
          setName(to);
          setTrouble(null);
          setLimit(null);
        }}
        mono
        autoFocus
        placeholder="support-triage"
        hint={NAME_HINT}
        trouble={trouble}
      />
    </FormDialog>
  );
}
