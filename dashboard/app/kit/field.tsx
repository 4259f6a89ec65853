/** A line or a box of text with its label, its hint, and a line that is kept free for what is wrong. */
import { FieldError, Input, Label, Text, TextArea, TextField } from 'react-aria-components';

export function Field({
  label,
  value,
  onChange,
  onBlur,
  hint,
  trouble = null,
  type = 'text',
  lines = 1,
  mono = false,
  placeholder,
  maxLength,
  autoFocus = false,
  isRequired = false,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  hint?: string;
  trouble?: string | null;
  type?: 'text' | 'email' | 'password' | 'date';
  lines?: number;
  mono?: boolean;
  placeholder?: string;
  maxLength?: number;
  autoFocus?: boolean;
  isRequired?: boolean;
}) {
  const shown = {
    className: mono ? 'mono' : '',
    spellCheck: false,
    ...(placeholder !== undefined && { placeholder }),
    ...(maxLength !== undefined && { maxLength }),
  };
  return (
    <TextField
      className="field"
      value={value}
      onChange={onChange}
      isInvalid={trouble !== null}
      isRequired={isRequired}
      autoFocus={autoFocus}
      autoComplete="off"
      validationBehavior="aria"
      {...(onBlur && { onBlur })}
      {...(lines === 1 && { type })}
    >
      <Label>{label}</Label>
      {lines > 1 ? <TextArea {...shown} rows={lines} /> : <Input {...shown} />}
      {hint && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <div className="field-error">{trouble && <FieldError>{trouble}</FieldError>}</div>
    </TextField>
  );
}
