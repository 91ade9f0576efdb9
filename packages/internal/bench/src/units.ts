const THOUSAND = 1_000;

/** 1234567 as 1.2M, 1234 as 1.2k, 12.34 as 12: as exact as the noise allows. */
export function short(value: number): string {
  if (value >= THOUSAND ** 2) return `${two(value / THOUSAND ** 2)}M`;
  if (value >= THOUSAND) return `${two(value / THOUSAND)}k`;
  return two(value);
}

/** 100000 as 100,000. */
export function count(value: number): string {
  return value.toLocaleString("en-GB");
}

function two(value: number): string {
  if (!Number.isFinite(value)) return "?";
  return String(value >= 100 ? Math.round(value) : Number(value.toPrecision(2)));
}
