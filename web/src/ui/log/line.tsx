import { Fragment, memo } from 'react';
import { parseLine, type Style } from './ansi';

/** One line, coloured, with what was searched for marked. */
export const Line = memo(function Line({ line, search }: { line: string; search: string }) {
  return (
    <span style={{ flex: 1, minWidth: 0 }}>
      {parseLine(line).map(({ text, style }, index) => (
        <span key={index} style={css(style)}>
          <Marked text={text} search={search} />
        </span>
      ))}
    </span>
  );
});

function Marked({ text, search }: { text: string; search: string }) {
  if (!search) return text;
  const pieces: { text: string; hit: boolean }[] = [];
  const [lower, wanted] = [text.toLowerCase(), search.toLowerCase()];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    pieces.push({ text: text.slice(from, at), hit: false }, { text: text.slice(at, at + wanted.length), hit: true });
    from = at + wanted.length;
  }
  pieces.push({ text: text.slice(from), hit: false });
  return pieces.map((piece, index) =>
    piece.hit ? <mark key={index}>{piece.text}</mark> : <Fragment key={index}>{piece.text}</Fragment>,
  );
}

function css(style: Style): React.CSSProperties {
  return {
    color: style.color,
    background: style.background,
    fontWeight: style.bold ? 650 : undefined,
    opacity: style.dim ? 0.7 : undefined,
    fontStyle: style.italic ? 'italic' : undefined,
    textDecoration: style.underline ? 'underline' : undefined,
  };
}
