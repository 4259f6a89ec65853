/** What the keys do. */
import { useState } from 'react';
import { Switch } from 'react-aria-components';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { KEYS } from '../../shell/shortcuts';
import { singleKeysAreOn, turnSingleKeys } from '../../shell/single-keys';
import './keys.css';

const EVERYWHERE = [{ keys: [/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl', 'K'], text: 'Command palette' }];
const IN_A_LOG = [
  { keys: ['f'], text: 'Follow' },
  { keys: ['/'], text: 'Find in log' },
  { keys: ['g'], text: 'To the top' },
  { keys: ['G'], text: 'To the bottom' },
];

export default function KeysHelp({ onClose }: { onClose: () => void }) {
  const [on, setOn] = useState(singleKeysAreOn);
  function turn(to: boolean) {
    turnSingleKeys(to);
    setOn(to);
  }

  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose} foot={<Button onPress={onClose}>Close</Button>}>
      <Keys name="Everywhere" rows={EVERYWHERE} />
      <Keys name="On a page" rows={KEYS.map(({ key, text }) => ({ keys: [key], text }))} isOff={!on} />
      <Keys name="In a build log" rows={IN_A_LOG} isOff={!on} />
      <Switch className="switch" isSelected={on} onChange={turn}>
        <span className="switch-track" aria-hidden />
        Single-key shortcuts
      </Switch>
    </Dialog>
  );
}

function Keys({ name, rows, isOff = false }: { name: string; rows: { keys: string[]; text: string }[]; isOff?: boolean }) {
  return (
    <section className="keys" data-off={isOff || undefined}>
      <h3>{name}</h3>
      <dl>
        {rows.map(({ keys, text }) => (
          <div key={text}>
            <dt>{text}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
