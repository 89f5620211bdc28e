import { NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import type { Parameter } from '../queries';
import { boundsOf, textOf } from './values';

interface FieldProps {
  name: string;
  parameter: Parameter;
  text: string;
  set: (text: string) => void;
  /** What is wrong with it. */
  fault: string | undefined;
}

/** One parameter, as its type wants to be asked for. */
export function ParameterField({ name, parameter, text, set, fault }: FieldProps) {
  const { type, choices, required, help } = parameter;
  const isChanged = text !== textOf(parameter.default, type);
  const common = {
    label: name,
    description: describe(parameter, isChanged),
    error: fault,
    required,
    withAsterisk: required,
  };
  if (type === 'bool')
    return (
      <Switch
        label={name}
        description={describe(parameter, isChanged)}
        checked={text === 'true'}
        onChange={(event) => {
          set(String(event.currentTarget.checked));
        }}
      />
    );
  if (type === 'choice')
    return (
      <Select
        {...common}
        data={choices.map(String)}
        value={text || null}
        allowDeselect={false}
        onChange={(value) => {
          set(value ?? '');
        }}
      />
    );
  if (type === 'int')
    return (
      <NumberInput
        {...common}
        value={text}
        allowDecimal={false}
        onChange={(value) => {
          set(String(value));
        }}
      />
    );
  const onChange = (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => {
    set(event.currentTarget.value);
  };
  if (type === 'list' || type === 'map')
    return <Textarea {...common} value={text} onChange={onChange} autosize maxRows={12} spellCheck={false} />;
  const isNumber = type === 'float' || type === 'number';
  return (
    <TextInput
      {...common}
      value={text}
      onChange={onChange}
      inputMode={isNumber ? 'decimal' : 'text'}
      title={help}
      spellCheck={!isNumber}
    />
  );
}

const TYPES: Record<Parameter['type'], string> = {
  int: 'whole number',
  float: 'number',
  number: 'number',
  bool: '',
  string: 'text',
  choice: '',
  list: 'list, as JSON',
  map: 'map, as JSON',
  any: 'anything',
};

/** "Passes over the images. Whole number, 1 to 1000; default 10." */
function describe(parameter: Parameter, isChanged: boolean): string {
  const facts = [TYPES[parameter.type], boundsOf(parameter)].filter(Boolean).join(', ');
  const first = facts.charAt(0).toUpperCase() + facts.slice(1);
  const before =
    isChanged && !parameter.required ? `default ${textOf(parameter.default, parameter.type) || 'empty'}` : '';
  return [parameter.help, [first, before].filter(Boolean).join('; ')].filter(Boolean).join(' ');
}
