/** The two steps of a deployment, each with its state and how long it takes. */
import type { ReactNode } from 'react';
import { FileStack, Hammer } from 'lucide-react';
import { cacheWords, CodeBuildPill, type Deployment, Elapsed, FileSyncPill } from './deployment';

export function Steps({ deployment }: { deployment: Deployment }) {
  const { fileSync, codeBuild } = deployment;
  return (
    <ul className="steps" aria-label="Steps">
      <Step
        icon={<FileStack size={15} aria-hidden />}
        name="File sync"
        pill={<FileSyncPill deployment={deployment} />}
        detail={fileSync.detail}
      >
        <Elapsed from={fileSync.startedAt} to={fileSync.finishedAt} />
      </Step>
      <Step
        icon={<Hammer size={15} aria-hidden />}
        name="Code build"
        pill={<CodeBuildPill deployment={deployment} />}
        detail={cacheWords(codeBuild) ?? codeBuild.detail}
      >
        <Elapsed from={codeBuild.startedAt} to={codeBuild.finishedAt} />
      </Step>
    </ul>
  );
}

function Step({
  icon,
  name,
  pill,
  detail,
  children,
}: {
  icon: ReactNode;
  name: string;
  pill: ReactNode;
  detail: string | null | undefined;
  children: ReactNode;
}) {
  return (
    <li className="step">
      <span className="step-icon">{icon}</span>
      <span className="step-name">{name}</span>
      {detail && <span className="step-detail subtle">{detail}</span>}
      <span className="step-end">
        {children}
        {pill}
      </span>
    </li>
  );
}
