// Scales and axes. All charts of a page share one axis of time.

function spanOf(calls) {
  if (calls.length === 0) return [0, 1];
  const ends = calls.map(c => Date.parse(c.endedAt));
  const from = Math.min(...calls.map(startOf));
  const to = Math.max(...ends);
  return to - from < 1000 ? [from, from + 1000] : [from, to];
}

function linear([from, to], [low, high]) {
  return value => low + (value - from) / (to - from) * (high - low);
}

function logarithmic([from, to], range) {
  const scale = linear([Math.log(from), Math.log(to)], range);
  return value => scale(Math.log(Math.min(to, Math.max(from, value))));
}

// Round bounds around nearly all of these numbers, and up to the highest of all; the few below them stand at the edge.
function around(numbers, highest) {
  const low = floor125(quantile(numbers, 0.01) ?? 1);
  const high = roof(Math.max(highest, low * 10));
  return [low, high];
}

function floor125(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1e-3, value)));
  return [5, 2, 1].map(m => m * power).find(n => n <= value) ?? power;
}

// Both bounds and the powers of ten between them, or what lies between those, too, where they are few.
function logTicks([low, high]) {
  const steps = high / low > 200 ? [1] : [1, 2, 5];
  const ticks = [low, high];
  // Within an eighth of the axis there is no room for another label.
  const near = (high / low) ** 0.12;
  for (let power = 10 ** Math.floor(Math.log10(low)); power < high; power *= 10) {
    ticks.push(...steps.map(m => m * power).filter(n => n > low * near && n < high / near));
  }
  return ticks;
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
const WEEK = 604800;

function timeTicks([from, to], most) {
  const seconds = (to - from) / 1000;
  // A clock that was set may lie by years.
  const step = 1000 * (STEPS.find(s => seconds / s <= most) || WEEK * Math.ceil(seconds / WEEK / most));
  const shift = new Date(from).getTimezoneOffset() * 60000;
  const ticks = [];
  for (let t = Math.ceil((from - shift) / step) * step + shift; t <= to; t += step) ticks.push(t);
  return { ticks, label: t => step < 60000 ? clock(t) : step < 86400000 ? clock(t).slice(0, 5) : day(t).slice(5) };
}

// A round number at or above this one, for the top of an axis.
function roof(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1e-3, value)));
  return [1, 2, 5, 10].map(m => m * power).find(n => n >= value);
}
