/** A field that filters the menu under it. */
import type { ReactNode } from 'react';
import { Autocomplete, Input, SearchField, useFilter } from 'react-aria-components';

export default function Searchable({ children }: { children: ReactNode }) {
  const { contains } = useFilter({ sensitivity: 'base' });
  return (
    <Autocomplete filter={contains}>
      <SearchField aria-label="Find environment" className="menu-search field" autoFocus>
        <Input placeholder="Find environment" />
      </SearchField>
      {children}
    </Autocomplete>
  );
}
