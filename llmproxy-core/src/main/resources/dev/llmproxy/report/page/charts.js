// Latency and tokens by model: every call a dot that leads to it, medians a line; tokens as bars over the same time.

const MODELS = 6;
const BINS = 24;
const LEFT = 48;
const RIGHT = 8;
const TOP = 10;
const HIGH = 132;
const LOW = 22;

// As many pixels as there are: letters keep their size whatever the width.
function width() {
  const room = byId('models').clientWidth || document.body.clientWidth;
  const columns = room >= 860 ? 2 : 1;
  return Math.max(240, Math.floor((room - (columns - 1) * 32) / columns));
}

function frame(label, wide, marks, ticks, x) {
  const bottom = TOP + HIGH;
  return svg('svg', { class: 'chart', role: 'img', 'aria-label': label, width: wide, height: bottom + LOW,
    viewBox: '0 0 ' + wide + ' ' + (bottom + LOW) },
    marks.map(([y, text]) => [
      svg('line', { class: 'grid', x1: LEFT, x2: wide - RIGHT, y1: y, y2: y }),
      svg('text', { class: 'tick', x: LEFT - 8, y: y + 4, 'text-anchor': 'end' }, text),
    ]).flat(),
    ticks.ticks.map(t => svg('text', { class: 'tick', x: x(t), y: bottom + 16, 'text-anchor': 'middle' },
      ticks.label(t))));
}

function binned(calls, span) {
  const bins = Array.from({ length: BINS }, () => []);
  for (const call of calls) {
    const i = Math.floor((Date.parse(call.endedAt) - span[0]) / (span[1] - span[0]) * BINS);
    bins[Math.min(BINS - 1, Math.max(0, i))].push(call);
  }
  return bins;
}

function latencyChart(model, calls, span, scale, wide) {
  const timed = calls.filter(c => c.duration > 0);
  const x = linear(span, [LEFT + 4, wide - RIGHT - 4]);
  const y = logarithmic(scale, [TOP + HIGH, TOP]);
  const marks = logTicks(scale).map(ms => [y(ms), tickTime(ms)]);
  const label = 'Durations of ' + several(calls.length, 'call', 'calls') + ' of ' + model + ', median '
    + time(median(timed.map(c => c.duration)) ?? 0) + ', 95 of 100 below '
    + time(quantile(timed.map(c => c.duration), 0.95) ?? 0);
  const chart = frame(label, wide, marks, timeTicks(span, Math.max(2, wide / 110)), x);
  for (const call of timed) chart.append(dot(call, x, y));
  line(chart, 'line whole', calls, span, x, y, c => c.outcome === 'succeeded' ? c.duration : null);
  line(chart, 'line first', calls, span, x, y, c => c.outcome === 'succeeded' ? firstTokenOf(c) : null);
  return chart;
}

function tickTime(ms) {
  return ms < 1 ? ms * 1000 + thin + 'µs' : ms < 1000 ? ms + thin + 'ms' : ms / 1000 + thin + 's';
}

function dot(call, x, y) {
  const at = [x(Date.parse(call.endedAt)), y(call.duration)];
  const title = svg('title', {}, clock(call.endedAt) + '  ' + call.outcome + '  ' + time(call.duration));
  const open = { 'data-call': call.id, onclick: () => reveal(call.id) };
  return call.outcome === 'failed'
    ? svg('path', { class: 'dot failed', d: 'M' + (at[0] - 3.5) + ' ' + (at[1] - 3.5) + 'l7 7m0 -7l-7 7', ...open }, title)
    : svg('circle', { class: 'dot ' + call.outcome, cx: at[0], cy: at[1], r: 2.5, ...open }, title);
}

function line(chart, kind, calls, span, x, y, valueOf) {
  const points = binned(calls, span).map((bin, i) => [i, median(bin.map(valueOf).filter(v => v !== null && v > 0))])
    .filter(([, value]) => value !== null)
    .map(([i, value]) => x(span[0] + (i + 0.5) / BINS * (span[1] - span[0])).toFixed(1) + ' ' + y(value).toFixed(1));
  if (points.length > 1) chart.append(svg('path', { class: kind, d: 'M' + points.join('L') }));
}

