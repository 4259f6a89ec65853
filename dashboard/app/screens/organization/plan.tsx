/** The organization itself: its name, and what its plan allows. */
import { Chip } from '../../kit/chip';
import { PageHeading } from '../../kit/page';
import { TableHead } from '../../kit/table-head';
import { useOrganization } from './layout';
import { inWords } from './words';

const LIMITS = {
  FREE: ['2', '5', '3'],
  GROWTH: ['4', '20', '10'],
  TEAM: ['10', '100', '50'],
  ENTERPRISE: ['Unlimited', 'Unlimited', 'Unlimited'],
} as const;

export function Component() {
  const { viewer, apps } = useOrganization();
  const { name, plan } = viewer.organization;
  return (
    <div className="page">
      <PageHeading title="General" />
      <section className="card" aria-label="Organization">
        <div className="panel-head">
          <h2>{name}</h2>
          <Chip tone="accent">{inWords(plan)} plan</Chip>
        </div>
        <dl className="facts">
          <dt>Apps</dt>
          <dd>{apps.totalCount}</dd>
          <dt>You</dt>
          <dd>
            {viewer.name}
            {viewer.role && <span className="subtle">{inWords(viewer.role)}</span>}
          </dd>
        </dl>
      </section>
      <section aria-labelledby="plans" className="settings">
        <h2 id="plans">Plans</h2>
        <div className="card table-card" tabIndex={0} role="region" aria-label="What each plan allows">
          <table className="table" aria-labelledby="plans">
            <TableHead columns={['Plan', 'Environments per app', 'API keys per app', 'Apps']} />
            <tbody>
              {Object.entries(LIMITS).map(([one, limits]) => (
                <tr key={one}>
                  <th scope="row">
                    {inWords(one)} {one === plan && <Chip look="outline">Current</Chip>}
                  </th>
                  {limits.map((limit, index) => (
                    <td key={index}>{limit}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <p className="muted">Whoever runs this server sets the plan. Ask them to change it.</p>
      </section>
    </div>
  );
}
