/** Some of many: boxes to tick under one label. */
import { Check } from 'lucide-react';
import { Checkbox, CheckboxGroup, Label } from 'react-aria-components';

export function Checks({
  label,
  options,
  value,
  onChange,
  isDisabled = false,
  trouble = null,
}: {
  label: string;
  options: readonly string[];
  value: readonly string[];
  onChange: (value: string[]) => void;
  isDisabled?: boolean;
  trouble?: string | null;
}) {
  return (
    <CheckboxGroup
      className="checks field"
      value={[...value]}
      onChange={onChange}
      isDisabled={isDisabled}
      isInvalid={trouble !== null}
      validationBehavior="aria"
    >
      <Label className="label">{label}</Label>
      <div className="checks-box" tabIndex={-1}>
        {options.map((option) => (
          <Checkbox key={option} value={option} className="check">
            {({ isSelected }) => (
              <>
                <span className="check-box">{isSelected && <Check size={12} strokeWidth={3} aria-hidden />}</span>
                <span className="mono">{option}</span>
              </>
            )}
          </Checkbox>
        ))}
      </div>
      <div className="field-error" role={trouble ? 'alert' : undefined}>
        {trouble}
      </div>
    </CheckboxGroup>
  );
}
