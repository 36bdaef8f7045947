/** A line chart of measurements: where everything is on it, and what it says to those who do not see it. */

/**
 * @import { Kind } from "./kinds.js"
 * @import { Measurement } from "./observations.js"
 */

/** Where the lines are, in the units of the picture; around them is room for labels. */
const PLOT = { left: 56, right: 712, top: 44, bottom: 276 };
const DAY = 24 * 3600 * 1000;
const X_TICKS = 5;

/**
 * @param {Kind} kind
 * @param {Measurement[]} measurements At least one, the oldest first.
 */
export function chartOf(kind, measurements) {
  const { x, xTicks } = timeAxis(measurements.map(({ takenAt }) => takenAt.getTime()));
  const { y, yTicks } = valueAxis(measurements.flatMap(({ values }) => values));
  const lines = kind.parts.map(({ name }, index) => ({
    name,
    dots: measurements.map(({ takenAt, values }) => ({
      x: x(takenAt.getTime()),
      y: y(Number(values[index])),
      label: `${dayOf(takenAt)}: ${values[index]} ${kind.unit}`,
    })),
  }));
  return { plot: PLOT, xTicks, yTicks, lines, description: describe(kind, measurements) };
}

/**
 * The day of a moment, in UTC.
 * @param {Date} moment
 */
export function dayOf(moment) {
  return moment.toISOString().slice(0, 10);
}

/** @param {number[]} times The earliest first. */
function timeAxis(times) {
  const [first = 0] = times;
  const last = times.at(-1) ?? first;
  // A line of one point is in the middle.
  const [from, to] = first === last ? [first - DAY, last + DAY] : [first, last];
  const x = scale(from, to, PLOT.left, PLOT.right);
  const ticks = Array.from({ length: X_TICKS }, (_, index) => from + ((to - from) * index) / (X_TICKS - 1));
  return { x, xTicks: ticks.map((time) => ({ x: x(time), label: dayOf(new Date(time)) })) };
}

/** @param {number[]} values */
function valueAxis(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const { step, decimals } = stepFor((high - low || 1) / 4);
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  const y = scale(first * step, last * step, PLOT.bottom, PLOT.top);
  return { y, yTicks: ticks.map((value) => ({ y: y(value), label: value.toFixed(decimals) })) };
}

/**
 * The next larger 1, 2 or 5 of a power of ten, and how many decimals its multiples have.
 * @param {number} least
 */
function stepFor(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
  return { step, decimals: Math.max(0, -Math.floor(Math.log10(step))) };
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} start Where `from` is in the picture.
 * @param {number} end Where `to` is.
 * @returns {(value: number) => number} Rounded to what can be seen.
 */
function scale(from, to, start, end) {
  return (value) => Math.round(10 * (start + ((value - from) / (to - from)) * (end - start))) / 10;
}

/**
 * @param {Kind} kind
 * @param {Measurement[]} measurements
 */
function describe({ parts, unit }, measurements) {
  const days = measurements.map(({ takenAt }) => dayOf(takenAt));
  const ranges = parts.map(({ name }, index) => {
    const values = measurements.map((measurement) => Number(measurement.values[index]));
    return `${name}: from ${Math.min(...values)} to ${Math.max(...values)} ${unit}, the latest ${values.at(-1)}.`;
  });
  return [`Measured ${days.length} times, from ${days[0]} to ${days.at(-1)}.`, ...ranges].join(" ");
}
