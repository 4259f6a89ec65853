/** Header, navigation and the page of one app; its dialogs lie over whatever page is open. */
import { Link, Outlet, useParams } from 'react-router';
import { LoadError, NotFound, Skeletons } from '../kit/states';
import { Dialogs } from '../screens/dialogs';
import { AppProvider, useShell } from './app-data';
import { Header } from './header';
import { useToldOfLeftPromotions } from './left-promotions';
import { MainNavigation } from './main-navigation';
import { Shortcuts } from './shortcuts';

export function AppShell() {
  const { app: name = '' } = useParams();
  const shell = useShell(name);
  const { data } = shell;
  useToldOfLeftPromotions();

  if (data?.app) {
    localStorage.setItem('pinmark.app', data.app.name);
    return (
      <AppProvider value={{ app: data.app, viewer: data.viewer, apps: data.apps.nodes }}>
        <div className="shell">
          <Header />
          <MainNavigation />
          <main id="content" className="content" tabIndex={-1}>
            <Outlet />
          </main>
        </div>
        <Dialogs />
        <Shortcuts />
      </AppProvider>
    );
  }
  return (
    <div className="shell">
      <Header />
      <main id="content" className="content">
        {data ? (
          <NotFound
            what={`No app named ${name}`}
            nearest={
              <p>
                {data.apps.nodes.map((app) => (
                  <Link key={app.id} className="text-link" to={`/${app.name}`}>
                    {app.name}{' '}
                  </Link>
                ))}
              </p>
            }
          />
        ) : (
          <div className="page">
            {shell.error ? (
              <LoadError what="the app" error={shell.error} retry={shell.refetch} />
            ) : (
              <Skeletons count={4} height="card" />
            )}
          </div>
        )}
      </main>
    </div>
  );
}
