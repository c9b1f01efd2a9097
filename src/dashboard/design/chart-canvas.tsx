import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useSettings } from '../live/settings.ts';
import type { ChartProps, Line } from './chart-props.ts';

const HEIGHT = 150;

export default function Canvas({ times, lines, format, onBrush }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const brush = useRef(onBrush);
  brush.current = onBrush;
  const { theme } = useSettings();
  const shape = lines.map(({ label, colour, fill }) => `${label} ${colour} ${fill}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` and `theme` stand for what is drawn anew.
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(
        optionsOf(element, lines, format, (from, to) => brush.current?.(from, to)),
        dataOf(times, lines),
        element,
      );
    };
    draw();
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    const resized = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    resized.observe(element);
    return () => {
      scheme.removeEventListener('change', draw);
      resized.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape, theme]);
  useEffect(() => {
    plot.current?.setData(dataOf(times, lines));
  }, [times, lines]);
  return <div ref={place} />;
}

function dataOf(times: readonly string[], lines: readonly Line[]): uPlot.AlignedData {
  return [
    times.map((time) => Date.parse(time) / 1000),
    ...lines.map(({ values }) => [...values]),
  ] as uPlot.AlignedData;
}

function optionsOf(
  element: HTMLElement,
  lines: readonly Line[],
  format: (value: number) => string,
  onBrush: (from: string, to: string) => void,
): uPlot.Options {
  const colour = colourReader(element);
  const axis = {
    stroke: colour('--ink-3'),
    font: `11px ${getComputedStyle(element).fontFamily}`,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    padding: [8, 20, 0, 0],
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(high * 1.1, 0.01)] } },
    axes: [
      { ...axis, grid: { show: false }, size: 26, values: (_plot, ticks) => ticks.map(clockText) },
      { ...axis, size: 56, values: (_plot, ticks) => ticks.map((tick) => format(tick)) },
    ],
    series: [
      {},
      ...lines.map(({ label, colour: name, fill }) => ({
        label,
        stroke: colour(name),
        width: 1.5,
        ...(fill && { fill: `color-mix(in srgb, ${colour(name)} 18%, transparent)` }),
        points: { show: false },
        spanGaps: true,
      })),
    ],
    hooks: {
      setSelect: [
        ({ select: { left, width }, posToVal }: uPlot) => {
          if (width < 4) return;
          const at = (position: number) => new Date(posToVal(position, 'x') * 1000).toISOString();
          onBrush(at(left), at(left + width));
        },
      ],
    },
  };
}

/** Hours and minutes; the day at midnight. */
function clockText(second: number): string {
  const date = new Date(second * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  if (date.getHours() === 0 && date.getMinutes() === 0)
    return `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A canvas knows neither variables nor light-dark(): reads what a colour is at this moment. */
function colourReader(element: HTMLElement): (name: string) => string {
  const probe = document.createElement('span');
  return (name) => {
    probe.style.color = `var(${name})`;
    element.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  };
}
