import { Alert, Button, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { plural } from '@/ui/format';
import type { AskFormProps } from './form';
import { fieldsOf, parseTable, requestOf, rowsOf } from './request';

/** Many rows at once, pasted from a sheet or a CSV file. */
export function TableForm({ inputs, example, busy, submit }: AskFormProps) {
  const fields = fieldsOf(inputs) ?? [];
  const [text, setText] = useState(() => (rowsOf(inputs, example) ?? []).map((row) => row.join('\t')).join('\n'));
  const [fault, setFault] = useState<string | null>(null);
  const ask = () => {
    const rows = parseTable(text);
    const uneven = rows.findIndex((row) => row.length !== fields.length);
    const odd = rows[uneven];
    if (odd)
      throw new Error(
        `Row ${(uneven + 1).toString()} has ${plural(odd.length, 'value')}, and the model takes ${fields.length.toString()}.`,
      );
    if (rows.length === 0) throw new Error('There is no row yet.');
    submit(requestOf(inputs, rows));
    setFault(null);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        try {
          ask();
        } catch (error) {
          setFault(messageOf(error));
        }
      }}
    >
      <Textarea
        label="Rows"
        description={`One a line, ${plural(fields.length, 'value')} each, with tabs, semicolons or commas between them.`}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12, whiteSpace: 'pre' } }}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
        rows={12}
        spellCheck={false}
      />
      <Text size="xs" c="dimmed" mt={4} mb="md" lineClamp={2}>
        In this order: {fields.map(({ label }) => label).join(', ')}
      </Text>
      {fault && (
        <Alert color="red" role="alert" p="xs" mb="md">
          {fault}
        </Alert>
      )}
      <Button type="submit" loading={busy}>
        Predict
      </Button>
    </form>
  );
}
