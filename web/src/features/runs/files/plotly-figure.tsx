/** A user's plotly figure. The library is large, so it is loaded only here; it is the build without `eval`. */
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { loadPlotly } from './plotly';

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
    let gone = false;
    const drawn = loadPlotly().then((plotly) => {
      if (gone) return null;
      const { data = [], layout = {} } = figure as Figure;
      const { color } = getComputedStyle(element);
      const look = { paper_bgcolor: 'transparent', plot_bgcolor: 'transparent', font: { color }, height: 480 };
      void plotly.newPlot(element, data, { ...layout, ...look }, { responsive: true, displaylogo: false });
      return plotly;
    });
    return () => {
      gone = true;
      void drawn.then((plotly) => plotly?.purge(element));
    };
  }, [figure, scheme]);
  return <div ref={target} style={{ minHeight: 480 }} role="img" aria-label="Figure" />;
}
