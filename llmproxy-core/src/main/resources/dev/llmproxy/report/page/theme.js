// Light, dark, or as the system has it; remembered where the browser allows.

const THEMES = ['system', 'light', 'dark'];

function storage(act) {
  try {
    return act(localStorage);
  } catch {
    return null;
  }
}

function applyTheme(theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  byId('theme').textContent = 'Theme: ' + theme;
}

function startTheme() {
  let theme = storage(s => s.getItem('llmproxy theme'));
  if (!THEMES.includes(theme)) theme = 'system';
  applyTheme(theme);
  byId('theme').hidden = false;
  byId('theme').addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    storage(s => s.setItem('llmproxy theme', theme));
    applyTheme(theme);
  });
}
