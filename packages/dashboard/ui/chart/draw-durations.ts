import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { durationText, whenText } from '../words/times.ts';

/** One run that has ended. */
export interface Point {
  readonly id: number;
  readonly at: number;
  readonly duration: number;
  readonly hasFailed: boolean;
}

const HEIGHT = 150;

/** Draws durations over runs into `box`, as wide as it is; Failed ones have a notch. The answer takes the drawing away. */
export function drawDurations(box: HTMLElement, points: readonly Point[]): () => void {
  const colour = (name: string): string => resolved(box, name);
  const [quiet, line, green, red] = [colour('--quiet'), colour('--line'), colour('--green'), colour('--red')];
  const axis = { stroke: quiet, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: `11px ${getComputedStyle(box).fontFamily}` };
  const bars = (uPlot.paths.bars as NonNullable<typeof uPlot.paths.bars>)({ size: [0.62, 22], radius: 0.25 });
  const plot = new uPlot(
    {
      width: box.clientWidth,
      height: HEIGHT,
      padding: [12, 14, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, range: [-0.6, points.length - 0.4] }, y: { range: (_plot, _low, high) => [0, high * 1.1] } },
      axes: [
        { ...axis, grid: { show: false }, size: 26, space: 90, values: (_plot, places) => places.map((place) => dayAt(points, place)) },
        { ...axis, size: 66, values: (_plot, values) => values.map((value) => (value === 0 ? '0' : durationText(value))) },
      ],
      series: [
        {},
        { stroke: green, width: 0, points: { show: false }, paths: bars, fill: green, label: 'Completed' },
        { stroke: red, width: 0, points: { show: false }, paths: bars, fill: red, label: 'Failed' },
      ],
      hooks: { draw: [(drawn) => notch(drawn, points, colour('--surface'))] },
    },
    [points.map((_point, at) => at), points.map(({ duration, hasFailed }) => (hasFailed ? null : duration)), points.map(({ duration, hasFailed }) => (hasFailed ? duration : null))],
    box,
  );
  const watch = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: HEIGHT }));
  watch.observe(box);
  return () => {
    watch.disconnect();
    plot.destroy();
  };
}

/** A Failed run is told by more than red: a notch is cut out of the head of its bar. */
function notch(plot: uPlot, points: readonly Point[], ground: string): void {
  const { ctx } = plot;
  const width = Math.min(22 * devicePixelRatio, (plot.bbox.width / (points.length + 0.2)) * 0.62) + 2;
  ctx.save();
  ctx.fillStyle = ground;
  for (const [at, { duration, hasFailed }] of points.entries()) {
    if (!hasFailed) continue;
    const [x, y] = [plot.valToPos(at, 'x', true), plot.valToPos(duration, 'y', true)];
    ctx.fillRect(x - width / 2, y + 4 * devicePixelRatio, width, 2 * devicePixelRatio);
  }
  ctx.restore();
}

function dayAt(points: readonly Point[], place: number): string {
  const point = points[place];
  return point === undefined ? '' : whenText(point.at, Date.now()).replace(/ \d\d:\d\d$/, '');
}

/** A canvas knows no variables: the colour as the element would show it. */
function resolved(box: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  box.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
