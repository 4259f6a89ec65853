/** The dashboard speaks English, and so does its kit: words in thirty other languages stay out. */
import type { Plugin } from 'vite';

const WORDS = /intl\/(?:[\w-]+\/)*([a-z]{2}-[A-Z]{2})\.m?js$/;
const ENGLISH = 'en-US';

export function inEnglish(): Plugin {
  return {
    name: 'in-english',
    enforce: 'pre',
    resolveId(source, importer, options) {
      const language = WORDS.exec(source)?.[1];
      if (!language || language === ENGLISH) return null;
      return this.resolve(source.replace(language, ENGLISH), importer, { ...options, skipSelf: true });
    },
  };
}
