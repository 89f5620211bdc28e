/** A user's plotly figure. The library is large, so it is loaded only here; it is the build without `eval`. */
import { useComputedColorScheme } from '@mantine/core';
import Plotly from 'plotly.js-strict-dist-min';
import { useEffect, useRef } from 'react';

interface Figure {
  data?: object[];
  layout?: object;
}

export default function PlotlyFigure({ figure }: { figure: unknown }) {
  const target = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    const element = target.current;
    if (!element) return;
    const { data = [], layout = {} } = figure as Figure;
    const { color } = getComputedStyle(element);
    const look = {
      paper_bgcolor: 'transparent',
      plot_bgcolor: 'transparent',
      font: { color },
      autosize: true,
      height: 480,
    };
    void Plotly.newPlot(
      element,
      data,
      { ...layout, ...look, width: undefined },
      { responsive: true, displaylogo: false },
    );
    return () => {
      Plotly.purge(element);
    };
  }, [figure, scheme]);
  return <div ref={target} style={{ minHeight: 480 }} role="img" aria-label="Figure" />;
}
