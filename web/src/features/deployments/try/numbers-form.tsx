import { Alert, Button, SimpleGrid, TextInput } from '@mantine/core';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import type { AskFormProps } from './form';
import { fieldsOf, requestOf, rowsOf } from './request';

/** One row, one field for each value. */
export function NumbersForm({ inputs, example, busy, submit }: AskFormProps) {
  const fields = fieldsOf(inputs) ?? [];
  const [values, setValues] = useState<string[]>(
    () => rowsOf(inputs, example)?.[0] ?? fields.map(({ datatype }) => (datatype === 'BYTES' ? '' : '0')),
  );
  const [fault, setFault] = useState<string | null>(null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        try {
          submit(requestOf(inputs, [values]));
          setFault(null);
        } catch (error) {
          setFault(messageOf(error));
        }
      }}
    >
      <SimpleGrid cols={{ base: 2, sm: fields.length > 8 ? 4 : 2 }} spacing="xs" mb="md">
        {fields.map(({ label, datatype }, index) => (
          <TextInput
            key={label}
            size="xs"
            label={label}
            inputMode={datatype === 'BYTES' ? 'text' : 'decimal'}
            value={values[index] ?? ''}
            onChange={(event) => {
              setValues(values.with(index, event.currentTarget.value));
            }}
          />
        ))}
      </SimpleGrid>
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
