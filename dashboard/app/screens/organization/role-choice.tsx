/** One of the built-in roles or of the organization's own. */
import { useLive } from '../../client/query';
import type { Role } from '../../gql/graphql';
import { Choice, type Option } from '../../kit/choice';
import { RoleChoices } from './documents';
import { inWords } from './words';

const CUSTOM = 'custom:';

/** What a mutation takes: one of both. */
export type RoleInput = { role: Role | null; customRoleId: string | null };

export function RoleChoice({
  label,
  value,
  onChange,
  roles,
  others = [],
  compact = false,
}: {
  label: string;
  value: string | null;
  onChange: (value: string) => void;
  roles: readonly Role[];
  others?: Option[];
  compact?: boolean;
}) {
  const { data } = useLive(RoleChoices, {});
  const custom = data?.customRoles.nodes ?? [];
  return (
    <Choice
      label={label}
      compact={compact}
      value={value}
      onChange={onChange}
      options={[
        ...others,
        ...roles.map((role) => ({ id: role, text: inWords(role) })),
        ...custom.map(({ id, name }) => ({ id: CUSTOM + id, text: name })),
      ]}
    />
  );
}

export function roleInput(value: string): RoleInput {
  if (value.startsWith(CUSTOM)) return { role: null, customRoleId: value.slice(CUSTOM.length) };
  return { role: value as Role, customRoleId: null };
}

export function chosenRole(of: { role?: Role | null | undefined; customRole?: { id: string } | null | undefined }): string | null {
  return of.customRole ? CUSTOM + of.customRole.id : (of.role ?? null);
}
