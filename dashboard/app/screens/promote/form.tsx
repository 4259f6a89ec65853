/** Pick a source, see what will change, say why, and promote. */
import { useEffect, useState } from 'react';
import { Label, TextArea, TextField } from 'react-aria-components';
import { Link, useSearchParams } from 'react-router';
import { useIdempotencyKey } from '../../client/idempotency';
import { useAct, useLive } from '../../client/query';
import { graphql } from '../../gql';
import type { PromoteEnvironmentMutation } from '../../gql/graphql';
import { Button } from '../../kit/button';
import { Choice } from '../../kit/choice';
import { Dialog } from '../../kit/dialog';
import { LoadError, Note, Skeletons } from '../../kit/states';
import { type Comparison, ComparisonSummary, isSame, NothingDiffers } from '../../parts/comparison';
import { Direction } from '../../parts/direction';
import { type Environment, useApp, useEnvironments } from '../../shell/app-data';
import { appPage } from '../../shell/address';

const PromotePreview = graphql(`
  query PromotePreview($source: ID!, $target: ID!) {
    comparison(sourceId: $source, targetId: $target) {
      sourceVersion
      targetVersion
      commitRelation
      sourceCommit {
        ...CommitSummary
      }
      targetCommit {
        ...CommitSummary
      }
      commits(first: 4) {
        totalCount
        nodes {
          ...CommitSummary
        }
      }
      content {
        counts {
          kind
          added
          changed
          removed
        }
      }
      code {
        unavailableReason
        files(first: 0) {
          totalCount
        }
      }
      build {
        wouldHitCache
        unavailableReason
        cacheDecision {
          kind
          detail
        }
      }
    }
  }
`);

const PromoteEnvironment = graphql(`
  mutation PromoteEnvironment($input: PromoteEnvironmentInput!) {
    promoteEnvironment(input: $input) {
      ... on PromoteEnvironmentSuccess {
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
      ... on ContentInvalidError {
        problems {
          path
          line
          message
        }
      }
    }
  }
`);

type Refusal = Exclude<PromoteEnvironmentMutation['promoteEnvironment'], { __typename: 'PromoteEnvironmentSuccess' }>;
const LONGEST_NOTE = 2000;
const COUNTED_FROM = 1600;

