/** Set a variable, or change one whose name is there already. */
import { useMemo, useState } from 'react';
import { newIdempotencyKey, troubleOf } from '../../client/outcome';
import { useAct } from '../../client/query';
import { graphql } from '../../gql';
import type { VariablePhase } from '../../gql/graphql';
import { Choice } from '../../kit/choice';
import { Field } from '../../kit/field';
import { FormDialog } from '../../kit/form-dialog';
import { useEnvironment } from '../../shell/environment-layout';
import type { EnvironmentVariable } from './variables';

const SetEnvironmentVariable = graphql(`
  mutation SetEnvironmentVariable($input: SetEnvironmentVariableInput!) {
    setEnvironmentVariable(input: $input) {
      ... on SetEnvironmentVariableSuccess {
        variable {
          id
          name
          phase
          updatedAt
          updatedBy {
            kind
            name
          }
        }
      }
      ... on UserError {
        code
        message
      }
      ... on InvalidInputError {
        code
        message
        field
      }
    }
  }
`);

export const PHASES = {
  RUNTIME: 'Running handler',
  BUILD: 'Builds',
  BOTH: 'Builds and running handler',
} as const;

export function SetVariable({
  variable,
  onClose,
  onSet,
}: {
  variable: EnvironmentVariable | undefined;
  onClose: () => void;
  onSet: () => void;
}) {
  const environment = useEnvironment();
  const [name, setName] = useState(variable?.name ?? '');
  const [value, setValue] = useState('');
  const [phase, setPhase] = useState<VariablePhase>(variable?.phase ?? 'RUNTIME');
  const [trouble, setTrouble] = useState<{ field: string; message: string } | null>(null);
  const [{ fetching }, set] = useAct(SetEnvironmentVariable);
  const idempotencyKey = useMemo(newIdempotencyKey, [name, value, phase]);

  async function submit() {
    const { data, error } = await set({
      input: {
        environmentId: environment.id,
        name,
        value,
        phase,
        idempotencyKey,
      },
    });
    const result = data?.setEnvironmentVariable;
    const message = troubleOf(result, error);
    if (!message) {
      onSet();
      return onClose();
    }
    setTrouble({ field: result && 'field' in result ? result.field : 'value', message });
  }

  const at = (field: string) => (trouble?.field === field ? trouble.message : null);
  return (
    <FormDialog
      title={variable ? `Change ${variable.name}` : 'Set variable'}
      act="Set variable"
      pendingText="Setting…"
      isPending={fetching}
      isReady={name !== ''}
      footNote={`Of ${environment.name} alone`}
      onSubmit={submit}
      onClose={onClose}
    >
      {!variable && (
        <Field
          label="Name"
          value={name}
          onChange={(to) => {
            setName(to);
            setTrouble(null);
          }}
          mono
          autoFocus
          placeholder="OPENAI_API_KEY"
          hint="Letters, digits and underscores, no digit first."
          trouble={at('name')}
        />
      )}
      <Field
        label="Value"
        value={value}
        onChange={(to) => {
          setValue(to);
          setTrouble(null);
        }}
        mono
        lines={3}
        autoFocus={variable !== undefined}
        hint={variable ? 'Replaces the value that is there.' : 'At most 32 KiB. Kept encrypted.'}
        trouble={trouble && trouble.field !== 'name' ? trouble.message : null}
      />
      <Choice
        label="Given to"
        value={phase}
        onChange={(to) => setPhase(to as VariablePhase)}
        options={Object.entries(PHASES).map(([id, text]) => ({ id, text }))}
      />
    </FormDialog>
  );
}
