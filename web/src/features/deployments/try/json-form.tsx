import { Alert, Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import type { AskFormProps } from './form';
import { emptyRequest, type InferenceRequest } from './request';

/** The request as it goes over the wire. */
export function JsonForm({ inputs, example, busy, submit }: AskFormProps) {
  const [text, setText] = useState(() => JSON.stringify(example ?? emptyRequest(inputs), null, 2));
  const [fault, setFault] = useState<string | null>(null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        try {
          submit(JSON.parse(text) as InferenceRequest);
          setFault(null);
        } catch (error) {
          setFault(`This is not JSON: ${messageOf(error)}`);
        }
      }}
    >
      <Textarea
        label="Request"
        description="Open Inference Protocol"
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
        rows={18}
        mb="md"
        spellCheck={false}
      />
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
