/** The one `h1` of a page: it names the document and takes the focus when the page is changed. */
import { type ReactNode, useEffect, useRef } from 'react';
import { useLocation, useParams } from 'react-router';

let lastPath: string | null = null;

export function PageHeading({
  title,
  children,
  hidden = false,
}: {
  title: string;
  children?: ReactNode;
  hidden?: boolean;
}) {
  const { app, environment } = useParams();
  const { pathname } = useLocation();
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = [title, environment, app ?? 'Pinmark'].filter(Boolean).join(' · ');
  }, [title, environment, app]);

  useEffect(() => {
    if (lastPath !== null && lastPath !== pathname) heading.current?.focus({ preventScroll: true });
    lastPath = pathname;
  }, [pathname]);

  return (
    <h1 ref={heading} tabIndex={-1} className={hidden ? 'visually-hidden' : undefined}>
      {children ?? title}
    </h1>
  );
}
