/** The Settings tab of an environment and the pages in it. */
import { NavLink, Outlet } from 'react-router';
import { useApp } from '../../shell/app-data';
import { useEnvironment } from '../../shell/environment-layout';
import { appPage } from '../../shell/address';
import '../settings.css';

export function Component() {
  const { app } = useApp();
  const environment = useEnvironment();
  const at = `${appPage(app.name)}/e/${environment.name}/settings`;
  return (
    <div className="settings">
      <nav aria-label="Settings" className="subnav">
        <NavLink to={`${at}/general`}>General</NavLink>
        <NavLink to={`${at}/variables`}>Variables</NavLink>
        <NavLink to={`${appPage(app.name)}/settings/api-keys?env=${environment.name}`}>API keys</NavLink>
      </nav>
      <Outlet />
    </div>
  );
}
