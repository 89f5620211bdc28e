/** Plotly as one file of its own, outside of our bundle: 5 MB that a build need not read again. */
import address from 'plotly.js-strict-dist-min/plotly-strict.min.js?url';

/** The part of plotly that we use. */
export interface Plotly {
  newPlot: (element: HTMLElement, data: object[], layout: object, config: object) => Promise<unknown>;
  purge: (element: HTMLElement) => void;
}

let loading: Promise<Plotly> | undefined;

export function loadPlotly(): Promise<Plotly> {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => {
      resolve((window as unknown as { Plotly: Plotly }).Plotly);
    };
    script.onerror = () => {
      loading = undefined;
      reject(new Error('The plotting library could not be loaded; reload the page.'));
    };
    document.head.append(script);
  });
  return loading;
}
