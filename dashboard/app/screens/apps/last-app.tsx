import { Navigate } from 'react-router';
import { appPage } from '../../shell/address';

/** `/` leads to the app that was open last, or to all of them. */
export function Component() {
  const last = localStorage.getItem('pinmark.app');
  return <Navigate to={last ? appPage(last) : '/apps'} replace />;
}
