import { Button, Group, NumberInput, Text } from '@mantine/core';
import { useState } from 'react';
import { DrawingPad } from './drawing-pad';
import type { AskFormProps } from './form';
import { imageRequest, inkOf, padSideOf, rowsOf } from './request';
import { blank, type Pixels } from './stroke';

/** Draw, lift the pen, read the answer. */
export function DrawingForm({ inputs, example, busy, submit }: AskFormProps) {
  const side = padSideOf(inputs) ?? 0;
  const shown = (rowsOf(inputs, example)?.[0] ?? []).map(Number);
  const [ink, setInk] = useState<number | string>(() => inkOf(shown));
  const [pixels, setPixels] = useState<Pixels>(() => blank(side));
  const [tensor] = inputs;
  const full = Number(ink) || 1;
  const ask = (drawn: Pixels) => {
    if (tensor && drawn.some((each) => each > 0))
      submit(
        imageRequest(
          tensor,
          drawn.map((each) => each * full),
        ),
      );
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        ask(pixels);
      }}
    >
      <DrawingPad side={side} pixels={pixels} setPixels={setPixels} done={ask} />
      <Text size="xs" c="dimmed" mt={6} mb="md">
        Each stroke is asked about at once. Shift or the second mouse button wipes.
      </Text>
      <Group gap="sm" align="flex-end">
        <Button type="submit" loading={busy}>
          Predict
        </Button>
        <Button
          variant="default"
          onClick={() => {
            setPixels(blank(side));
          }}
        >
          Clear
        </Button>
        {shown.length === side * side && (
          <Button
            variant="default"
            onClick={() => {
              const drawn = shown.map((value) => Math.min(1, value / full));
              setPixels(drawn);
              ask(drawn);
            }}
          >
            The example
          </Button>
        )}
        <NumberInput size="xs" w={110} label="Full ink is" min={0.001} value={ink} onChange={setInk} hideControls />
      </Group>
    </form>
  );
}
