/** The rule of a name, as the server has it, to say so before it is asked. */
export const NAME_HINT = 'Lowercase letters, digits, and hyphens. Must start with a letter. 2–40 chars.';
const NAME = /^[a-z][a-z0-9-]{1,39}$/;

export function troubleWithName(name: string, taken: readonly string[]): string | null {
  if (!NAME.test(name)) return NAME_HINT;
  return taken.includes(name) ? `An environment named ${name} already exists.` : null;
}
