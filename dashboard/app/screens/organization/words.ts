/** `READ` → `Read`. */
export function inWords(name: string): string {
  return name.charAt(0) + name.slice(1).toLowerCase().replace('_', ' ');
}

export function roleName({ role, customRole }: { role?: string | null | undefined; customRole?: { name: string } | null | undefined }): string {
  if (customRole) return customRole.name;
  return role ? inWords(role) : 'No role';
}
