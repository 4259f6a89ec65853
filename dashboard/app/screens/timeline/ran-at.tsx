/** "What ran on Tuesday at two?", answered in a sentence. */
import { Clock } from 'lucide-react';
import { useState } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import { Link, useSearchParams } from 'react-router';
import { useLive } from '../../client/query';
import { graphql } from '../../gql';
import { reasonOf } from '../../kit/states';
import { type Environment, useApp } from '../../shell/app-data';
import { momentOf } from './when';
import { appPage } from '../../shell/address';

const VersionAt = graphql(`
  query VersionAt($id: ID!, $time: DateTime!) {
    node(id: $id) {
      ... on Environment {
        id
        versionAt(time: $time) {
          version
          commit {
            ...CommitSummary
          }
          deployment {
            id
          }
        }
      }
    }
  }
`);

const exactly = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

export function RanAt({ environment }: { environment: Environment }) {
  const [search, change] = useSearchParams();
  const [text, write] = useState(search.get('at') ?? '');
  const moment = momentOf(text, new Date());

  function edit(value: string) {
    write(value);
    change((now) => {
      const next = new URLSearchParams(now);
      if (value.trim()) next.set('at', value);
      else next.delete('at');
      return next;
    }, { replace: true });
  }

  return (
    <div className="ran-at card">
      <TextField className="field ran-at-field" value={text} onChange={edit}>
        <Label>At</Label>
        <Input placeholder="Tue 14:00" autoComplete="off" />
      </TextField>
      <div role="status" aria-label="Answer" className="ran-at-answer">
        {text.trim() === '' ? (
          <span className="subtle">Type a day or a time, as “Tue 14:00”, “yesterday 9:30” or a date.</span>
        ) : moment === null ? (
          <span className="subtle">That is no time yet. Try “Tue 14:00” or “2026-05-26 14:00”.</span>
        ) : moment > new Date() ? (
          <span className="subtle">{exactly.format(moment)} has not come yet.</span>
        ) : (
          <Answer environment={environment} moment={moment} />
        )}
      </div>
    </div>
  );
}

function Answer({ environment, moment }: { environment: Environment; moment: Date }) {
  const { app } = useApp();
  const { data, error } = useLive(VersionAt, { id: environment.id, time: moment.toISOString() });
  if (error) return <span className="subtle">{reasonOf(error)}</span>;
  if (data?.node?.__typename !== 'Environment') return <span className="subtle">Looking…</span>;
  const served = data.node.versionAt;
  return (
    <>
      <Clock size={14} aria-hidden />
      <span>
        On {exactly.format(moment)},{' '}
        {served ? (
          <strong>
            {environment.name} ran{' '}
            <Link className="text-link" to={`${appPage(app.name)}/e/${environment.name}/deployments/${served.deployment.id}`}>
              {served.version ? `v${served.version} (${served.commit.shortSha})` : served.commit.shortSha}
            </Link>
          </strong>
        ) : (
          <strong>{environment.name} ran nothing.</strong>
        )}
      </span>
    </>
  );
}
