/** How an environment is, in one dot; the words are beside it. */
import type { Environment } from './app-data';

export function toneOf(environment: Environment): 'info' | 'danger' | 'success' | 'none' {
  if (environment.deploying) return 'info';
  if (environment.runtime?.state === 'FAILED') return 'danger';
  return environment.state === 'NO_PIN' || !environment.contentCommit ? 'none' : 'success';
}

export function EnvironmentDot({ environment }: { environment: Environment }) {
  return <span className="dot" data-tone={toneOf(environment)} aria-hidden />;
}
