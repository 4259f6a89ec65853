/** The commands of this app that its viewer may use. */
import {
  ArrowUpFromLine,
  Braces,
  GitCommitHorizontal,
  GitCompare,
  History,
  Keyboard,
  KeyRound,
  LayoutGrid,
  Monitor,
  Moon,
  Plus,
  Rocket,
  ScrollText,
  Server,
  Settings,
  Sun,
} from 'lucide-react';
import { useNavigate } from 'react-router';
import { useLive } from '../../client/query';
import { graphql } from '../../gql';
import { headline } from '../../parts/deployment';
import { appPage, useOpenDialog } from '../../shell/address';
import { type AppData, useApp } from '../../shell/app-data';
import { showOverlay } from '../../shell/shortcuts';
import { setTheme } from '../../shell/theme';
import type { Command } from './commands';

const PaletteDeployments = graphql(`
  query PaletteDeployments($app: String!) {
    app(name: $app) {
      id
      environments(first: 50) {
        nodes {
          id
          name
          deployments(first: 20) {
            nodes {
              id
              version
              createdAt
              commit {
                ...CommitSummary
              }
            }
          }
        }
      }
    }
  }
`);

type Act = { go: (to: string) => void; openDialog: ReturnType<typeof useOpenDialog> };

export function useCommands(): Command[] {
  const { app } = useApp();
  const navigate = useNavigate();
  const openDialog = useOpenDialog();
  const act: Act = { go: (to) => void navigate(`${appPage(app.name)}${to}`), openDialog };
  return [...environments(app, act), ...actions(app, act), ...useDeployments(app, act), ...pages(app, act), ...help()];
}

type App = AppData['app'];

function environments(app: App, { go }: Act): Command[] {
  return app.environments.nodes.map(({ name, pinLabel }) => ({
    id: `environment ${name}`,
    group: 'Environments',
    text: name,
    hint: pinLabel,
    icon: Server,
    run: () => go(`/e/${name}/deployments`),
  }));
}

function actions(app: App, { openDialog }: Act): Command[] {
  const may = (permission: string) => app.viewerPermissions.includes(permission);
  const targets = may('environment.promote') ? app.environments.nodes.filter(({ isDefault }) => !isDefault) : [];
  const create: Command = {
    id: 'new environment',
    group: 'Actions',
    text: 'New environment',
    icon: Plus,
    run: () => openDialog('new-env'),
  };
  return [
    ...targets.map(
      ({ name }): Command => ({
        id: `promote ${name}`,
        group: 'Actions',
        text: `Promote to ${name}`,
        icon: ArrowUpFromLine,
        run: () => openDialog('promote', { target: name }),
      }),
    ),
    ...targets
      .filter(({ pin, currentVersion }) => pin && currentVersion > 1)
      .map(
        ({ name }): Command => ({
          id: `roll back ${name}`,
          group: 'Actions',
          text: `Roll back ${name}`,
          words: 'undo revert',
          icon: History,
          run: () => openDialog('rollback', { target: name }),
        }),
      ),
    ...(may('environment.insert') ? [create] : []),
  ];
}

function useDeployments(app: App, { go }: Act): Command[] {
  const { data } = useLive(PaletteDeployments, { app: app.name });
  return (data?.app?.environments.nodes ?? [])
    .flatMap(({ name, deployments }) => deployments.nodes.map((one) => ({ ...one, environment: name })))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
    .map(({ id, version, commit, environment }) => ({
      id: `deployment ${id}`,
      group: 'Deployments',
      text: version ? `v${version} · ${commit.shortSha}` : commit.shortSha,
      hint: `${environment} · ${headline(commit.message)}`,
      words: commit.sha,
      icon: version ? Rocket : GitCommitHorizontal,
      run: () => go(`/e/${environment}/deployments/${id}`),
    }));
}

function pages(app: App, { go }: Act): Command[] {
  const may = (permission: string) => app.viewerPermissions.includes(permission);
  const [first, ...others] = app.environments.nodes;
  const page = (text: string, icon: Command['icon'], to: string): Command => ({
    id: `page ${text}`,
    group: 'Pages',
    text,
    icon,
    run: () => go(to),
  });
  return [
    page('Overview', LayoutGrid, ''),
    ...others.map(({ name }) =>
      page(`Compare ${first!.name} and ${name}`, GitCompare, `/compare/${first!.name}...${name}`),
    ),
    ...app.environments.nodes.flatMap(({ name }) => [
      page(`What ran when in ${name}`, History, `/e/${name}/timeline`),
      page(`Settings of ${name}`, Settings, `/e/${name}/settings/general`),
    ]),
    ...(may('api_key.read') ? [page('API keys', KeyRound, '/settings/api-keys')] : []),
    ...(may('audit.read') ? [page('Audit log', ScrollText, '/audit')] : []),
  ];
}

function help(): Command[] {
  const entry = (text: string, icon: Command['icon'], run: () => void): Command => ({
    id: `help ${text}`,
    group: 'Help',
    text,
    icon,
    run,
  });
  return [
    entry('Keyboard shortcuts', Keyboard, () => showOverlay('keys')),
    entry('API explorer', Braces, () => location.assign('/graphiql')),
    entry('Light theme', Sun, () => setTheme('light')),
    entry('Dark theme', Moon, () => setTheme('dark')),
    entry('Theme of the system', Monitor, () => setTheme('system')),
  ];
}
