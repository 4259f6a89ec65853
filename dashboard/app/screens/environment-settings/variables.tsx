/** Variables of an environment: named, shown one at a time and never promoted. */
import { Eye, EyeOff, Pencil, Plus, Trash2, Variable } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useAct, useLive } from '../../client/query';
import { troubleOf } from '../../client/outcome';
import { graphql } from '../../gql';
import type { EnvironmentVariablesQuery } from '../../gql/graphql';
import { Button } from '../../kit/button';
import { Confirm } from '../../kit/confirm';
import { Actor, Time } from '../../kit/identity';
import { PageHeading } from '../../kit/page';
import { Denied, Empty, LoadError, Skeletons } from '../../kit/states';
import { toast } from '../../kit/toasts';
import { TableHead } from '../../kit/table-head';
import { useCloseDialog, useOpenDialog } from '../../shell/address';
import { useMay } from '../../shell/app-data';
import { useEnvironment } from '../../shell/environment-layout';
import { PHASES, SetVariable } from './set-variable';
import '../../kit/table.css';

const EnvironmentVariables = graphql(`
  query EnvironmentVariables($id: ID!) {
    node(id: $id) {
      ... on Environment {
        id
        variables(first: 100) {
          totalCount
          nodes {
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
      }
    }
  }
`);

const RevealVariable = graphql(`
  mutation RevealVariable($input: RevealEnvironmentVariableInput!) {
    revealEnvironmentVariable(input: $input) {
      ... on RevealEnvironmentVariableSuccess {
        value
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

const DeleteVariable = graphql(`
  mutation DeleteVariable($input: DeleteEnvironmentVariableInput!) {
    deleteEnvironmentVariable(input: $input) {
      ... on DeleteEnvironmentVariableSuccess {
        deletedVariableId
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

type Found = Extract<NonNullable<EnvironmentVariablesQuery['node']>, { variables: unknown }>;
export type EnvironmentVariable = Found['variables']['nodes'][number];

export function Component() {
  return useMay('variable.read') ? <Variables /> : <Denied title="Variables" permission="variable.read" />;
}

function Variables() {
  const environment = useEnvironment();
  const mayWrite = useMay('variable.write');
  const openDialog = useOpenDialog();
  const read = useLive(EnvironmentVariables, { id: environment.id }, {
    when: ({ kind, environment: about }) => kind === 'VARIABLES_CHANGED' && about?.id === environment.id,
  });
  const variables = (read.data?.node as Found | undefined)?.variables.nodes;
  return (
    <>
      <div className="page-head">
        <PageHeading title="Variables" />
        {mayWrite && (
          <div className="page-head-aside">
            <Button variant="primary" onPress={() => openDialog('set-variable')}>
              <Plus size={14} aria-hidden />
              Set variable
            </Button>
          </div>
        )}
      </div>
      <p className="muted">
        What {environment.name} gives its code. Values are kept encrypted, never promoted, and masked in logs. A change
        is there with the next deployment, or once {environment.name} is redeployed.
      </p>
      {read.error && <LoadError what="the variables" error={read.error} retry={read.refetch} />}
      {!variables && !read.error && <Skeletons count={3} height="row" />}
      {variables?.length === 0 && (
        <Empty icon={Variable} title={`No variables in ${environment.name}.`}>
          <p>Keys of model providers, addresses of services: what differs from one environment to the next.</p>
        </Empty>
      )}
      {variables && variables.length > 0 && (
        <div className="card table-card" tabIndex={0} role="region" aria-label="Variables">
          <table className="table" aria-label="Variables">
            <TableHead columns={['Name', 'Value', 'Given to', 'Changed']} hidden="Actions" />
            <tbody>
              {variables.map((one) => (
                <Row key={one.id} variable={one} mayWrite={mayWrite} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <VariableDialogs variables={variables ?? []} mayWrite={mayWrite} refetch={read.refetch} />
    </>
  );
}

function Row({ variable, mayWrite }: { variable: EnvironmentVariable; mayWrite: boolean }) {
  const openDialog = useOpenDialog();
  return (
    <tr>
      <th scope="row" className="mono">
        {variable.name}
      </th>
      <td>
        <Value variable={variable} />
      </td>
      <td>{PHASES[variable.phase]}</td>
      <td>
        <span className="row-by subtle">
          <Actor actor={variable.updatedBy} />
          <Time at={variable.updatedAt} />
        </span>
      </td>
      <td className="row-acts">
        {mayWrite && (
          <>
            <Button
              variant="quiet"
              size="small"
              iconOnly
              aria-label={`Change ${variable.name}`}
              onPress={() => openDialog('set-variable', { id: variable.id })}
            >
              <Pencil size={14} aria-hidden />
            </Button>
            <Button
              variant="quiet"
              size="small"
              iconOnly
              aria-label={`Delete ${variable.name}`}
              onPress={() => openDialog('delete-variable', { id: variable.id })}
            >
              <Trash2 size={14} aria-hidden />
            </Button>
          </>
        )}
      </td>
    </tr>
  );
}

/** Told on demand, and forgotten when the variable changes or the page is left. */
function Value({ variable }: { variable: EnvironmentVariable }) {
  const mayReveal = useMay('variable.reveal');
  const [value, setValue] = useState<string | null>(null);
  const [{ fetching }, reveal] = useAct(RevealVariable);
  useEffect(() => setValue(null), [variable.updatedAt]);

  async function show() {
    const { data, error } = await reveal({ input: { variableId: variable.id } });
    const result = data?.revealEnvironmentVariable;
    const wrong = troubleOf(result, error, 'The server did not answer.');
    if (wrong) toast({ tone: 'danger', text: `Couldn’t reveal ${variable.name}. ${wrong}` });
    else if (result && 'value' in result) setValue(result.value);
  }

  if (value !== null) {
    return (
      <>
        <code className="revealed">{value || '(empty)'}</code>{' '}
        <Button variant="quiet" size="small" iconOnly aria-label={`Hide ${variable.name}`} onPress={() => setValue(null)}>
          <EyeOff size={14} aria-hidden />
        </Button>
      </>
    );
  }
  return (
    <>
      <span aria-hidden className="subtle mono">
        ••••••••
      </span>{' '}
      {mayReveal && (
        <Button
          variant="quiet"
          size="small"
          iconOnly
          aria-label={`Reveal ${variable.name}`}
          isPending={fetching}
          pendingText=""
          onPress={() => void show()}
        >
          <Eye size={14} aria-hidden />
        </Button>
      )}
    </>
  );
}

function VariableDialogs({
  variables,
  mayWrite,
  refetch,
}: {
  variables: EnvironmentVariable[];
  mayWrite: boolean;
  refetch: () => void;
}) {
  const [search] = useSearchParams();
  const close = useCloseDialog();
  const [, remove] = useAct(DeleteVariable);
  const chosen = variables.find(({ id }) => id === search.get('id'));
  if (!mayWrite) return null;
  if (search.get('dialog') === 'set-variable') {
    return <SetVariable variable={chosen} onClose={close} onSet={refetch} />;
  }
  if (search.get('dialog') !== 'delete-variable' || !chosen) return null;
  return (
    <Confirm
      title={`Delete ${chosen.name}`}
      act="Delete variable"
      pendingText="Deleting…"
      onClose={close}
      onAct={async () => {
        const { data, error } = await remove({ input: { variableId: chosen.id } });
        const wrong = troubleOf(data?.deleteEnvironmentVariable, error);
        if (!wrong) refetch();
        return wrong;
      }}
    >
      <p>Its value is forgotten. What runs now keeps it until the next deployment.</p>
    </Confirm>
  );
}
