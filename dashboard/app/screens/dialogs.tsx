/** The dialogs, by the name in the address. Menus, pages and the palette all open these. */
import { lazy, Suspense } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { useEnvironments } from '../shell/app-data';
import { useCloseDialog } from '../shell/address';

const CreateEnvironment = lazy(() => import('./create-environment/create-environment'));
const DeleteEnvironment = lazy(() => import('./environment-settings/delete-environment'));
const Promote = lazy(() => import('./promote/promote'));
const Rollback = lazy(() => import('./rollback/rollback'));

export function Dialogs() {
  const [search] = useSearchParams();
  const { environment } = useParams();
  const close = useCloseDialog();
  const environments = useEnvironments();
  const target = environments.find(({ name }) => name === (search.get('target') ?? environment));
  return <Suspense>{which()}</Suspense>;

  function which() {
    switch (search.get('dialog')) {
      case 'new-env':
        return <CreateEnvironment onClose={close} />;
      case 'promote':
        return target && <Promote key={target.id} target={target} onClose={close} />;
      case 'rollback':
        return target && <Rollback key={target.id} target={target} onClose={close} />;
      case 'delete':
        return target && <DeleteEnvironment key={target.id} target={target} onClose={close} />;
      default:
        return null;
    }
  }
}
