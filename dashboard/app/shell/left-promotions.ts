/** Promotions whose dialog was closed before they settled: how they end is told wherever one is by then. */
import { useAppEvents } from '../client/app-events';
import { toast } from '../kit/toasts';

const left = new Map<string, string>();

/** `page` shows the deployment. */
export function leavePromotion(deployment: string, page: string): void {
  left.set(deployment, page);
}

export function returnToPromotion(deployment: string): void {
  left.delete(deployment);
}

export function useToldOfLeftPromotions(): void {
  useAppEvents((event) => {
    const deployment = event?.deployment;
    const page = deployment && left.get(deployment.id);
    if (!page || deployment.status === 'IN_PROGRESS') return;
    left.delete(deployment.id);
    const version = `v${deployment.version} to ${deployment.environment.name}`;
    if (deployment.status === 'DEPLOYED') toast({ tone: 'success', text: `Deployed ${version}.`, to: page });
    else toast({ tone: 'danger', text: `Could not deploy ${version}.`, to: page });
  });
}
