/** Whose acts may be asked for: people, keys and tokens, as far as the viewer may know of them. */
import { useLive } from '../../client/query';
import { graphql } from '../../gql';
import { useApp, useMay, useMayInOrganization } from '../../shell/app-data';

const AuditActors = graphql(`
  query AuditActors($app: String!, $people: Boolean!, $keys: Boolean!) {
    members(first: 100) @include(if: $people) {
      totalCount
      nodes {
        id
        name
      }
    }
    serviceTokens(first: 100) @include(if: $people) {
      totalCount
      nodes {
        id
        name
      }
    }
    app(name: $app) {
      id
      apiKeys(first: 100) @include(if: $keys) {
        totalCount
        nodes {
          id
          name
        }
      }
    }
  }
`);

type Seen = { id?: string | null | undefined; name: string };

/** `seen` are those of the entries that are shown, and `chosen` is one in any case. */
export function useActors(seen: readonly Seen[], chosen: string): { id: string; text: string }[] {
  const { app } = useApp();
  const people = useMayInOrganization('member.read');
  const keys = useMay('api_key.read');
  const { data } = useLive(AuditActors, { app: app.name, people, keys });
  const lists: { nodes: readonly Seen[] }[] = [data?.members, data?.serviceTokens, data?.app?.apiKeys].filter((list) => !!list);
  return choicesOf([...lists.flatMap(({ nodes }) => nodes), ...seen], chosen);
}

export function choicesOf(actors: readonly Seen[], chosen: string): { id: string; text: string }[] {
  const names = new Map<string, string>();
  for (const { id, name } of actors) if (id && !names.has(id)) names.set(id, name);
  if (chosen && !names.has(chosen)) names.set(chosen, 'Somebody else');
  return [...names].map(([id, text]) => ({ id, text })).sort((a, b) => a.text.localeCompare(b.text));
}