export function PromoteForm({
  target,
  onClose,
  onStarted,
}: {
  target: Environment;
  onClose: () => void;
  onStarted: (deployment: string) => void;
}) {
  const { app } = useApp();
  const environments = useEnvironments();
  const [search, change] = useSearchParams();
  const sources = environments.filter(({ id }) => id !== target.id);
  const source = sources.find(({ name }) => name === search.get('source'));
  const [note, setNote] = useState('');
  const [refusal, setRefusal] = useState<Refusal | 'unreachable' | null>(null);
  const [{ fetching }, promote] = useAct(PromoteEnvironment);
  const key = useIdempotencyKey(`${source?.id} ${note}`);
  const preview = useLive(
    PromotePreview,
    { source: source?.id ?? '', target: target.id },
    {
      pause: !source,
      when: ({ environment }) => environment?.id === source?.id || environment?.id === target.id,
    },
  );
  const comparison = source ? preview.data?.comparison : undefined;
  const head = comparison?.sourceCommit;
  const [agreed, agree] = useState<{ source: string; sha: string } | null>(null);
  useEffect(() => {
    if (source && head && agreed?.source !== source.id) agree({ source: source.id, sha: head.sha });
  }, [source, head, agreed]);
  const hasMoved = Boolean(head && agreed?.source === source?.id && agreed?.sha !== head.sha);
  const same = comparison ? isSame(comparison) : false;

  async function submit() {
    if (!source || !comparison || fetching || hasMoved) return;
    setRefusal(null);
    const { data, error } = await promote({
      input: {
        sourceId: source.id,
        targetId: target.id,
        note: note.trim() || null,
        expectedSourceCommit: head?.sha ?? null,
        expectedTargetVersion: comparison.targetVersion,
        idempotencyKey: key,
      },
    });
    const result = data?.promoteEnvironment;
    if (error || !result) return setRefusal('unreachable');
    if (result.__typename === 'PromoteEnvironmentSuccess') return onStarted(result.deployment.id);
    setRefusal(result as Refusal);
    if ('code' in result && result.code.startsWith('STALE')) {
      agree(null);
      preview.refetch();
    }
  }

  return (
    <Dialog
      title={`Promote to ${target.name}`}
      wide
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isDisabled={!comparison || hasMoved}
            isPending={fetching}
            pendingText="Promoting…"
            onPress={() => void submit()}
          >
            {same ? 'Promote anyway' : `Promote to ${target.name}`}
          </Button>
        </>
      }
    >
      <Direction source={source?.name ?? null} target={target.name} />
      <Choice
        label="Source environment"
        placeholder="Select source"
        autoFocus
        options={sources.map((one) => ({
          id: one.name,
          text: `${one.name} (${one.pin ? `v${one.pin.version}` : 'unpinned'})`,
        }))}
        value={source?.name ?? null}
        onChange={(name) => {
          setRefusal(null);
          change((now) => new URLSearchParams([...[...now].filter(([one]) => one !== 'source'), ['source', name]]), {
            replace: true,
          });
        }}
      />
      {source && (
        <section className="preview" aria-label="What will change" aria-busy={!comparison}>
          <h3>What will change</h3>
          {comparison ? (
            same ? (
              <NothingDiffers source={source.name} target={target.name} />
            ) : (
              <>
                <ComparisonSummary comparison={comparison} version={target.currentVersion + 1} />
                <Drift comparison={comparison} source={source.name} target={target.name} />
                <Link className="text-link preview-more" to={`${appPage(app.name)}/compare/${source.name}...${target.name}`}>
                  Compare in full
                </Link>
              </>
            )
          ) : preview.error ? (
            <LoadError what="the comparison" error={preview.error} retry={preview.refetch} />
          ) : (
            <div role="progressbar" aria-label="Comparing">
              <Skeletons count={3} height="line" />
            </div>
          )}
        </section>
      )}
      {hasMoved && head && (
        <Note tone="warning" role="alert">
          {source?.name} moved to {head.shortSha}.{' '}
          <Button size="small" onPress={() => agree({ source: source!.id, sha: head.sha })}>
            Use it
          </Button>
        </Note>
      )}
      <TextField className="field" value={note} onChange={setNote} maxLength={LONGEST_NOTE}>
        <Label>Note (optional)</Label>
        <TextArea
          rows={2}
          placeholder="Why this, why now"
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void submit();
          }}
        />
        {note.length >= COUNTED_FROM && (
          <span className="field-hint numeric">
            {note.length} of {LONGEST_NOTE}
          </span>
        )}
      </TextField>
      {refusal && <RefusalNote refusal={refusal} target={target} />}
    </Dialog>
  );
}

/** What the target serves and the source does not have: promoting takes it away. */
function Drift({ comparison, source, target }: { comparison: Comparison; source: string; target: string }) {
  const count = comparison.commits?.totalCount ?? 0;
  if (comparison.commitRelation === 'BEHIND') {
    return (
      <Note tone="warning">
        {target} runs {count} commit{count === 1 ? '' : 's'} that {source} does not have. Promoting takes {count === 1 ? 'it' : 'them'} away.
      </Note>
    );
  }
  if (comparison.commitRelation !== 'UNKNOWN') return null;
  return (
    <Note tone="warning">
      {source} and {target} do not share a history. {target} may lose what {source} does not have.
    </Note>
  );
}

function RefusalNote({ refusal, target }: { refusal: Refusal | 'unreachable'; target: Environment }) {
  const { app } = useApp();
  if (refusal === 'unreachable') {
    return <Note tone="danger">The server did not answer. Press again: it is promoted once at most.</Note>;
  }
  const busy = refusal.__typename === 'EnvironmentBusyError' ? refusal.deployment.id : null;
  return (
    <Note tone="danger">
      {'message' in refusal && refusal.message}{' '}
      {busy && (
        <Link className="text-link" to={`${appPage(app.name)}/e/${target.name}/deployments/${busy}`}>
          View it
        </Link>
      )}
      {refusal.__typename === 'StaleSourceError' || refusal.__typename === 'StaleTargetError'
        ? 'What will change was compared again: look, and press again.'
        : null}
      {refusal.__typename === 'ContentInvalidError' && (
        <ul className="problems">
          {refusal.problems.map((problem) => (
            <li key={`${problem.path}:${problem.line}`}>
              <code>
                {problem.path}
                {problem.line && `:${problem.line}`}
              </code>{' '}
              {problem.message}
            </li>
          ))}
        </ul>
      )}
    </Note>
  );
}
