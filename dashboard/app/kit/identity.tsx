/** The small things that name other things: a commit, a pin, who and when. */
import { Bot, Check, Copy, GitBranch, KeyRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import type { ActorKind, EnvironmentState } from '../gql/graphql';
import { absolute, relative } from './time';
import { toast } from './toasts';

export function Sha({ sha, short }: { sha: string; short: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button
      className="sha"
      aria-label={`Copy commit ${short}`}
      data-copied={copied || undefined}
      onPress={() => void copy(sha, `Copied ${short}.`).then(setCopied)}
    >
      <code>{short}</code>
      {copied ? <Check size={11} aria-hidden /> : <Copy size={11} aria-hidden />}
    </Button>
  );
}

/** The clipboard is not there on a plain-http host; then nothing is said to be copied. */
export async function copy(text: string, said: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    toast({ tone: 'danger', text: 'Couldn’t copy. This page may not use the clipboard.' });
    return false;
  }
  toast({ tone: 'success', text: said });
  return true;
}

export function PinLabel({ label, state }: { label: string; state: EnvironmentState }) {
  return (
    <span className="pin-label" data-state={state}>
      {label}
    </span>
  );
}

export function Actor({ actor }: { actor: { kind: ActorKind; name: string } | null | undefined }) {
  if (!actor) return <span className="subtle">Unknown</span>;
  return (
    <span className="actor">
      <span className="avatar" aria-hidden>
        {actor.kind === 'API_KEY' ? (
          <KeyRound size={11} />
        ) : actor.kind === 'GIT' ? (
          <GitBranch size={11} />
        ) : actor.kind === 'SYSTEM' ? (
          <Bot size={12} />
        ) : (
          initials(actor.name)
        )}
      </span>
      <span>{actor.name}</span>
    </span>
  );
}

export function initials(name: string): string {
  const words = name.trim().split(/[\s._@-]+/).filter(Boolean);
  return ((words[0]?.[0] ?? '?') + (words[1]?.[0] ?? '')).slice(0, 2);
}

/** How long ago, kept true while it is shown; the exact time is its tooltip, or `?abs=1`. */
export function Time({ at }: { at: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 20_000);
    return () => clearInterval(timer);
  }, []);
  const wantsAbsolute = new URLSearchParams(location.search).has('abs');
  return (
    <time dateTime={at} title={absolute(at)} className="numeric">
      {wantsAbsolute ? absolute(at) : relative(at, Math.max(now, Date.now()))}
    </time>
  );
}
