/** Header, navigation and the page of one app; its dialogs lie over whatever page is open. */
import { Navigate, Outlet, useLocation, useParams } from 'react-router';
import { Nearest } from '../kit/nearest';
import { LoadError, NotFound, Skeletons } from '../kit/states';
import { Dialogs } from '../screens/dialogs';
import { AppProvider, useShell } from './app-data';
import { Header } from './header';
import { useToldOfLeftPromotions } from './left-promotions';
import { MainNavigation } from './main-navigation';
import { Shortcuts } from './shortcuts';
import { appPage } from './address';

export function AppShell() {
  const { app: name = '' } = useParams();
  const shell = useShell(name);
  const { data } = shell;
  const elsewhere = useOtherAddress(name);
  useToldOfLeftPromotions();

  if (elsewhere) return <Navigate to={elsewhere} replace />;
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
            nearest={<Nearest to={name} of={data.apps.nodes} at={(app) => appPage(app.name)} />}
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

/** Programs link to every app under `/a/`; each page has one address. */
function useOtherAddress(app: string): string | null {
  const { pathname, search, hash } = useLocation();
  const below = /^(?:\/a)?\/[^/]+(.*)$/.exec(pathname)?.[1] ?? '';
  const address = appPage(app) + below;
  return address === pathname ? null : address + search + hash;
}
