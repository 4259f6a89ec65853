/** One key for one input: pressing again after a lost answer acts once. */
import { useRef } from 'react';

export function useIdempotencyKey(input: string): string {
  const kept = useRef({ input: '', key: '' });
  if (kept.current.input !== input || !kept.current.key) {
    kept.current = { input, key: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}` };
  }
  return kept.current.key;
}
