/** The part of plotly that we use; its own types describe the whole of it. */
declare module 'plotly.js-strict-dist-min' {
  const Plotly: {
    newPlot: (element: HTMLElement, data: object[], layout: object, config: object) => Promise<unknown>;
    purge: (element: HTMLElement) => void;
  };
  export default Plotly;
}
