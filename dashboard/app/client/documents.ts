/** Generated documents as urql takes them, and the id that each is sent under. */
import { createRequest } from 'urql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { TypedDocumentString } from '../gql/graphql';

const parsed = new Map<string, DocumentNode>();
const ids = new Map<string, string>();

/** The document parsed, once; its id is remembered under the operation's name, which is unique. */
export function parse<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
): TypedDocumentNode<Data, Variables> {
  const text = document.toString();
  let node = parsed.get(text);
  if (!node) {
    node = createRequest(text, {}).query as DocumentNode;
    parsed.set(text, node);
    const hash = (document.__meta__ as { hash?: string } | undefined)?.hash;
    const name = operationName(node);
    if (hash && name) ids.set(name, hash);
  }
  return node as TypedDocumentNode<Data, Variables>;
}

export function persistedId(node: DocumentNode): string | undefined {
  const name = operationName(node);
  return name === undefined ? undefined : ids.get(name);
}

function operationName(node: DocumentNode): string | undefined {
  return node.definitions.find((one): one is OperationDefinitionNode => one.kind === 'OperationDefinition')
    ?.name?.value;
}
