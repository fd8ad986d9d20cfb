// What needs a person, on top: the causes of failures, each with its evidence and what to change.

const BLAME = {
  caller: 'yours to change',
  network: 'in the network between',
  provider: 'at the provider',
  unknown: 'unknown whose',
};

const PLACES = 5;

function remedies(fault) {
  if (fault.remedies.length === 0) return null;
  return el('div', { class: 'change' },
    el('h4', {}, 'What to change'),
    el('ol', { class: 'remedies' }, fault.remedies.map(remedy => el('li', {},
      name(remedy.action),
      remedy.setting && el('code', { class: 'setting' }, name(remedy.setting))))));
}

function evidence(fault, key) {
  return el('details', { class: 'evidence', 'data-key': key },
    el('summary', { 'data-key': key + ' s' }, 'How that is known'),
    el('dl', { class: 'facts' }, fault.evidence.map(item => el('div', {},
      el('dt', {}, name(item.name)), el('dd', {}, name(item.value))))),
    fault.ruledOut.length > 0 && el('ul', { class: 'ruled-out' },
      fault.ruledOut.map(item => el('li', {}, el('span', { class: 'quiet' }, 'ruled out '), name(item)))));
}

function places(at) {
  const rest = at.slice(PLACES);
  return el('ul', { class: 'places' }, at.slice(0, PLACES).map(summary => el('li', {},
    el('span', { class: 'wrap' }, name(summary.place)),
    el('span', { class: 'number' }, count(summary.count) + '×'),
    el('span', { class: 'quiet' }, 'last at ' + clock(summary.last)))),
  rest.length > 0 && el('li', { class: 'quiet' }, 'and ' + several(rest.length, 'other place', 'other places')));
}

function finding(cause, at, failures) {
  const fault = at[0].example;
  const share = cause.count / failures;
  const bar = el('div', { class: 'bar', 'aria-hidden': 'true' }, el('i', {}));
  bar.firstChild.style.inlineSize = Math.max(2, share * 100) + '%';
  return el('li', { class: 'finding' },
    el('div', { class: 'share' },
      el('strong', {}, percent(share)),
      el('span', {}, several(cause.count, 'failure', 'failures')),
      bar),
    el('div', { class: 'told' },
      el('h3', {}, name(fault.title)),
      el('p', { class: 'code' },
        el('code', {}, cause.cause), ' ',
        el('span', { class: 'tag ' + fault.blame }, BLAME[fault.blame] || fault.blame),
        el('span', { class: 'quiet' }, 'confidence ' + fault.confidence.toFixed(2)),
        el('button', { type: 'button', class: 'link', 'data-key': 'calls of ' + cause.cause,
          onclick: () => filterBy(cause.cause) }, 'Show the calls')),
      el('p', { class: 'summary' }, name(fault.summary)),
      remedies(fault),
      evidence(fault, 'evidence of ' + cause.cause)),
    places(at));
}

function renderFindings(report) {
  const found = report.findings;
  const { succeeded, failed, cancelled } = report.counts;
  show(byId('findings'),
    el('h2', { class: 'headline' }, found.headline),
    found.failures === 0
      ? el('p', { class: 'quiet' }, succeeded + failed + cancelled === 0 ? 'No call has ended yet.'
        : 'No attempt has failed, and every answer was complete.')
      : el('p', { class: 'quiet' }, several(found.failures, 'attempt', 'attempts') + ' failed, and '
        + (failed === 0 ? 'no call' : several(failed, 'call', 'calls')) + ' in the end'),
    el('ol', { class: 'finding-list' }, found.causes.map(cause =>
      finding(cause, report.faults.filter(f => f.cause === cause.cause), found.failures))));
}

const METRIC = {
  first_token: 'first token', per_token: 'time per token', output_tokens: 'length of answers', errors: 'failed attempts',
  truncated: 'answers cut by their limit', empty: 'empty answers', fallbacks: 'fallbacks', cache_misses: 'cache misses',
};

function amount(metric, value) {
  if (metric === 'first_token' || metric === 'per_token') return time(value * 1000);
  return metric === 'output_tokens' ? count(value) + ' tokens' : (value * 100).toFixed(1) + thin + '%';
}

function renderNotices(report) {
  const conditions = report.conditions.map(condition => el('li', {},
    el('h3', {}, name(condition.example.title)),
    el('p', {}, name(condition.example.summary)),
    el('p', { class: 'quiet' }, several(condition.count, 'time', 'times') + ', ' + name(condition.place)),
    remedies(condition.example)));
  const anomalies = report.anomalies.map(anomaly => el('li', {},
    el('h3', {}, (METRIC[anomaly.metric] || anomaly.metric) + ': ' + amount(anomaly.metric, anomaly.present)
      + ' instead of ' + amount(anomaly.metric, anomaly.usual)),
    el('p', { class: 'quiet wrap' }, name(anomaly.place) + ', '
      + (anomaly.ended ? 'from ' + clock(anomaly.told) + ' to ' + clock(anomaly.ended)
        : 'since ' + clock(anomaly.told)))));
  const advice = groups(report.advice, item => item.setting + ' ' + item.reason).map(([, items]) => el('li', {},
    el('h3', {}, el('code', { class: 'setting' }, name(items[0].setting))),
    el('p', {}, name(items[0].reason)),
    el('p', { class: 'quiet wrap' }, 'For ' + listed(items.map(item => name(item.place))))));
  show(byId('notices'),
    noticed('Changed numbers', anomalies), noticed('Conditions', conditions), noticed('Settings to change', advice));
}

function listed(places) {
  const rest = places.length - PLACES;
  return rest <= 1 ? places.join(', ') : places.slice(0, PLACES).join(', ') + ' and ' + count(rest) + ' other places';
}

function noticed(title, items) {
  return items.length > 0 && el('div', { class: 'noticed' },
    el('h2', {}, title), el('ul', { class: 'notices' }, items));
}
