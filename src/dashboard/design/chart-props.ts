/** What a chart shows; its canvas is loaded when one is first shown. */

export interface Line {
  label: string;
  /** A CSS variable's name: `--s-failed`. */
  colour: string;
  values: readonly (number | null)[];
  /** Drawn as an area. */
  fill?: boolean;
}

export interface ChartProps {
  title: string;
  /** RFC 3339, one for each value. */
  times: readonly string[];
  lines: readonly Line[];
  /** How a value is written. */
  format(value: number): string;
  onBrush?(from: string, to: string): void;
}
