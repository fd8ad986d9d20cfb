// Numbers, times and names as a person reads them.

const thin = '\u2009';
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

function count(n) {
  return whole.format(n);
}

function short(n) {
  if (n < 10000) return count(n);
  return n < 1e6 ? digits(n / 1e3) + thin + 'k' : digits(n / 1e6) + thin + 'M';
}

function digits(n) {
  return n.toFixed(n < 99.95 && !Number.isInteger(n) ? 1 : 0);
}

// Rounded down: what is not all is never 100 %.
function percent(share) {
  if (share > 0 && share < 0.01) return '<' + thin + '1' + thin + '%';
  return Math.floor(share * 100 + 1e-9) + thin + '%';
}

function time(ms) {
  if (ms < 0.9995) return Math.round(ms * 1000) + thin + 'µs';
  if (ms < 9.95) return ms.toFixed(1) + thin + 'ms';
  if (ms < 999.5) return Math.round(ms) + thin + 'ms';
  if (ms < 9995) return (ms / 1000).toFixed(2) + thin + 's';
  if (ms < 99950) return (ms / 1000).toFixed(1) + thin + 's';
  return Math.floor(ms / 60000) + thin + 'min ' + Math.floor((ms % 60000) / 1000) + thin + 's';
}

function pad(n) {
  return String(n).padStart(2, '0');
}

function clock(instant) {
  const at = new Date(instant);
  return pad(at.getHours()) + ':' + pad(at.getMinutes()) + ':' + pad(at.getSeconds());
}

function day(instant) {
  const at = new Date(instant);
  return at.getFullYear() + '-' + pad(at.getMonth() + 1) + '-' + pad(at.getDate());
}

function moment(instant) {
  return day(instant) + ' ' + clock(instant);
}

function several(n, one, many) {
  return count(n) + ' ' + (n === 1 ? one : many);
}

// Names come from requests and answers: nothing in them reorders or hides what stands around them.
function name(any) {
  return String(any).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd');
}
