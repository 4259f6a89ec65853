/** The repository that an app lives in: what is followed, and who rings when somebody pushes. */
import { Copy, Eye, EyeOff, GitBranch, RefreshCw } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useSearchParams } from 'react-router';
import { troubleOf } from '../../client/outcome';
import { useAct, useLive } from '../../client/query';
import { graphql } from '../../gql';
import type { RepositoryPageQuery } from '../../gql/graphql';
import { Button } from '../../kit/button';
import { LiveChip } from '../../kit/chip';
import { Confirm } from '../../kit/confirm';
import { copy, Sha, Time } from '../../kit/identity';
import { PageHeading } from '../../kit/page';
import { Empty, LoadError, Note, Skeletons } from '../../kit/states';
import { toast } from '../../kit/toasts';
import { useCloseDialog, useOpenDialog } from '../../shell/address';
import { useApp } from '../../shell/app-data';
import { LinkRepository } from './link-repository';
import '../settings.css';

const RepositoryPage = graphql(`
  query RepositoryPage($app: String!) {
    app(name: $app) {
      id
      viewerCapabilities {
        linkRepository {
          allowed
          reason
        }
      }
      repository {
        ...RepositoryFacts
      }
    }
  }
`);

export const RepositoryFacts = graphql(`
  fragment RepositoryFacts on Repository {
    id
    url
    branch
    hostKey
    deployKeyFingerprint
    observedAt
    unreachableReason
    webhook {
      githubUrl
      gitlabUrl
      secret
    }
    head {
      ...CommitSummary
    }
  }
`);

