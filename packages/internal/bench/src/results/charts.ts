import { init } from "echarts";
import { CONTENDERS } from "../contenders/all.ts";
import { type Results, SHORT } from "./results.ts";

/** The suites with a chart. */
const TITLES: Record<string, string> = {
  path: "Whole path of a request, in memory",
  memory: "Manager and store alone, in memory",
  level: "On disk",
  redis: "Redis",
  postgres: "PostgreSQL",
};

const ACCESSES = ["read", "change", "extend", "create"] as const;

const LEGEND_ROW = 22;
const BAR = 15;

/** Draws a chart of accesses a second for each suite, 64 at once: SVGs by the names of their files. */
export function chartsOf(results: Results): Map<string, string> {
  const suites = Object.keys(TITLES).filter((name) =>
    results.figures.some(({ suite }) => suite === name),
  );
  return new Map(suites.map((suite) => [`${suite}.svg`, chartOf(suite, results)]));
}

function chartOf(suite: string, results: Results): string {
  const series = seriesOf(suite, results);
  const top = 50 + LEGEND_ROW * series.length;
  const height = top + ACCESSES.length * (series.length * BAR + 26) + 30;
  const chart = init(null, null, { renderer: "svg", ssr: true, width: 900, height });
  chart.setOption({
    animation: false,
    // Pages may be dark.
    backgroundColor: "#ffffff",
    title: { text: `${TITLES[suite]}: accesses a second, 64 at once (logarithmic)` },
    legend: { orient: "vertical", left: 10, top: 36 },
    grid: { left: 80, right: 60, top, bottom: 30 },
    xAxis: {
      type: "log",
      // Leaves the shortest bar long enough to be seen.
      min: ({ min }: { min: number }) => 10 ** Math.floor(Math.log10(min / 2)),
      axisLabel: { formatter: (value: number) => SHORT.format(value) },
    },
    yAxis: { type: "category", inverse: true, data: [...ACCESSES] },
    series,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}

function seriesOf(suite: string, results: Results) {
  const place = { suite, size: "0.6 KB", atOnce: 64, unit: "µs" } as const;
  const sessions = Math.min(
    ...results.figures.filter((figure) => figure.suite === suite).map((each) => each.sessions),
  );
  const series = Object.entries(CONTENDERS).map(([contender, { title }]) => ({
    name: title,
    type: "bar",
    data: ACCESSES.map((access) => {
      const micros = results.netMedian({ ...place, sessions, contender, access });
      return micros === undefined ? undefined : 1_000_000 / micros;
    }),
    label: {
      show: true,
      position: "right",
      formatter: ({ value }: { value: unknown }) =>
        typeof value === "number" ? SHORT.format(value) : "",
    },
  }));
  return series.filter(({ data }) => data.some((rate) => rate !== undefined));
}
