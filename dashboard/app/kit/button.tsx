/** Buttons, and links that look like them. */
import { LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import { Link } from 'react-router';

type Look = { variant?: 'primary' | 'danger' | 'quiet' | undefined; size?: 'small' | undefined };

export type ButtonProps = Omit<AriaButtonProps, 'children' | 'className'> &
  Look & { children: ReactNode; iconOnly?: boolean; pendingText?: string };

/** While it is pending it stays focusable and does nothing. */
export function Button({ variant, size, iconOnly, pendingText, children, isPending, ...rest }: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      isPending={isPending ?? false}
      className="button"
      data-variant={variant}
      data-size={size}
      data-icon-only={iconOnly || undefined}
    >
      {isPending ? (
        <>
          <LoaderCircle size={14} className="spin" aria-hidden />
          {pendingText ?? children}
        </>
      ) : (
        children
      )}
    </AriaButton>
  );
}

export function ButtonLink({
  to,
  variant,
  size,
  children,
  autoFocus,
}: Look & { to: string; children: ReactNode; autoFocus?: boolean }) {
  return (
    <Link to={to} className="button" data-variant={variant} data-size={size} autoFocus={autoFocus ?? false}>
      {children}
    </Link>
  );
}
