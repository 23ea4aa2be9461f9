import { LabIcon } from '@jupyterlab/ui-components';

// A graph of three nodes: what Lab 1 draws, and what all labs compute.
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">
<g class="jp-icon3" fill="none" stroke="#616161" stroke-width="2">
<path d="M8 7.5 15 11M8 16.5 15 13"/><circle cx="6" cy="6" r="2.5"/><circle cx="6" cy="18" r="2.5"/>
<circle cx="17.5" cy="12" r="2.5"/></g></svg>`;

export const courseIcon = new LabIcon({
  name: 'systems-for-ai:course',
  svgstr: SVG.replaceAll('\n', '')
});
