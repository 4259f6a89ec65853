/** Who holds a permission in an app, by what the server says of its members. */
type Access = {
  role?: string | null | undefined;
  switchedOff: boolean;
  app: { id: string };
  customRole?: { permissions: string[] } | null | undefined;
};
export type Holder = {
  name: string;
  role?: string | null | undefined;
  permissions: string[];
  deactivatedAt?: string | null | undefined;
  appAccess: { totalCount: number; nodes: Access[] };
};

/**
 * In name order. What a built-in role allows is known from those who have it everywhere; whose
 * exceptions were not all read, and none of them is of the app, is not named.
 */
export function holdersOf(permission: string, appId: string, members: readonly Holder[]): string[] {
  const ofRole = new Map(members.map(({ role, permissions }) => [role, permissions]));

  function permissionsHere(member: Holder): string[] {
    const here = member.appAccess.nodes.find(({ app }) => app.id === appId);
    const isUnread = !here && member.appAccess.totalCount > member.appAccess.nodes.length;
    if (isUnread) return [];
    if (!here) return member.permissions;
    if (here.switchedOff) return [];
    return here.customRole?.permissions ?? ofRole.get(here.role) ?? [];
  }

  return members
    .filter((member) => !member.deactivatedAt && permissionsHere(member).includes(permission))
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b));
}
