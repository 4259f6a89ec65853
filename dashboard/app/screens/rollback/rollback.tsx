/** The Roll back dialog: which version, what goes away, and then how it goes. */
import { useSearchParams } from 'react-router';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Note } from '../../kit/states';
import { Needs } from '../../parts/needs';
import { withDialog } from '../../shell/address';
import { type Environment, useMay } from '../../shell/app-data';
import { PromoteProgress } from '../promote/progress';
import { RollbackForm } from './form';

export default function Rollback({ target, onClose }: { target: Environment; onClose: () => void }) {
  const [search, change] = useSearchParams();
  const may = useMay('environment.promote');
  const deployment = search.get('deployment');

  if (target.isDefault || !may || !target.pin) {
    return (
      <Dialog
        title={`You can’t roll back ${target.name}`}
        onClose={onClose}
        foot={<Button onPress={onClose}>Close</Button>}
      >
        {target.isDefault ? (
          <Note>{target.name} follows your branch and has no versions.</Note>
        ) : may ? (
          <Note>{target.name} serves nothing yet, so there is nothing to roll back.</Note>
        ) : (
          <Needs permission="environment.promote" />
        )}
      </Dialog>
    );
  }
  if (deployment) {
    return <PromoteProgress title="Rollback" id={deployment} target={target} onClose={onClose} onRetried={watch} />;
  }
  return <RollbackForm target={target} pin={target.pin} onClose={onClose} onStarted={watch} />;

  function watch(id: string) {
    change((now) => withDialog(now, 'rollback', { target: target.name, deployment: id }), { replace: true });
  }
}
