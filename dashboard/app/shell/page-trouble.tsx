import { isRouteErrorResponse, useRouteError } from 'react-router';
import { TriangleAlert } from 'lucide-react';
import { Button } from '../kit/button';
import { Empty } from '../kit/states';

/** A bug, or a part of the page that could not be loaded. */
export function PageTrouble() {
  const error = useRouteError();
  const words = isRouteErrorResponse(error) ? error.statusText : error instanceof Error ? error.message : '';
  return (
    <main id="content" className="page">
      <h1 className="visually-hidden">Something went wrong</h1>
      <Empty icon={TriangleAlert} title="Something went wrong">
        <p>{words}</p>
        <Button onPress={() => location.reload()}>Reload</Button>
      </Empty>
    </main>
  );
}
