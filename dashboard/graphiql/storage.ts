/** What GraphiQL may remember in this browser: everything but headers, which hold API keys. */
import type { Storage } from '@graphiql/toolkit';

const PREFIX = 'graphiql:';

/** The text without any `headers` in it; the history plug-in writes them whatever the settings say. */
function withoutHeaders(value: string): string {
  try {
    return JSON.stringify(JSON.parse(value), (key, part: unknown) =>
      key === 'headers' ? null : part,
    );
  } catch {
    return value; // a query or another plain text
  }
}

const ownKeys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

export const storage: Storage = {
  getItem: (key) => localStorage.getItem(key),
  setItem(key, value) {
    if (key !== `${PREFIX}headers`) localStorage.setItem(key, withoutHeaders(value));
  },
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => ownKeys().forEach((key) => localStorage.removeItem(key)),
  get length() {
    return ownKeys().length;
  },
};
