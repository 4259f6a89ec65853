/** When something ends by itself, as one of a few. */
import { Choice } from '../kit/choice';

const DAY = 24 * 60 * 60 * 1000;
const NEVER = 'never';

export type Expiry = string;
export const IN_90_DAYS: Expiry = '90';

export function ExpiryChoice({ value, onChange }: { value: Expiry; onChange: (value: Expiry) => void }) {
  return (
    <Choice
      label="Expires"
      value={value}
      onChange={onChange}
      options={[
        { id: '7', text: 'In 7 days' },
        { id: '30', text: 'In 30 days' },
        { id: '90', text: 'In 90 days' },
        { id: '365', text: 'In a year' },
        { id: NEVER, text: 'Never' },
      ]}
    />
  );
}

export function expiresAt(expiry: Expiry, now = Date.now()): string | null {
  return expiry === NEVER ? null : new Date(now + Number(expiry) * DAY).toISOString();
}
