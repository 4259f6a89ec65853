/** Which types each interface of the schema has: without it the cache keeps nothing that was asked of one. */
import { isInterfaceType } from 'graphql';

export function plugin(schema) {
  const interfaces = Object.values(schema.getTypeMap()).filter(isInterfaceType);
  const types = Object.fromEntries(
    interfaces.map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
  );
  return `export const interfaces = ${JSON.stringify(types)};`;
}
