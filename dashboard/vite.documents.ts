/**
 * Each document goes into the chunk of the screen that sends it. Generated code would have all of
 * them, twice, in the first one that is loaded.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const TAGGED = /graphql\(`\s*(query|mutation|subscription|fragment) (\w+)[^`]*`\)/g;
const IMPORT = /^import \{ graphql \} from '[./]+\/gql';$/m;
const OPERATION = /(?:query|mutation|subscription) (\w+)/;

export function documentsWhereTheyAreSent(persisted: string): Plugin {
  let written: Map<string, string> | null = null;
  return {
    name: 'documents-where-they-are-sent',
    enforce: 'pre',
    buildStart: () => void (written = null),
    transform(code, id) {
      if (!/\.tsx?$/.test(id) || id.includes('/gql/') || !code.includes('graphql(`')) return null;
      written ??= expressionsOf(persisted);
      return {
        code: code.replace(IMPORT, '').replace(TAGGED, (whole, kind: string, name: string) => {
          if (kind === 'fragment') return 'null'; // it is in each operation that has it
          const expression = written!.get(name);
          if (!expression) throw new Error(`${name} was not generated: run \`npm run codegen\`.\n${whole}`);
          return expression;
        }),
        map: null,
      };
    },
  };
}

/** By the operation's name: what the generated document is, as an expression that needs no import. */
function expressionsOf(persisted: string): Map<string, string> {
  const documents = JSON.parse(readFileSync(persisted, 'utf8')) as Record<string, string>;
  return new Map(
    Object.entries(documents).map(([hash, text]) => [
      OPERATION.exec(text)![1]!,
      `Object.assign(new String(${JSON.stringify(text)}), { __meta__: { hash: ${JSON.stringify(hash)} } })`,
    ]),
  );
}
