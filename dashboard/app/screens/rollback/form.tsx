/** Pick a version that was served before, see what goes away with it, say why, and roll back. */
import { useState } from 'react';
import { Label, Radio, RadioGroup, TextArea, TextField } from 'react-aria-components';
import { Link, useSearchParams } from 'react-router';
import { useAct, useLive } from '../../client/query';
import { graphql } from '../../gql';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Actor, Time } from '../../kit/identity';
import { LoadError, Note, Skeletons } from '../../kit/states';
import { useIdempotencyKey } from '../../client/idempotency';
import { headline } from '../../parts/deployment';
import { type Environment, useApp } from '../../shell/app-data';
import { between, type Version, versionsOf } from './versions';
import { appPage } from '../../shell/address';
import './rollback.css';

const Versions = graphql(`
  query Versions($id: ID!) {
    node(id: $id) {
      ... on Environment {
        id
        deployments(first: 100, filter: { status: DEPLOYED }) {
          totalCount
          nodes {
            ...DeploymentSummary
          }
        }
      }
    }
  }
`);

const RollbackEnvironment = graphql(`
  mutation RollbackEnvironment($input: RollbackEnvironmentInput!) {
    rollbackEnvironment(input: $input) {
      ... on RollbackEnvironmentSuccess {
        deployment {
          ...DeploymentSummary
          environment {
            ...EnvironmentSummary
          }
        }
      }
      ... on UserError {
        code
        message
      }
      ... on EnvironmentBusyError {
        deployment {
          id
        }
      }
    }
  }
`);

const LONGEST_NOTE = 2000;
type Refusal = { message: string; busy?: string | undefined };

export function RollbackForm({
  target,
  pin,
  onClose,
  onStarted,
}: {
  target: Environment;
  pin: NonNullable<Environment['pin']>;
  onClose: () => void;
  onStarted: (deployment: string) => void;
}) {
  const [search, change] = useSearchParams();
  const [note, setNote] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [{ fetching }, rollBack] = useAct(RollbackEnvironment);
  const list = useLive(Versions, { id: target.id }, { when: ({ environment }) => environment?.id === target.id });
  const deployed = list.data?.node?.__typename === 'Environment' ? list.data.node.deployments.nodes : undefined;
  const all = deployed && versionsOf(deployed, 0);
  const versions = all?.filter(({ version }) => version !== pin.version);
  const chosen = versions?.find(({ version }) => `v${version}` === search.get('to'));
  const key = useIdempotencyKey(`${chosen?.version} ${note}`);

  async function submit() {
    if (!chosen || fetching) return;
    setRefusal(null);
    const input = { environmentId: target.id, version: chosen.version, note: note.trim() || null, idempotencyKey: key };
    const { data, error } = await rollBack({ input });
    const result = data?.rollbackEnvironment;
    if (error || !result) {
      return setRefusal({ message: 'The server did not answer. Press again: it is rolled back once at most.' });
    }
    if (result.__typename === 'RollbackEnvironmentSuccess') return onStarted(result.deployment.id);
    setRefusal({
      message: 'message' in result ? result.message : '',
      busy: result.__typename === 'EnvironmentBusyError' ? result.deployment.id : undefined,
    });
  }

  return (
    <Dialog
      title={`Roll back ${target.name}`}
      wide
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isDisabled={!chosen}
            isPending={fetching}
            pendingText="Rolling back…"
            onPress={() => void submit()}
          >
            {chosen ? `Roll back to v${chosen.version}` : 'Roll back'}
          </Button>
        </>
      }
    >
      {versions === undefined ? (
        list.error ? (
          <LoadError what="the versions" error={list.error} retry={list.refetch} />
        ) : (
          <Skeletons count={3} height="row" />
        )
      ) : versions.length === 0 ? (
        <Note>{target.name} has served no other version, so there is nothing to roll back to.</Note>
      ) : (
        <VersionPicker
          versions={versions}
          value={chosen ? `v${chosen.version}` : null}
          onChange={(to) => {
            setRefusal(null);
            change((now) => new URLSearchParams([...[...now].filter(([one]) => one !== 'to'), ['to', to]]), {
              replace: true,
            });
          }}
        />
      )}
      {chosen && all && <WhatWillChange target={target} pin={pin} chosen={chosen} all={all} />}
      <TextField className="field" value={note} onChange={setNote} maxLength={LONGEST_NOTE}>
        <Label>Note (optional)</Label>
        <TextArea
          rows={2}
          placeholder="What went wrong"
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void submit();
          }}
        />
      </TextField>
      {refusal && <RefusalNote refusal={refusal} target={target} />}
    </Dialog>
  );
}

function VersionPicker({
  versions,
  value,
  onChange,
}: {
  versions: Version[];
  value: string | null;
  onChange: (to: string) => void;
}) {
  return (
    <RadioGroup className="versions" value={value} onChange={onChange}>
      <Label className="label">Version</Label>
      <div className="versions-list">
        {versions.map(({ version, commit, createdAt, actor }) => (
          <Radio key={version} value={`v${version}`} className="version" aria-label={`v${version} at ${commit.shortSha}`}>
            <span className="version-mark" aria-hidden />
            <span className="version-number mono">v{version}</span>
            <code className="subtle">{commit.shortSha}</code>
            <span className="version-message">{headline(commit.message)}</span>
            <span className="version-by subtle">
              <Actor actor={actor} />
              <Time at={createdAt} />
            </span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

function WhatWillChange({
  target,
  pin,
  chosen,
  all,
}: {
  target: Environment;
  pin: NonNullable<Environment['pin']>;
  chosen: Version;
  all: Version[];
}) {
  const isBack = chosen.version < pin.version;
  const moved = between(all, pin.version, chosen.version);
  return (
    <section className="preview" aria-label="What will change">
      <h3>What will change</h3>
      <div className="comparison">
        <div className="comparison-line">
          <code>{pin.commit.shortSha}</code>
          <span className="subtle" aria-hidden>
            →
          </span>
          <span className="visually-hidden">to</span>
          <code>{chosen.commit.shortSha}</code>
          <span className="muted">· {isBack ? 'an earlier version' : 'a later version'}</span>
          <span className="comparison-version">
            v{pin.version} → <strong>v{chosen.version}</strong>
          </span>
        </div>
        <ol className="comparison-commits" aria-label={isBack ? 'Taken away' : 'Brought again'}>
          {moved.map(({ version, commit, note }) => (
            <li key={version}>
              <span className={isBack ? 'count-removed' : 'count-added'} aria-hidden>
                {isBack ? '−' : '+'}
              </span>
              <span className="mono">v{version}</span>
              <span className="comparison-message">{note || headline(commit.message)}</span>
              <code className="subtle">{commit.shortSha}</code>
            </li>
          ))}
        </ol>
      </div>
      <Note tone="warning">
        {target.name} will serve v{chosen.version} again; the next promotion makes v{target.currentVersion + 1}. Data
        and API keys are not changed.
      </Note>
    </section>
  );
}

function RefusalNote({ refusal, target }: { refusal: Refusal; target: Environment }) {
  const { app } = useApp();
  return (
    <Note tone="danger">
      {refusal.message}{' '}
      {refusal.busy && (
        <Link className="text-link" to={`${appPage(app.name)}/e/${target.name}/deployments/${refusal.busy}`}>
          View it
        </Link>
      )}
    </Note>
  );
}
