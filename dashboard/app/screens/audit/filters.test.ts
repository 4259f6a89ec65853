import { expect, test } from 'vitest';
import { choicesOf } from './actors';
import { asked, exportAddress, filtersOf } from './filters';

const app = { id: 'A', databaseId: 'a-uuid', name: 'triage' };
const prod = { id: 'E', databaseId: 'e-uuid', name: 'prod' };
const filters = filtersOf(new URLSearchParams('env=prod&actor=M&outcome=refused&action=environment.promote&from=nonsense'));

test('the address says what is asked for, and nonsense in it is left out', () => {
  expect(asked(filters, app, [prod])).toEqual({
    appId: 'A',
    environmentId: 'E',
    actions: ['environment.promote'],
    actorId: 'M',
    outcome: 'REFUSED',
  });
});

test('the export has the same entries as the page', () => {
  expect(exportAddress(filters, app, [prod])).toBe(
    '/v1/audit?app_id=a-uuid&environment_id=e-uuid&action=environment.promote&actor_id=M&outcome=refused',
  );
});

test('who may be asked for is named once, and who was chosen is among them', () => {
  const seen = [
    { id: 'B', name: 'rita' },
    { id: 'A', name: 'ada' },
    { id: 'B', name: 'rita, as she was called' },
    { id: null, name: 'Pinmark' },
  ];

  expect(choicesOf(seen, 'C')).toEqual([
    { id: 'A', text: 'ada' },
    { id: 'B', text: 'rita' },
    { id: 'C', text: 'Somebody else' },
  ]);
});
