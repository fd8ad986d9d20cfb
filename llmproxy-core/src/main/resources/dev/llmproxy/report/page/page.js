// The whole page from one report.

let current = null;

function renderSettings(report) {
  show(byId('settings'), report.settings.length > 0 && el('details', { 'data-key': 'settings' },
    el('summary', { 'data-key': 'settings s' }, 'Settings in effect'),
    el('dl', { class: 'facts settings' }, report.settings.map(setting => el('div', {},
      el('dt', {}, name(setting.name)),
      el('dd', {}, name(setting.value),
        setting.origin !== 'default' && el('span', { class: 'quiet' }, ' ' + setting.origin)))))));
}

function render(report) {
  current = report;
  log.calls = [...report.calls].reverse();
  holding(() => renderAll(report));
}

function renderAll(report) {
  byId('span').textContent = moment(report.since) + ' to '
    + (day(report.since) === day(report.at) ? clock(report.at) : moment(report.at));
  renderSummary(report);
  renderFindings(report);
  renderNotices(report);
  renderTiles(report);
  renderCharts(report);
  renderCalls();
  renderSettings(report);
}

let resizing = 0;
addEventListener('resize', () => {
  cancelAnimationFrame(resizing);
  resizing = requestAnimationFrame(() => current && renderCharts(current));
});