function tokenChart(model, calls, span, wide) {
  const sums = binned(calls, span).map(bin => [sum(bin, 'inputTokens'), sum(bin, 'outputTokens')]);
  const top = roof(Math.max(...sums.map(([input, output]) => input + output)));
  const x = linear(span, [LEFT + 4, wide - RIGHT - 4]);
  const y = linear([0, top], [TOP + HIGH, TOP]);
  const totals = [sum(calls, 'inputTokens'), sum(calls, 'outputTokens')];
  const chart = frame('Tokens of ' + model + ': ' + count(totals[0]) + ' in, ' + count(totals[1]) + ' out', wide,
    [0, top / 2, top].map(n => [y(n), short(n)]), timeTicks(span, Math.max(2, wide / 110)), x);
  const step = (wide - RIGHT - LEFT - 8) / BINS;
  sums.forEach(([input, output], i) => {
    const left = LEFT + 4 + i * step + 1;
    if (output > 0) chart.append(column('column output', left, y(output), step - 2, TOP + HIGH - y(output)));
    if (input > 0) chart.append(column('column input', left, y(input + output), step - 2, y(output) - y(input + output)));
  });
  return chart;
}

function column(kind, x, y, width, height) {
  return svg('rect', { class: kind, x, y, width: Math.max(1, width), height: Math.max(0.5, height) });
}

function sum(calls, field) {
  return calls.reduce((total, call) => total + Math.max(0, call[field]), 0);
}

// The parts of the attempts at one of the places that serve a model.
function partRows(place, rows, isNamed) {
  return el('tbody', {},
    isNamed && el('tr', {}, el('th', { scope: 'rowgroup', colspan: 6, class: 'place wrap' }, name(place))),
    rows.map(row => el('tr', {},
      el('th', { scope: 'row' }, row.part.replace('_', ' ')),
      el('td', {}, count(row.count)),
      [row.median, row.p95, row.p99, row.longest].map(ms => el('td', {}, time(ms))))));
}

function parts(report, model) {
  const rows = report.latencies.filter(row => model !== '' && row.place.endsWith(' ' + model));
  const places = groups(rows, row => row.place.slice(0, -model.length - 1));
  return rows.length > 0 && el('details', { class: 'parts', 'data-key': 'parts of ' + model },
    el('summary', { 'data-key': 'parts of ' + model + ' s' }, 'Where the time goes'),
    el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Parts of the attempts of ' + name(model) },
      el('table', {},
        el('thead', {}, el('tr', {}, ['part', 'attempts', 'median', 'p95', 'p99', 'longest'].map(h =>
          el('th', { scope: 'col' }, h)))),
        places.map(([place, at]) => partRows(place, at, places.length > 1)))));
}

function key(kind, text) {
  return el('span', { class: 'key ' + kind }, text);
}

function renderCharts(report) {
  const section = byId('models');
  section.hidden = false;
  const models = groups(report.calls, call => call.model);
  const span = spanOf(report.calls);
  // The same for all, so that models compare.
  const timed = report.calls.filter(c => c.duration > 0);
  const answered = timed.filter(c => c.outcome === 'succeeded');
  const shown = answered.length > 0 ? answered : timed;
  const scale = around([...shown.map(c => c.duration), ...shown.map(firstTokenOf).filter(Boolean)],
    Math.max(0, ...timed.map(c => c.duration)));
  const wide = width();
  show(section, models.length > 0 && [
    el('h2', { id: 'models-title' }, 'Models'),
    models.slice(0, MODELS).map(([model, calls]) => el('article', { class: 'model' },
      el('h3', { class: 'wrap' }, model === '' ? 'model not known' : name(model),
        el('span', { class: 'quiet' }, several(calls.length, 'call', 'calls'))),
      el('div', { class: 'pair' },
        el('figure', {}, el('figcaption', {}, 'Latency',
          key('whole', 'whole call, median'), key('first', 'first token, median'), key('cross', 'failed')),
        latencyChart(name(model), calls, span, scale, wide)),
        el('figure', {}, el('figcaption', {}, 'Tokens', key('input', 'in'), key('output', 'out')),
          sum(calls, 'inputTokens') + sum(calls, 'outputTokens') > 0 ? tokenChart(name(model), calls, span, wide)
            : el('p', { class: 'quiet' }, 'No answer has told any.'))),
      parts(report, model))),
    models.length > MODELS && el('p', { class: 'quiet' }, 'and ' + several(models.length - MODELS, 'model', 'models')
      + ' with fewer calls'),
  ]);
}
