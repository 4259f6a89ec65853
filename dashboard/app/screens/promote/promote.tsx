/** The one Promote dialog: first what and from where, then how it goes. */
import { useSearchParams } from 'react-router';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Note } from '../../kit/states';
import { Needs } from '../../parts/needs';
import { withDialog } from '../../shell/address';
import { type Environment, useMay } from '../../shell/app-data';
import { PromoteForm } from './form';
import { PromoteProgress } from './progress';

export default function Promote({ target, onClose }: { target: Environment; onClose: () => void }) {
  const [search, change] = useSearchParams();
  const may = useMay('environment.promote');
  const deployment = search.get('deployment');

  if (target.isDefault || !may) {
    return (
      <Dialog
        title={`You can’t promote into ${target.name}`}
        onClose={onClose}
        foot={<Button onPress={onClose}>Close</Button>}
      >
        {target.isDefault ? (
          <Note>{target.name} follows your branch and can’t be promoted into.</Note>
        ) : (
          <Needs permission="environment.promote" />
        )}
      </Dialog>
    );
  }
  if (deployment) {
    return (
      <PromoteProgress
        id={deployment}
        target={target}
        onClose={onClose}
        onRetried={watch}
      />
    );
  }
  return <PromoteForm target={target} onClose={onClose} onStarted={watch} />;

  function watch(id: string) {
    change((now) => withDialog(now, 'promote', { target: target.name, deployment: id }), { replace: true });
  }
}
