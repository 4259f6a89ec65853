/** The app's pages and its environments, each with its state. */
import { Braces, GitBranch, GitCompare, KeyRound, LayoutGrid, ScrollText } from 'lucide-react';
import { NavLink } from 'react-router';
import { PinLabel } from '../kit/identity';
import { useApp } from './app-data';
import { EnvironmentDot } from './environment-dot';
import { appPage } from './address';

export function MainNavigation() {
  const { app } = useApp();
  const at = appPage(app.name);
  const [first, second] = app.environments.nodes;
  const may = (permission: string) => app.viewerPermissions.includes(permission);
  const compared = first && second && `${at}/compare/${first.name}...${second.name}`;
  const pages = [
    { to: at, text: 'Overview', icon: LayoutGrid, shown: true },
    { to: compared ?? '', text: 'Compare', icon: GitCompare, shown: compared !== undefined },
    { to: `${at}/settings/api-keys`, text: 'API keys', icon: KeyRound, shown: may('api_key.read') },
    { to: `${at}/settings/repository`, text: 'Repository', icon: GitBranch, shown: true },
    { to: `${at}/audit`, text: 'Audit log', icon: ScrollText, shown: may('audit.read') },
  ];
  return (
    <nav aria-label="Main" className="sidebar">
      <ul className="sidebar-pages">
        {pages
          .filter(({ shown }) => shown)
          .map(({ to, text, icon: Icon }) => (
            <li key={text}>
              <NavLink to={to} end={to === at} className="sidebar-link">
                <Icon size={15} aria-hidden />
                {text}
              </NavLink>
            </li>
          ))}
        <li>
          <a href="/graphiql" className="sidebar-link">
            <Braces size={15} aria-hidden />
            API explorer
          </a>
        </li>
      </ul>
      <p className="sidebar-heading" id="sidebar-environments">
        Environments
      </p>
      <ul className="sidebar-environments" aria-labelledby="sidebar-environments">
        {app.environments.nodes.map((one) => (
          <li key={one.id}>
            <NavLink to={`${at}/e/${one.name}`} className="sidebar-link">
              <EnvironmentDot environment={one} />
              <span className="sidebar-name">{one.name}</span>
              <PinLabel label={one.pinLabel} state={one.state} />
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
