// One tile for each deployment: how much, how well, and in which state.

const SLICES = 30;

function stateOf(tile) {
  if (tile.state && tile.state.ejectedFor) return ['bad', 'ejected'];
  const recent = tile.attempts.slice(-20);
  const failed = recent.filter(a => a.failed).length;
  if (recent.length === 0) return ['idle', 'no calls'];
  if (failed === 0) return ['good', 'healthy'];
  return failed * 2 >= recent.length ? ['bad', 'failing'] : ['warn', 'some failures'];
}

// How many attempts ended in each slice of the time, failures at the bottom.
function rhythm(attempts, from, to) {
  const slices = Array.from({ length: SLICES }, () => [0, 0]);
  for (const attempt of attempts) {
    const i = Math.min(SLICES - 1, Math.max(0, Math.floor((attempt.at - from) / (to - from) * SLICES)));
    slices[i][attempt.failed ? 0 : 1]++;
  }
  const most = Math.max(1, ...slices.map(([bad, good]) => bad + good));
  const bars = slices.flatMap(([bad, good], i) => [
    bad > 0 && svg('rect', { class: 'bad', x: i * 10, y: 40 - bad / most * 40, width: 8, height: bad / most * 40 }),
    good > 0 && svg('rect', { class: 'good', x: i * 10, y: 40 - (bad + good) / most * 40, width: 8,
      height: good / most * 40 }),
  ]);
  return svg('svg', { class: 'rhythm', viewBox: '0 0 298 40', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, bars);
}

function tile(one, from, to) {
  const failed = one.attempts.filter(a => a.failed).length;
  const all = one.attempts.length;
  const [tone, word] = stateOf(one);
  const took = one.attempts.filter(a => a.answered).map(a => a.took);
  const why = one.state && one.state.ejectedFor;
  return el('li', { class: 'tile' },
    el('div', { class: 'tile-head' },
      el('h3', { class: 'wrap' }, name(one.place)),
      el('span', { class: 'state ' + tone }, word)),
    why && el('p', { class: 'quiet' }, el('code', {}, why), ' ' + name(one.state.model)
      + ' rests for ' + time(one.state.rest)),
    el('dl', { class: 'figures' },
      figure('attempts', short(all)),
      figure('failed', all === 0 ? '–' : percent(failed / all), failed > 0 && 'hot'),
      figure('median', took.length === 0 ? '–' : time(median(took))),
      one.inFlight > 0 && figure('in flight', count(one.inFlight))),
    rhythm(one.attempts, from, to));
}

function figure(label, value, tone) {
  return el('div', { class: tone || null }, el('dt', {}, label), el('dd', {}, value));
}

function renderTiles(report) {
  const tiles = deploymentsOf(report);
  const [from, to] = spanOf(report.calls);
  show(byId('deployments'), tiles.length > 0 && [
    el('h2', { id: 'deployments-title' }, 'Deployments'),
    el('ul', { class: 'tiles' }, tiles.map(one => tile(one, from, to))),
  ]);
}

function renderSummary(report) {
  const calls = report.calls;
  const { succeeded: answered, failed, cancelled } = report.counts;
  // What the application has ended is no failure of anybody.
  const judged = answered + failed;
  const firsts = calls.filter(c => c.outcome === 'succeeded').map(firstTokenOf).filter(ms => ms !== null);
  const output = calls.reduce((sum, c) => sum + Math.max(0, c.outputTokens), 0);
  const input = calls.reduce((sum, c) => sum + Math.max(0, c.inputTokens), 0);
  const looked = report.cache.hits + report.cache.misses + report.cache.stale + report.cache.coalesced;
  show(byId('summary'), el('dl', { class: 'figures summary' },
    figure('calls', short(judged + cancelled)),
    figure('answered', judged === 0 ? '–' : percent(answered / judged)),
    cancelled > 0 && figure('cancelled', short(cancelled)),
    figure('first token, median', firsts.length === 0 ? '–' : time(median(firsts))),
    figure('first token, p95', firsts.length === 0 ? '–' : time(quantile(firsts, 0.95))),
    figure('tokens in', short(input)),
    figure('tokens out', short(output)),
    looked > 0 && figure('from the cache', percent(1 - report.cache.misses / looked))));
}
