/** One of a few: a button that opens a list. */
import { Check, ChevronsUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Button,
  type Key,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
} from 'react-aria-components';

export type Option = { id: string; text: string; content?: ReactNode };

export function Choice({
  label,
  options,
  value,
  onChange,
  placeholder,
  compact = false,
  autoFocus = false,
}: {
  label: string;
  options: Option[];
  value: string | null;
  onChange: (value: string) => void;
  placeholder?: string;
  compact?: boolean;
  autoFocus?: boolean;
}) {
  return (
    <Select
      className="field"
      value={value}
      onChange={(key: Key | null) => key !== null && onChange(String(key))}
      autoFocus={autoFocus}
      {...(placeholder !== undefined && { placeholder })}
      {...(compact && { 'aria-label': label })}
    >
      {!compact && <Label className="label">{label}</Label>}
      <Button className="select-button" data-compact={compact || undefined}>
        <SelectValue className="select-value" />
        <ChevronsUpDown size={14} aria-hidden />
      </Button>
      <Popover className="popover">
        <ListBox className="listbox" items={options}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.text} className="listbox-item">
              {({ isSelected }) => (
                <>
                  <span>{option.content ?? option.text}</span>
                  {isSelected && (
                    <span className="menu-item-end">
                      <Check size={14} aria-hidden />
                    </span>
                  )}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
