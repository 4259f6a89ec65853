/** Every address of the dashboard and the screen it shows. A screen is loaded when it is first gone to. */
import type { RouteObject } from 'react-router';
import { AppShell } from './shell/app-shell';
import { Root } from './shell/root';
import { NotFound } from './kit/states';
import { PageTrouble } from './shell/page-trouble';

const pagesOfAnApp: RouteObject[] = [
  { index: true, lazy: () => import('./screens/overview/overview') },
  {
    path: 'e/:environment',
    lazy: () => import('./shell/environment-layout'),
    children: [
      { index: true, lazy: () => import('./screens/deployments/to-deployments') },
      { path: 'deployments', lazy: () => import('./screens/deployments/deployments') },
      { path: 'deployments/:deployment', lazy: () => import('./screens/deployment/deployment') },
      { path: 'timeline', lazy: () => import('./screens/timeline/timeline') },
      {
        path: 'settings',
        lazy: () => import('./screens/environment-settings/layout'),
        children: [
          { index: true, lazy: () => import('./screens/environment-settings/to-general') },
          { path: 'general', lazy: () => import('./screens/environment-settings/general') },
          { path: 'variables', lazy: () => import('./screens/environment-settings/variables') },
        ],
      },
    ],
  },
  { path: 'compare/:pair', lazy: () => import('./screens/compare/compare') },
  { path: 'settings', lazy: () => import('./screens/app-settings/to-api-keys') },
  { path: 'settings/api-keys', lazy: () => import('./screens/app-settings/api-keys') },
  { path: 'settings/repository', lazy: () => import('./screens/app-settings/repository') },
  { path: 'audit', lazy: () => import('./screens/audit/audit') },
  { path: '*', element: <NotFound what="No such page" /> },
];

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
        path: '/organization',
        lazy: () => import('./screens/organization/layout'),
        children: [
          { index: true, lazy: () => import('./screens/organization/plan') },
          { path: 'members', lazy: () => import('./screens/organization/members') },
          { path: 'invitations', lazy: () => import('./screens/organization/invitations') },
          { path: 'roles', lazy: () => import('./screens/organization/roles') },
          { path: 'service-tokens', lazy: () => import('./screens/organization/service-tokens') },
          { path: 'access-tokens', lazy: () => import('./screens/organization/access-tokens') },
          { path: 'sessions', lazy: () => import('./screens/organization/sessions') },
          { path: '*', element: <NotFound what="No such page" /> },
        ],
      },
      { path: '/:app', element: <AppShell />, children: pagesOfAnApp },
      { path: '/a/:app', element: <AppShell />, children: pagesOfAnApp },
      { path: '*', element: <NotFound what="No such page" /> },
    ],
  },
];
