/** What happened to a deployment, in order, as the server recorded it. */
import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { pipe, subscribe } from 'wonka';
import { parse } from '../../client/documents';
import { graphql } from '../../gql';
import type { DeploymentEventsSubscription } from '../../gql/graphql';
import { Actor } from '../../kit/identity';
import { absolute } from '../../kit/time';
import { CODE_BUILD, FILE_SYNC } from '../../parts/deployment';

const DeploymentEvents = graphql(`
  subscription DeploymentEvents($id: ID!, $after: String) {
    deploymentProgress(id: $id, after: $after) {
      cursor
      occurredAt
      status
      fileSyncStatus
      codeBuildStatus
      actor {
        kind
        name
      }
    }
  }
`);

type Event = DeploymentEventsSubscription['deploymentProgress'];

function useEvents(id: string): readonly Event[] {
  const client = useClient();
  const [events, setEvents] = useState<readonly Event[]>([]);
  useEffect(() => {
    setEvents([]);
    const { unsubscribe } = pipe(
      client.subscription(parse(DeploymentEvents), { id, after: null }),
      subscribe(({ data }) => {
        const event = data?.deploymentProgress;
        if (event) setEvents((now) => (now.some(({ cursor }) => cursor === event.cursor) ? now : [...now, event]));
      }),
    );
    return unsubscribe;
  }, [client, id]);
  return events;
}

/** What an event says that the one before did not. */
function wordsOf(event: Event, before: Event | undefined): string {
  const words = [
    event.status !== before?.status && { IN_PROGRESS: 'Started', DEPLOYED: 'Deployed', FAILED: 'Failed' }[event.status],
    before && event.fileSyncStatus !== before.fileSyncStatus && `File sync: ${FILE_SYNC[event.fileSyncStatus].pill}`,
    before && event.codeBuildStatus !== before.codeBuildStatus && `Code build: ${CODE_BUILD[event.codeBuildStatus].pill}`,
  ];
  return words.filter(Boolean).join(' · ') || 'Went on';
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

export function Events({ id }: { id: string }) {
  const events = useEvents(id);
  if (events.length === 0) return null;
  return (
    <section className="events card" aria-labelledby="events">
      <h2 id="events">What happened</h2>
      <ol>
        {events.map((event, index) => (
          <li key={event.cursor} data-status={event.status}>
            <time dateTime={event.occurredAt} title={absolute(event.occurredAt)} className="numeric subtle">
              {clock.format(new Date(event.occurredAt))}
            </time>
            <span className="events-mark" aria-hidden />
            <span>{wordsOf(event, events[index - 1])}</span>
            {event.actor && <Actor actor={event.actor} />}
          </li>
        ))}
      </ol>
    </section>
  );
}
