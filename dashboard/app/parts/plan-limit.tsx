/** A limit of the plan, and where one sees the plan. */
import { Link } from 'react-router';

export function PlanLimit({ message }: { message: string }) {
  return (
    <>
      {message}{' '}
      <Link className="text-link" to="/organization">
        Upgrade
      </Link>
    </>
  );
}
