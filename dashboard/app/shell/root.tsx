/** What is around every page: routing for the kit, the banner, toasts, and the way back in. */
import { lazy, Suspense } from 'react';
import { RouterProvider as AriaRouter } from 'react-aria-components';
import { Outlet, useHref, useLocation, useNavigate } from 'react-router';
import { useConnection } from '../client/connection';
import { Toasts } from '../kit/toasts';
import { ConnectionBanner } from './connection-banner';

const SignInAgain = lazy(() => import('./sign-in-again'));

export function Root() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { signedOut } = useConnection();
  return (
    <AriaRouter navigate={(to) => void navigate(to)} useHref={useHref}>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <ConnectionBanner />
      <Outlet />
      <Toasts />
      <Suspense>{signedOut && pathname !== '/login' && <SignInAgain />}</Suspense>
    </AriaRouter>
  );
}
