import { expect, test } from 'vitest';
import { type Holder, holdersOf } from './holders';

const member = (name: string, role: string, permissions: string[], more: Partial<Holder> = {}): Holder => ({
  name,
  role,
  permissions,
  appAccess: { totalCount: 0, nodes: [] },
  ...more,
});
const inApp = (access: object, totalCount = 1) => ({
  appAccess: { totalCount, nodes: [{ switchedOff: false, app: { id: 'A' }, ...access }] },
});

test('who holds a permission in an app is told by name, whatever they hold elsewhere', () => {
  const members = [
    member('root', 'OWNER', ['promote']),
    member('ada', 'READ', [], inApp({ customRole: { permissions: ['promote'] } })),
    member('grace', 'READ', [], inApp({ role: 'OWNER' })),
    member('linus', 'OWNER', ['promote'], inApp({ switchedOff: true })),
    member('ken', 'OWNER', ['promote'], inApp({ role: 'READ' })),
    member('left', 'OWNER', ['promote'], { deactivatedAt: '2026-01-01T00:00:00Z' }),
    member('rita', 'READ', []),
  ];

  expect(holdersOf('promote', 'A', members)).toEqual(['ada', 'grace', 'root']);
});

test('whose exceptions were not all read is named for one that was, and for no other', () => {
  const members = [
    member('ada', 'READ', [], inApp({ customRole: { permissions: ['promote'] } }, 31)),
    member('ken', 'OWNER', ['promote'], inApp({ app: { id: 'B' }, role: 'READ' }, 31)),
  ];

  expect(holdersOf('promote', 'A', members)).toEqual(['ada']);
});
