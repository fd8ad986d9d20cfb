// A file has its report in it. A live page asks where it came from, with the token that its link had behind the #.

const RETRY = 2000;
const NO_TOKEN = 'This page needs the link with its token';
const GONE = 'not connected';

function linked() {
  const fresh = location.hash.slice(1);
  return fresh.length > 20 ? fresh : null;
}

// The link's token is kept for this tab only, and does not stay in the address.
function takeToken() {
  const fresh = linked();
  if (fresh) {
    storage(() => sessionStorage.setItem('llmproxy token', fresh));
    history.replaceState(null, '', location.pathname);
    return fresh;
  }
  return storage(() => sessionStorage.getItem('llmproxy token'));
}

function tell(state, text) {
  const live = byId('live');
  live.hidden = false;
  live.dataset.state = state;
  if (live.textContent !== text) live.textContent = text;
}

// Returns why it does so no longer.
async function listen(token) {
  const response = await fetch('events', { headers: { Authorization: 'Bearer ' + token }, cache: 'no-store' });
  if (response.status === 401) return NO_TOKEN;
  if (response.status === 503) return 'waits: as many other pages follow as may';
  if (!response.ok) throw new Error('status ' + response.status);
  tell('on', 'live');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ''; ;) {
    const { value, done } = await reader.read();
    if (done) return GONE;
    const events = (rest + value).split('\n\n');
    rest = events.pop();
    const last = events.filter(event => event.startsWith('data: ')).pop();
    if (last) render(JSON.parse(last.slice('data: '.length)));
  }
}

async function follow(token) {
  for (let why = ''; why !== NO_TOKEN;) {
    // The application may be gone, or come back.
    why = await listen(token).catch(() => GONE);
    tell('off', why);
    await new Promise(resolve => setTimeout(resolve, RETRY));
  }
}

startTheme();
if (document.documentElement.dataset.mode === 'file') {
  render(JSON.parse(byId('data').textContent));
} else {
  // To a browser a new link to the same address is a place in this page.
  addEventListener('hashchange', () => linked() && location.reload());
  const token = takeToken();
  if (token) follow(token);
  else tell('off', NO_TOKEN);
}
