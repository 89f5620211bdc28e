/** A user's plotly figure. The library is large, so it is loaded only here; it is the build without `eval`. */
import { useEffect, useRef } from 'react';
import { loadPlotly } from './plotly';

interface Figure {
  data?: object[];
  layout?: object;
}

export default function PlotlyFigure({ figure }: { figure: unknown }) {
  const target = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = target.current;
    if (!element) return;
    let gone = false;
    const drawn = loadPlotly().then((plotly) => {
      if (gone) return null;
      const { data = [], layout = {} } = figure as Figure;
      void plotly.newPlot(element, data, { ...layout, height: 480 }, { responsive: true, displaylogo: false });
      return plotly;
    });
    return () => {
      gone = true;
      void drawn.then((plotly) => plotly?.purge(element));
    };
  }, [figure]);
  // On white in the dark, too: the figure's colours are its maker's.
  return <div ref={target} style={{ minHeight: 480, background: '#fff' }} role="img" aria-label="Figure" />;
}
