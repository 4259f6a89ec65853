/** What an act came to, in words. */
import type { CombinedError } from 'urql';

/** Why an act did not happen; null when it did. A refusal has words of its own. */
export function troubleOf(
  result: object | null | undefined,
  error: CombinedError | undefined,
  otherwise = 'The server did not answer. Nothing was changed.',
): string | null {
  if (error || !result) return error?.graphQLErrors[0]?.message ?? otherwise;
  return 'message' in result && typeof result.message === 'string' ? result.message : null;
}

/** One for each form: to send it again is safe. `randomUUID` is missing on plain-http hosts. */
export function newIdempotencyKey(): string {
  return crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
}
