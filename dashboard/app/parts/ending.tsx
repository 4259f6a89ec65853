/** How long a key or a token is still good, in a cell. */
import { Chip } from '../kit/chip';
import { absolute } from '../kit/time';
import { Time } from '../kit/identity';

const DAY = 24 * 60 * 60 * 1000;
const SOON = 14 * DAY;

type Ends = { expiresAt?: string | null | undefined; revokedAt?: string | null | undefined };

export function isOver({ expiresAt, revokedAt }: Ends): boolean {
  return Boolean(revokedAt) || (expiresAt ? Date.parse(expiresAt) <= Date.now() : false);
}

export function Ending({ expiresAt, revokedAt }: Ends) {
  if (revokedAt) {
    return (
      <>
        Revoked <Time at={revokedAt} />
      </>
    );
  }
  if (!expiresAt) return <span className="subtle">Never</span>;
  const left = Date.parse(expiresAt) - Date.now();
  if (left <= 0) return <Chip tone="danger">Expired</Chip>;
  const days = Math.ceil(left / DAY);
  const words = `in ${days} day${days === 1 ? '' : 's'}`;
  return (
    <time dateTime={expiresAt} title={absolute(expiresAt)} className="numeric">
      {left < SOON ? <Chip tone="warning">{words}</Chip> : words}
    </time>
  );
}
