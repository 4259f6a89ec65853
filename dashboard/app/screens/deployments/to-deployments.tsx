import { Navigate, useLocation } from 'react-router';

/** An environment's address is that of its deployments. */
export function Component() {
  const { search } = useLocation();
  return <Navigate to={{ pathname: 'deployments', search }} replace />;
}
