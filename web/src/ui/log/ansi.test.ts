import { describe, expect, it } from 'vitest';
import { parseLine, plainText } from './ansi';

const ESC = '\x1b';

describe('parseLine', () => {
  it('keeps plain text in one span', () => {
    expect(parseLine('epoch 1')).toEqual([{ text: 'epoch 1', style: {} }]);
  });

  it('colours what comes after the code and ends at the reset', () => {
    expect(parseLine(`a ${ESC}[1;31mred${ESC}[0m b`)).toEqual([
      { text: 'a ', style: {} },
      { text: 'red', style: { bold: true, color: 'var(--ansi-red)' } },
      { text: ' b', style: {} },
    ]);
  });

  it.each([
    [`${ESC}[38;5;196mx`, 'rgb(255 0 0)'],
    [`${ESC}[38;2;1;2;3mx`, 'rgb(1 2 3)'],
    [`${ESC}[38;5;244mx`, 'rgb(128 128 128)'],
  ])('reads extended colours', (line, color) => {
    expect(parseLine(line)[0]?.style.color).toBe(color);
  });

  it('shows a progress bar at its last state', () => {
    expect(parseLine('10%\r50%\r100%\r')).toEqual([{ text: '100%', style: {} }]);
  });
});

describe('plainText', () => {
  it('drops colours, cursor moves and window titles', () => {
    expect(plainText(`${ESC}]0;title\x07${ESC}[2K${ESC}[32mok${ESC}[m`)).toBe('ok');
  });
});
