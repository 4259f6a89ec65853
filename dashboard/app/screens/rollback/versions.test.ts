import { expect, test } from 'vitest';
import { between, type Version, versionsOf } from './versions';

const deployed = (version: number, kind: Version['kind'] = 'PROMOTION'): Version => ({
  id: `${kind} ${version}`,
  version,
  kind,
  commit: { __typename: 'Commit', sha: 'a', shortSha: 'a', message: null, authorName: null, committedAt: null },
  createdAt: '2026-01-01T00:00:00Z',
  actor: null,
  note: null,
});
const numbers = (versions: Version[]) => versions.map(({ version }) => version);

test('each version is offered once, as it was promoted, and the pinned one is not', () => {
  const history = [deployed(1, 'ROLLBACK'), deployed(3), deployed(2), deployed(1)];

  const versions = versionsOf(history, 2);

  expect(numbers(versions)).toEqual([3, 1]);
  expect(versions[1]!.kind).toBe('PROMOTION');
});

test('going back gives up what was promoted since, and going forward brings it again', () => {
  const versions = versionsOf([4, 3, 2, 1].map((version) => deployed(version)), 0);

  expect(numbers(between(versions, 4, 2))).toEqual([4, 3]);
  expect(numbers(between(versions, 1, 3))).toEqual([3, 2]);
});
