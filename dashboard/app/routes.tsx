/** Every address of the dashboard and the screen it shows. A screen is loaded when it is first gone to. */
import type { RouteObject } from 'react-router';
import { AppShell } from './shell/app-shell';
import { Root } from './shell/root';
import { NotFound } from './kit/states';
import { PageTrouble } from './shell/page-trouble';

export const routes: RouteObject[] = [
  {
    element: <Root />,
    errorElement: <PageTrouble />,
    hydrateFallbackElement: <></>,
    children: [
      { path: '/', lazy: () => import('./screens/apps/last-app') },
      { path: '/apps', lazy: () => import('./screens/apps/apps') },
      { path: '/login', lazy: () => import('./screens/sign-in/sign-in') },
      {
        path: '/:app',
        element: <AppShell />,
        children: [
          { index: true, lazy: () => import('./screens/overview/overview') },
          {
            path: 'e/:environment',
            lazy: () => import('./shell/environment-layout'),
            children: [
              { index: true, lazy: () => import('./screens/deployments/to-deployments') },
              { path: 'deployments', lazy: () => import('./screens/deployments/deployments') },
              { path: 'deployments/:deployment', lazy: () => import('./screens/deployment/deployment') },
              { path: 'timeline', lazy: () => import('./screens/timeline/timeline') },
            ],
          },
          { path: 'compare/:pair', lazy: () => import('./screens/compare/compare') },
          { path: '*', element: <NotFound what="No such page" /> },
        ],
      },
      { path: '*', element: <NotFound what="No such page" /> },
    ],
  },
];
