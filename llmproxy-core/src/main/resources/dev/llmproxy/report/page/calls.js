// The log of calls, newest first, with a filter; each call opens to its waterfall.

const PAGE = 50;
const log = { text: '', outcome: '', model: '', open: null, shown: PAGE, calls: [] };

function matches(call) {
  if (log.outcome && call.outcome !== log.outcome) return false;
  if (log.model && call.model !== log.model) return false;
  const words = log.text.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every(word => searched(call).includes(word));
}

function searched(call) {
  return [call.id, call.host, call.model, call.dialect, call.outcome, call.status, call.cause, call.requestId,
    call.finishReason, ...call.attempts.flatMap(a => [a.deployment, a.cause])].join(' ').toLowerCase();
}

function callRow(call, longest) {
  const open = log.open === call.id;
  const first = firstTokenOf(call);
  const causes = call.cause || call.attempts.map(a => a.cause).filter(Boolean).join(' ');
  const bar = el('i', { class: call.outcome });
  bar.style.inlineSize = Math.max(1, Math.sqrt(call.duration / longest) * 100) + '%';
  const main = el('tr', { class: 'call ' + call.outcome + (open ? ' open' : ''), onclick: event => {
    if (!event.target.closest('button') && !getSelection().toString()) toggle(call.id);
  } },
    el('td', { class: 'when' }, el('button', { type: 'button', class: 'opener', 'data-key': call.id, 'data-call': call.id,
      'aria-expanded': String(open), onclick: () => toggle(call.id), onkeydown: move },
    clock(call.endedAt), el('span', { class: 'unseen' }, ' call ' + name(call.id)))),
    el('td', { class: 'outcome' }, el('span', { class: 'state ' + TONE[call.outcome] },
      call.outcome === 'succeeded' ? 'answered' : call.outcome)),
    el('td', { class: 'model-name wrap' }, name(call.model || call.host)),
    el('td', { class: 'cause' }, causes && el('code', { class: call.cause ? 'cause' : 'quiet' }, name(causes))),
    el('td', { class: 'number sent' }, call.sent > 1 && call.sent),
    el('td', { class: 'number first' }, first === null ? '–' : time(first)),
    el('td', { class: 'number took' }, time(call.duration)),
    el('td', { class: 'length', 'aria-hidden': 'true' }, el('div', { class: 'bar' }, bar)),
    el('td', { class: 'number tokens' }, tokens(call.outputTokens)));
  return open ? [main, el('tr', { class: 'drilled' }, el('td', { colspan: 9 }, details(call)))] : [main];
}

const TONE = { succeeded: 'good', failed: 'bad', cancelled: 'idle' };

function toggle(id) {
  log.open = log.open === id ? null : id;
  holding(renderRows);
}

function openRow() {
  return log.open && document.querySelector('#rows .opener[data-call="' + CSS.escape(log.open) + '"]')?.closest('tr');
}

// Whoever looks at the open call keeps it where it is, whatever changes above it.
function holding(change) {
  const row = openRow();
  const top = row?.getBoundingClientRect().top;
  const bottom = (row?.nextElementSibling ?? row)?.getBoundingClientRect().bottom;
  change();
  const now = openRow()?.getBoundingClientRect().top;
  if (now !== undefined && top < innerHeight && bottom > 0) scrollBy({ top: now - top, behavior: 'instant' });
}

// Up and down go from call to call.
function move(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === 'Escape' && log.open) toggle(log.open);
  if (!step) return;
  event.preventDefault();
  const openers = [...document.querySelectorAll('#rows .opener')];
  openers[openers.indexOf(event.currentTarget) + step]?.focus();
}

// From elsewhere in the page: shows the call whatever the filter was.
function reveal(id) {
  Object.assign(log, { text: '', outcome: '', model: '', open: id });
  log.shown = Math.max(log.shown, log.calls.findIndex(call => call.id === id) + 1);
  renderCalls();
  const opener = document.querySelector('#rows .opener[data-call="' + CSS.escape(id) + '"]');
  opener?.focus({ preventScroll: true });
  opener?.scrollIntoView({ block: 'center' });
}

