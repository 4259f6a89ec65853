/** Link a repository and a branch: over https with a token, or over ssh with a deploy key. */
import { useMemo, useState } from 'react';
import { newIdempotencyKey, troubleOf } from '../../client/outcome';
import { useAct } from '../../client/query';
import { graphql } from '../../gql';
import { Field } from '../../kit/field';
import { FormDialog } from '../../kit/form-dialog';
import { Note } from '../../kit/states';

const LinkRepositoryMutation = graphql(`
  mutation LinkRepository($input: LinkRepositoryInput!) {
    linkRepository(input: $input) {
      ... on LinkRepositorySuccess {
        repository {
          ...RepositoryFacts
        }
      }
      ... on UserError {
        code
        message
      }
      ... on InvalidInputError {
        code
        message
        field
      }
    }
  }
`);

export function LinkRepository({
  appId,
  linked,
  onClose,
  onLinked,
}: {
  appId: string;
  linked: { url: string; branch: string } | null | undefined;
  onClose: () => void;
  onLinked: () => void;
}) {
  const [url, setUrl] = useState(linked?.url ?? '');
  const [branch, setBranch] = useState(linked?.branch ?? 'main');
  const [token, setToken] = useState('');
  const [deployKey, setDeployKey] = useState('');
  const [hostKey, setHostKey] = useState('');
  const [trouble, setTrouble] = useState<{ field: string; message: string } | null>(null);
  const [{ fetching }, link] = useAct(LinkRepositoryMutation);
  const idempotencyKey = useMemo(newIdempotencyKey, [url, branch, token, deployKey, hostKey]);
  const isSsh = /^(ssh:\/\/|[^/]+@[^/]+:)/.test(url.trim());
  const isHttps = url.trim().startsWith('https://');

  async function submit() {
    const { data, error } = await link({
      input: {
        appId,
        url: url.trim(),
        branch: branch.trim(),
        token: isHttps && token ? token : null,
        deployKey: isSsh && deployKey ? deployKey : null,
        hostKey: isSsh && hostKey ? hostKey.trim() : null,
        idempotencyKey,
      },
    });
    const result = data?.linkRepository;
    const message = troubleOf(result, error);
    if (!message) return onLinked();
    setTrouble({ field: result && 'field' in result ? result.field : '', message });
  }

  const at = (field: string) => (trouble?.field === field ? trouble.message : null);
  const isElsewhere = trouble && !['url', 'branch', 'token', 'deployKey', 'hostKey'].includes(trouble.field);
  return (
    <FormDialog
      title="Link a repository"
      wide
      act="Link repository"
      pendingText="Reaching it…"
      isPending={fetching}
      isReady={url.trim() !== '' && branch.trim() !== ''}
      onSubmit={submit}
      onClose={onClose}
      after={isElsewhere && <Note tone="danger">{trouble.message}</Note>}
    >
      <Field
        label="Address"
        value={url}
        onChange={setUrl}
        mono
        autoFocus
        placeholder="https://github.com/you/app.git"
        hint="https, or ssh such as git@github.com:you/app.git. A path only where the operator allows it."
        trouble={at('url')}
      />
      <Field label="Branch" value={branch} onChange={setBranch} mono hint="dev follows it." trouble={at('branch')} />
      {isHttps && (
        <Field
          label="Token (optional)"
          value={token}
          onChange={setToken}
          type="password"
          hint="One that may read the repository. Kept encrypted."
          trouble={at('token')}
        />
      )}
      {isSsh && (
        <>
          <Field
            label="Deploy key"
            value={deployKey}
            onChange={setDeployKey}
            mono
            lines={4}
            placeholder="-----BEGIN OPENSSH PRIVATE KEY-----"
            hint="A private key without a passphrase. Kept encrypted."
            trouble={at('deployKey')}
          />
          <Field
            label="Host key (optional)"
            value={hostKey}
            onChange={setHostKey}
            mono
            placeholder="SHA256:…"
            hint="Without one, the key that the host shows now is kept."
            trouble={at('hostKey')}
          />
        </>
      )}
    </FormDialog>
  );
}
