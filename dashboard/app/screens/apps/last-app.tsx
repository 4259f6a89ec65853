import { Navigate } from 'react-router';

/** `/` leads to the app that was open last, or to all of them. */
export function Component() {
  const last = localStorage.getItem('pinmark.app');
  return <Navigate to={last ? `/${last}` : '/apps'} replace />;
}
