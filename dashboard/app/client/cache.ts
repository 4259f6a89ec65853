/** The normalised cache: one event about a deployment updates every badge that shows it. */
import { cacheExchange } from '@urql/exchange-graphcache';
import { interfaces } from '../gql/interfaces';

/** Types that are part of what holds them; they have no identity of their own. */
const PARTS = [
  'Actor',
  'AppAccess',
  'AppCapabilities',
  'AppEvent',
  'BuildForecast',
  'BuildLogChunk',
  'BuildLogLine',
  'CacheDecision',
  'Capability',
  'CodeBuild',
  'CodeChange',
  'CodeComparison',
  'Commit',
  'Comparison',
  'ContentComparison',
  'ContentProblem',
  'DeletionPreview',
  'DeploymentEvent',
  'DiffHunk',
  'DiffLine',
  'EnvironmentCapabilities',
  'File',
  'FileChange',
  'FileChangeCount',
  'FileDiff',
  'FileSync',
  'FileVersion',
  'Organization',
  'OrganizationCapabilities',
  'Pin',
  'Runtime',
  'RuntimeLogChunk',
  'RuntimeLogLine',
  'ServedInterval',
  'Webhook',
];

export const cache = () =>
  cacheExchange({
    keys: Object.fromEntries(PARTS.map((name) => [name, () => null])),
    possibleTypes: interfaces,
  });
