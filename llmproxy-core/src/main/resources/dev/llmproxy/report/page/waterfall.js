// One call from its start to its end: each attempt, each phase, and the waits between attempts.

const WORDS = {
  queue: 'queue', dns: 'name lookup', connect: 'connect', tls: 'TLS handshake', send: 'send', wait: 'wait',
  'first token': 'first token', answer: 'answer',
};

function waterfall(call) {
  const rows = [];
  let end = 0;
  // They come as they ended: the second one of a hedged stream may do so first.
  const attempts = [...call.attempts].sort((a, b) => a.number - b.number);
  for (const attempt of attempts) {
    const start = attempt.startedAfter;
    if (start - end > 1) rows.push(row('between', end > 0 ? 'between' : 'before', end, start, call.duration));
    rows.push(attemptHead(attempt, call));
    for (const span of phasesOf(attempt)) {
      rows.push(row(span.phase.replace(' ', '-'), WORDS[span.phase] || span.phase, start + span.from, start + span.to,
        call.duration));
    }
    end = Math.max(end, start + (attempt.phases.end ?? 0));
  }
  if (end > 0 && call.duration - end > 1) rows.push(row('between', 'after', end, call.duration, call.duration));
  if (call.sent === 0) rows.push(row('between', 'nothing sent', 0, call.duration, call.duration));
  const step = roof(Math.max(call.duration, 1e-3) / 4);
  const all = el('div', { class: 'waterfall', role: 'list', 'aria-label': 'Phases of the call' },
    scale(Math.max(call.duration, 1e-3), step), rows);
  all.style.setProperty('--step', step / Math.max(call.duration, 1e-3) * 100 + '%');
  return all;
}

// Round times, four of them or a little more than half as many.
function scale(duration, step) {
  const ticks = el('div', { class: 'track ticks', 'aria-hidden': 'true' });
  for (let i = 0; i * step <= duration; i++) {
    const at = Number((i * step).toPrecision(3));
    const tick = el('span', { class: at > duration * 0.93 ? 'at-end' : '' }, at === 0 ? '0' : tickTime(at));
    tick.style.insetInlineStart = at / duration * 100 + '%';
    ticks.append(tick);
  }
  return el('div', { class: 'phase', 'aria-hidden': 'true' }, el('span', {}), ticks, el('span', {}));
}

function attemptHead(attempt, call) {
  const result = attempt.cause ? el('code', { class: attempt.cause === CANCELLED ? 'quiet' : 'cause' }, attempt.cause)
    : el('span', { class: 'quiet' }, 'status ' + attempt.status);
  return el('p', { class: 'attempt', role: 'listitem' }, 'Attempt ' + attempt.number, ' ',
    el('span', { class: 'quiet wrap' }, name(placeOf(attempt, call)), attempt.model ? ' ' + name(attempt.model) : ''), ' ',
    result);
}

function row(kind, word, from, to, whole) {
  const bar = el('i', { class: kind });
  const left = Math.min(100, from / Math.max(whole, 1e-6) * 100);
  bar.style.insetInlineStart = left + '%';
  bar.style.inlineSize = Math.max(0, Math.min(100 - left, (to - from) / Math.max(whole, 1e-6) * 100)) + '%';
  return el('div', { class: 'phase', role: 'listitem' },
    el('span', { class: 'word' }, word),
    el('div', { class: 'track', 'aria-hidden': 'true' }, bar),
    el('span', { class: 'number' }, time(to - from)));
}

function tokens(n) {
  return n < 0 ? '–' : count(n);
}

function details(call) {
  const facts = [
    ['call', call.id], ['host', call.host], ['format', call.dialect || '–'],
    ['asked for', call.streaming ? 'a stream' : 'a plain answer'],
    ['status', call.status || '–'], ['finish reason', call.finishReason || '–'],
    ['tokens in', tokens(call.inputTokens)], ['tokens out', tokens(call.outputTokens)],
    ['cached', tokens(call.cachedTokens)], ['reasoning', tokens(call.reasoningTokens)],
    ['bytes', count(call.bytes)], ['request id', call.requestId || '–'],
  ];
  const missing = call.sent - call.attempts.length;
  return el('div', { class: 'drill' },
    waterfall(call),
    missing > 0 && el('p', { class: 'quiet' }, several(missing, 'attempt is', 'attempts are') + ' no longer remembered'),
    el('dl', { class: 'facts' }, facts.map(([label, value]) =>
      el('div', {}, el('dt', {}, label), el('dd', {}, name(value))))));
}
