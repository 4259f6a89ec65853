/** The environments from left to right, in the order in which changes reach them. */
import { ArrowRight } from 'lucide-react';
import { Link } from 'react-router';
import { PinLabel, Time } from '../../kit/identity';
import { headline } from '../../parts/deployment';
import { type Environment, useApp } from '../../shell/app-data';
import { EnvironmentDot } from '../../shell/environment-dot';
import { columnsOf } from './lane';
import { appPage } from '../../shell/address';

export function Lane({ sourceOf }: { sourceOf: (environment: Environment) => string | null }) {
  const { app } = useApp();
  const columns = columnsOf(app.environments.nodes, sourceOf);
  if (columns.length < 2) return null;
  return (
    <ol className="lane" aria-label="Way to production">
      {columns.map((column, place) => (
        <li key={column[0]!.id} className="lane-column">
          {place > 0 && <ArrowRight size={15} aria-hidden className="lane-arrow" />}
          <div className="lane-stops">
            {column.map((one) => (
              <Link key={one.id} to={`${appPage(app.name)}/e/${one.name}`} className="lane-stop card">
                <span className="lane-name">
                  <EnvironmentDot environment={one} />
                  {one.name}
                  <PinLabel label={one.pinLabel} state={one.state} />
                </span>
                <span className="lane-commit muted">
                  <code>{one.contentCommit?.shortSha ?? '–'}</code>{' '}
                  <span className="lane-message">{headline(one.contentCommit?.message)}</span>
                  {one.pin && (
                    <span className="subtle">
                      {' '}
                      <Time at={one.pin.since} />
                    </span>
                  )}
                </span>
              </Link>
            ))}
          </div>
        </li>
      ))}
    </ol>
  );
}
