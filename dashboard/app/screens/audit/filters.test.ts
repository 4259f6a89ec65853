import { expect, test } from 'vitest';
import { asked, exportAddress, filtersOf } from './filters';

const app = { id: 'A', databaseId: 'a-uuid', name: 'triage' };
const prod = { id: 'E', databaseId: 'e-uuid', name: 'prod' };
const filters = filtersOf(new URLSearchParams('env=prod&outcome=refused&action=environment.promote&from=nonsense'));

test('the address says what is asked for, and nonsense in it is left out', () => {
  expect(asked(filters, app, [prod])).toEqual({
    appId: 'A',
    environmentId: 'E',
    actions: ['environment.promote'],
    outcome: 'REFUSED',
  });
});

test('the export has the same entries as the page', () => {
  expect(exportAddress(filters, app, [prod])).toBe(
    '/v1/audit?app_id=a-uuid&environment_id=e-uuid&action=environment.promote&outcome=refused',
  );
});