function filterBy(text) {
  Object.assign(log, { text, outcome: '', model: '', shown: PAGE });
  renderCalls();
  byId('calls').scrollIntoView();
  byId('filter').focus({ preventScroll: true });
}

function renderRows() {
  const found = log.calls.filter(matches);
  const shown = found.slice(0, Math.max(log.shown, found.findIndex(call => call.id === log.open) + 1));
  const longest = Math.max(1, ...shown.map(call => call.duration));
  byId('found').textContent = found.length === log.calls.length
    ? several(found.length, 'call', 'calls') : count(found.length) + ' of ' + several(log.calls.length, 'call', 'calls');
  show(byId('rows'), shown.map(call => callRow(call, longest)));
  byId('rows').hidden = false;
  byId('none').hidden = found.length > 0;
  byId('more').hidden = found.length <= shown.length;
}

function choose(label, key, options) {
  return el('label', {}, el('span', {}, label), el('select', { id: 'by-' + key, onchange: event => {
    log[key] = event.target.value;
    log.shown = PAGE;
    renderRows();
  } }, options.map(([value, text]) => el('option', { value }, text))));
}

function filters() {
  return el('form', { class: 'filters', role: 'search', onsubmit: event => event.preventDefault() },
    el('label', { class: 'grow' }, el('span', {}, 'Filter'), el('input', { id: 'filter', type: 'search',
      placeholder: 'cause, host, model, id', autocomplete: 'off', spellcheck: 'false', oninput: event => {
        log.text = event.target.value;
        log.shown = PAGE;
        renderRows();
      } })),
    choose('Outcome', 'outcome', [['', 'all'], ['succeeded', 'answered'], ['failed', 'failed'], ['cancelled', 'cancelled']]),
    choose('Model', 'model', [['', 'all']]),
    el('output', { id: 'found', class: 'quiet' }));
}

// Whoever is choosing is not disturbed where there is nothing new to choose from, and what is chosen stays there.
function offerModels() {
  const models = ['', ...new Set([log.model, ...log.calls.map(call => call.model)].filter(Boolean))].sort();
  const by = byId('by-model');
  if ([...by.options].map(option => option.value).join('\n') !== models.join('\n')) {
    by.replaceChildren(...models.map(value => el('option', { value }, value === '' ? 'all' : name(value))));
  }
  by.parentElement.hidden = models.length < 3;
}

const COLUMNS = [['ended', 'when'], ['outcome', 'outcome'], ['model', ''], ['cause', ''], ['attempts', 'number'],
  ['first token', 'number'], ['whole', 'number'], ['', 'length'], ['tokens', 'number']];

function table() {
  return [
    el('h2', { id: 'calls-title' }, 'Calls'),
    filters(),
    el('table', { class: 'calls' },
      el('thead', {}, el('tr', {}, COLUMNS.map(([title, kind]) => el('th', { scope: 'col', class: kind }, title)))),
      el('tbody', { id: 'rows' })),
    el('p', { id: 'none', class: 'quiet', hidden: true }, 'No call fits this filter.'),
    el('button', { id: 'more', type: 'button', class: 'plain', onclick: () => {
      log.shown += 200;
      renderRows();
    } }, 'Show more'),
  ];
}

// What is around the rows is made once, so that a new report disturbs nobody who types.
function renderCalls() {
  if (log.calls.length === 0) return;
  if (!byId('rows')) show(byId('calls'), table());
  offerModels();
  for (const [id, key] of [['filter', 'text'], ['by-outcome', 'outcome'], ['by-model', 'model']]) {
    if (byId(id).value !== log[key]) byId(id).value = log[key];
  }
  renderRows();
}
