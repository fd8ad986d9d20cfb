// What the sections show, worked out from the report.

const PHASES = ['queue', 'dns', 'connect', 'tls', 'send', 'wait', 'first_byte', 'first_token', 'stream', 'end'];
const CANCELLED = 'caller.cancelled';

function placeOf(attempt, call) {
  return attempt.deployment || call.host;
}

function startOf(call) {
  return Date.parse(call.endedAt) - call.duration;
}

// Milliseconds from the start of the call to the first piece of payload of the answer that was taken: what was sent before it
// was waited for, too. Only a stream has one: the first byte of a plain answer comes when its last token is done.
function firstTokenOf(call) {
  const taken = call.attempts.find(attempt => attempt.cause === undefined) ?? call.attempts[call.attempts.length - 1];
  return taken?.phases.first_token === undefined ? null : taken.startedAfter + taken.phases.first_token;
}

// The phases that an attempt has gone through, each up to the next one that it reached.
function phasesOf(attempt) {
  const reached = PHASES.filter(phase => attempt.phases[phase] !== undefined);
  const spans = [];
  for (let i = 0; i + 1 < reached.length; i++) {
    const from = attempt.phases[reached[i]];
    const to = Math.max(from, attempt.phases[reached[i + 1]]);
    const last = spans[spans.length - 1];
    const phase = stage(reached[i], attempt);
    if (last && last.phase === phase) last.to = to;
    else spans.push({ phase, from, to });
  }
  return spans;
}

// To a reader the first byte opens the time to the first token, and everything after that is the answer.
function stage(phase, attempt) {
  if (phase === 'first_byte') return attempt.phases.first_token === undefined ? 'answer' : 'first token';
  if (phase === 'first_token' || phase === 'stream') return 'answer';
  return phase;
}

function groups(items, keyOf) {
  const found = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(item);
  }
  return [...found].sort((a, b) => b[1].length - a[1].length);
}

function deploymentsOf(report) {
  const sent = report.calls.flatMap(call => call.attempts.map(attempt => ({
    place: placeOf(attempt, call),
    at: startOf(call) + attempt.startedAfter + (attempt.phases.end ?? 0),
    answered: attempt.cause === undefined,
    failed: attempt.cause !== undefined && attempt.cause !== CANCELLED,
    took: attempt.phases.end ?? 0,
  })));
  const tiles = groups(sent, attempt => attempt.place).map(([place, attempts]) => ({ place, attempts, state: null }));
  for (const state of report.deployments || []) {
    let tile = tiles.find(t => t.place === state.deployment);
    if (!tile) tiles.push(tile = { place: state.deployment, attempts: [], state: null });
    if (!tile.state || state.ejectedFor) tile.state = state;
    tile.inFlight = state.inFlight;
  }
  return tiles;
}

function median(numbers) {
  return quantile(numbers, 0.5);
}

function quantile(numbers, q) {
  if (numbers.length === 0) return null;
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}
