/** The app and its environments: read once by the shell, used by every screen under it. */
import { createContext, useContext } from 'react';
import { useFollowApp } from '../client/app-events';
import { type Live, useLive } from '../client/query';
import { graphql } from '../gql';
import type { EnvironmentSummaryFragment, ShellQuery } from '../gql/graphql';

const Shell = graphql(`
  query Shell($app: String!) {
    viewer {
      id
      name
      role
      permissions
      organization {
        name
      }
    }
    apps(first: 100) {
      nodes {
        id
        name
      }
    }
    app(name: $app) {
      id
      databaseId
      name
      eventCursor
      viewerPermissions
      repository {
        id
        url
        branch
        unreachableReason
        head {
          ...CommitSummary
        }
      }
      viewerCapabilities {
        createEnvironment {
          allowed
          reason
        }
      }
      environments(first: 100) {
        nodes {
          ...EnvironmentSummary
        }
      }
    }
  }
`);

export type App = NonNullable<ShellQuery['app']>;
export type Environment = EnvironmentSummaryFragment;
export type AppData = { app: App; viewer: ShellQuery['viewer']; apps: ShellQuery['apps']['nodes'] };

export function useShell(name: string): Live<ShellQuery> {
  const shell = useLive(Shell, { app: name }, {
    when: ({ kind }) =>
      kind === 'ENVIRONMENT_CREATED' || kind === 'ENVIRONMENT_DELETED' || kind === 'REPOSITORY_LINKED',
  });
  useFollowApp(shell.data?.app?.id, shell.data?.app?.eventCursor);
  return shell;
}

const AppContext = createContext<AppData | null>(null);
export const AppProvider = AppContext.Provider;

export function useApp(): AppData {
  const data = useContext(AppContext);
  if (!data) throw new Error('Only inside of an app.');
  return data;
}

export function useEnvironments(): Environment[] {
  return useApp().app.environments.nodes;
}

/** May the viewer do this in the app? One list of the server's, no rules of ours. */
export function useMay(permission: string): boolean {
  return useApp().app.viewerPermissions.includes(permission);
}

/** May they in the organization as a whole? What is asked of it, of people too, no app's list has. */
export function useMayInOrganization(permission: string): boolean {
  return useApp().viewer.permissions.includes(permission);
}