const RotateWebhookSecret = graphql(`
  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
    rotateWebhookSecret(input: $input) {
      ... on RotateWebhookSecretSuccess {
        repository {
          ...RepositoryFacts
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

type Found = NonNullable<RepositoryPageQuery['app']>;
type Repository = NonNullable<Found['repository']>;

export function Component() {
  const { app } = useApp();
  const read = useLive(RepositoryPage, { app: app.name }, { when: ({ kind }) => kind === 'REPOSITORY_LINKED' });
  const found = read.data?.app;
  return (
    <div className="page">
      <div className="page-head">
        <PageHeading title="Repository" />
        {found?.repository && found.viewerCapabilities.linkRepository.allowed && (
          <div className="page-head-aside">
            <LinkButton>Link another</LinkButton>
          </div>
        )}
      </div>
      {read.error && <LoadError what="the repository" error={read.error} retry={read.refetch} />}
      {!found && !read.error && <Skeletons count={2} height="card" />}
      {found && !found.repository && (
        <Empty icon={GitBranch} title="No repository linked.">
          <p>
            {found.viewerCapabilities.linkRepository.allowed
              ? 'Once one is, dev follows its branch, and what is in dev can be promoted.'
              : found.viewerCapabilities.linkRepository.reason}
          </p>
          {found.viewerCapabilities.linkRepository.allowed && <LinkButton isPrimary>Link a repository</LinkButton>}
        </Empty>
      )}
      {found?.repository && <Linked repository={found.repository} />}
      <RepositoryDialogs app={found} refetch={read.refetch} />
    </div>
  );
}

function LinkButton({ children, isPrimary = false }: { children: ReactNode; isPrimary?: boolean }) {
  const openDialog = useOpenDialog();
  return (
    <Button variant={isPrimary ? 'primary' : undefined} onPress={() => openDialog('link-repository')}>
      {children}
    </Button>
  );
}

function Linked({ repository }: { repository: Repository }) {
  const { url, branch, head, observedAt, unreachableReason, hostKey, deployKeyFingerprint, webhook } = repository;
  return (
    <>
      <section className="card" aria-label="Linked repository">
        <div className="panel-head">
          <h2>{url}</h2>
          {unreachableReason ? (
            <LiveChip progress="failed">Can’t be read</LiveChip>
          ) : (
            <LiveChip progress="done">Followed</LiveChip>
          )}
        </div>
        <dl className="facts">
          <dt>Branch</dt>
          <dd className="mono">{branch}</dd>
          <dt>Head</dt>
          <dd>
            {head ? (
              <>
                <Sha sha={head.sha} short={head.shortSha} />
                <span className="subtle">{head.message?.split('\n')[0]}</span>
              </>
            ) : (
              <span className="subtle">Not seen yet</span>
            )}
          </dd>
          <dt>Looked at</dt>
          <dd>{observedAt ? <Time at={observedAt} /> : <span className="subtle">Not yet</span>}</dd>
          {hostKey && (
            <>
              <dt>Host key</dt>
              <dd className="mono">{hostKey}</dd>
            </>
          )}
          {deployKeyFingerprint && (
            <>
              <dt>Deploy key</dt>
              <dd className="mono">{deployKeyFingerprint}</dd>
            </>
          )}
        </dl>
      </section>
      {unreachableReason && <Note tone="danger">{unreachableReason}</Note>}
      {webhook && <Doorbell webhook={webhook} />}
    </>
  );
}

/** Without it a push is seen with the next look; with it, at once. */
function Doorbell({ webhook }: { webhook: NonNullable<Repository['webhook']> }) {
  const openDialog = useOpenDialog();
  const [isShown, show] = useState(false);
  return (
    <section className="card" aria-labelledby="webhook">
      <div className="panel-head">
        <h2 id="webhook">Webhook</h2>
        <span className="subtle">Pushes are seen at once. Without it they are seen with the next look.</span>
      </div>
      <dl className="facts">
        <dt>GitHub</dt>
        <dd>
          <code>{webhook.githubUrl}</code>
          <CopyButton what="GitHub URL" text={webhook.githubUrl} />
          <span className="fact-hint">Settings → Webhooks; content type application/json, just the push event</span>
        </dd>
        <dt>GitLab</dt>
        <dd>
          <code>{webhook.gitlabUrl}</code>
          <CopyButton what="GitLab URL" text={webhook.gitlabUrl} />
          <span className="fact-hint">Settings → Webhooks; push events</span>
        </dd>
        <dt>Secret</dt>
        <dd>
          <code>{isShown ? webhook.secret : '••••••••••••••••'}</code>
          <Button
            variant="quiet"
            size="small"
            iconOnly
            aria-label={isShown ? 'Hide secret' : 'Show secret'}
            onPress={() => show(!isShown)}
          >
            {isShown ? <EyeOff size={14} aria-hidden /> : <Eye size={14} aria-hidden />}
          </Button>
          <CopyButton what="secret" text={webhook.secret} />
          <Button size="small" onPress={() => openDialog('revoke')}>
            <RefreshCw size={13} aria-hidden />
            New secret
          </Button>
        </dd>
      </dl>
    </section>
  );
}

function CopyButton({ what, text }: { what: string; text: string }) {
  return (
    <Button
      variant="quiet"
      size="small"
      iconOnly
      aria-label={`Copy ${what}`}
      onPress={() => void copy(text, `Copied the ${what}.`)}
    >
      <Copy size={13} aria-hidden />
    </Button>
  );
}

function RepositoryDialogs({ app, refetch }: { app: Found | null | undefined; refetch: () => void }) {
  const [search] = useSearchParams();
  const close = useCloseDialog();
  const [, rotate] = useAct(RotateWebhookSecret);
  const dialog = search.get('dialog');
  if (!app) return null;
  if (dialog === 'link-repository' && app.viewerCapabilities.linkRepository.allowed) {
    return (
      <LinkRepository
        appId={app.id}
        linked={app.repository}
        onClose={close}
        onLinked={() => {
          toast({ tone: 'success', text: 'Linked. dev is being deployed.' });
          close();
          refetch();
        }}
      />
    );
  }
  if (dialog !== 'revoke' || !app.repository?.webhook) return null;
  return (
    <Confirm
      title="New webhook secret"
      act="Make a new secret"
      pendingText="Making…"
      onClose={close}
      onAct={async () => {
        const { data, error } = await rotate({ input: { appId: app.id } });
        return troubleOf(data?.rotateWebhookSecret, error);
      }}
    >
      <p>The old one is refused at once. Give the new one to the Git host, or pushes are seen only with the next look.</p>
    </Confirm>
  );
}
