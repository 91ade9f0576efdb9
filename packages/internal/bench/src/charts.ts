import { BarChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { short } from "./units.ts";

/** Bars in groups, one bar of each series in a group. */
export interface Chart {
  readonly title: string;
  readonly groups: readonly string[];
  readonly series: readonly {
    readonly name: string;
    readonly values: readonly (number | undefined)[];
  }[];
  /** Where values lie too far apart to be seen side by side. */
  readonly isLogarithmic: boolean;
}

const WIDTH = 900;

const HEIGHT = { below: 30, bar: 15, between: 26 };

/** Wide gaps, between rows too: without a browser the width of text is guessed. */
const LEGEND = { top: 36, gap: 22, row: 36, symbol: 30, character: 6.5 };

/** Ours first, then greys and colours that also differ in brightness. */
const COLOURS = [
  "#0b6e4f",
  "#c44536",
  "#e09f3e",
  "#335c81",
  "#8d5a97",
  "#7d8597",
  "#b08968",
  "#5fa8d3",
  "#c0a9bd",
  "#444444",
];

/** The chart as SVG, on white: a page may be dark. */
export function svgOf({ title, groups, series, isLogarithmic }: Chart): string {
  echarts.use([BarChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);
  const top = LEGEND.top + LEGEND.row * rowsOf(series.map(({ name }) => name));
  const height = top + groups.length * (series.length * HEIGHT.bar + HEIGHT.between) + HEIGHT.below;
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  const axis = isLogarithmic
    ? { type: "log" as const, min: originOf(series.flatMap(({ values }) => values)) }
    : { type: "value" as const };
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    color: COLOURS,
    title: {
      text: isLogarithmic ? `${title} (logarithmic)` : title,
      left: 10,
      top: 8,
      textStyle: { fontSize: 15 },
    },
    legend: { top: LEGEND.top, left: 10, itemGap: LEGEND.gap, textStyle: { fontSize: 11 } },
    grid: { left: 110, right: 50, top, bottom: 30 },
    xAxis: { ...axis, axisLabel: { formatter: short } },
    yAxis: { type: "category", inverse: true, data: [...groups] },
    series: series.map(({ name, values }) => ({
      name,
      type: "bar" as const,
      data: values.map((value) => value ?? "-"),
      label: { show: true, fontSize: 10, position: "right" as const, formatter: labelOf },
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}

/** How many rows the legend takes. */
function rowsOf(names: readonly string[]): number {
  let [rows, used] = [1, 0];
  for (const name of names) {
    const width = LEGEND.symbol + name.length * LEGEND.character + LEGEND.gap;
    if (used + width > WIDTH) [rows, used] = [rows + 1, 0];
    used += width;
  }
  return rows;
}

/** A power of ten that leaves the least bar about as long as its label. */
function originOf(values: readonly (number | undefined)[]): number {
  const least = Math.min(...values.filter((value) => value !== undefined));
  return 10 ** Math.floor(Math.log10(least / 2));
}

function labelOf({ value }: { value: unknown }): string {
  return typeof value === "number" ? short(value) : "";
}
