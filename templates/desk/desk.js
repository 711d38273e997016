// The writer's desk: asks for the drafts, sets the chosen one into its views, and listens for what changes.

const $ = (id) => document.getElementById(id);

/** Drawn in CSS pixels of the device; a pane that is narrower shows it smaller. */
const phoneWidth = 375;
const windowWidth = 760;

const views = [
  { id: 'phone', name: 'Phone', build: mailPane, set: setMail, device: 'phone' },
  { id: 'desktop', name: 'Desktop', build: mailPane, set: setMail, device: 'window' },
  { id: 'dark', name: 'Dark', build: mailPane, set: setMail, device: 'window', isDark: true },
  { id: 'bare', name: 'Images off', build: mailPane, set: setMail, device: 'window' },
  { id: 'text', name: 'Plain text', build: textPane, set: setText },
  { id: 'source', name: 'Source', build: sourcePane, set: setSource },
  { id: 'feed', name: 'Feed', build: feedPane, set: setFeed },
];

const state = {
  token: '',
  drafts: [],
  /** Of settings and templates; a draft's own come with it. */
  problems: [],
  listed: [],
  path: inAddress(),
  shown: undefined,
  reader: 'named',
  view: remembered('view', 'phone'),
  /** The view beside it, and whether it is shown. */
  other: remembered('other', 'desktop'),
  isBeside: remembered('beside', '') === 'yes',
  source: 'mjml',
};
if (!views.some(({ id }) => id === state.view)) state.view = 'phone';
if (!views.some(({ id }) => id === state.other) || state.other === state.view)
  state.other = state.view === 'desktop' ? 'phone' : 'desktop';

/** How far each view of each draft is scrolled: `path view` → pixels. */
const places = new Map();
const panes = new Map();

function remembered(key, otherwise) {
  try {
    return localStorage.getItem(`desk.${key}`) ?? otherwise;
  } catch {
    return otherwise;
  }
}
function remember(key, value) {
  try {
    localStorage.setItem(`desk.${key}`, value);
  } catch {
    // A browser that keeps nothing: then nothing is kept.
  }
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === undefined) continue;
    if (key === 'class') made.className = value;
    else if (key === 'on') for (const [event, run] of Object.entries(value)) made.addEventListener(event, run);
    else made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children);
  return made;
}

// What the server says.

/** The draft that the address names; '' where it names none. */
function inAddress() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return '';
  }
}

let stateTurn = 0;
let draftTurn = 0;

async function loadState() {
  const turn = ++stateTurn;
  const answer = await fetch('/state');
  // What there was stays on the page; the next news asks again.
  if (turn !== stateTurn || !answer.ok) return;
  const next = await answer.json();
  if (turn !== stateTurn) return;
  const isOther = JSON.stringify(next.drafts) !== JSON.stringify(state.drafts);
  state.token = next.token;
  state.drafts = next.drafts;
  state.problems = next.problems;
  $('publication').textContent = next.title || 'The desk';
  if (isOther || next.drafts.length === 0) renderList();
  renderHead();
  if (state.drafts.length === 0) renderShown(undefined);
  else if (!state.drafts.some(({ path }) => path === state.path)) choose(state.drafts[0].path);
}

async function loadDraft() {
  const turn = ++draftTurn;
  if (state.path === '') return renderShown(undefined);
  const answer = await fetch(`/draft?${new URLSearchParams({ path: state.path, reader: state.reader })}`);
  const shown = await answer.json();
  if (turn !== draftTurn) return;
  if (answer.ok) return renderShown(shown);
  renderShown(answer.status === 404 ? undefined : { path: state.path, problems: [brokenBy(shown.said)] });
}

function brokenBy(said) {
  return { path: state.path, code: 'broken', level: 'error', what: said, fix: 'tell us of it', why: '' };
}

async function ask(path, body) {
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Desk-Token': state.token },
      body: JSON.stringify(body),
    });
    return { isDone: answer.ok, ...(await answer.json()) };
  } catch {
    return { isDone: false, said: 'The desk does not answer. Is npm run preview still at work?' };
  }
}

function listen() {
  const news = new EventSource('/news');
  const live = (words, kind) => {
    $('live').textContent = words;
    $('live').className = `live ${kind}`;
  };
  news.addEventListener('hello', () => {
    live('Live', 'is-on');
    void Promise.all([loadState(), loadDraft()]);
  });
  news.addEventListener('change', ({ data }) => {
    const { path } = JSON.parse(data);
    if (path === undefined || path === state.path) void loadDraft();
    void loadState();
  });
  news.addEventListener('error', () => live('Closed: npm run preview', 'is-off'));
}

// The drafts.

function dayOf(date) {
  const [day] = date.split('T');
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${day}T00:00Z`));
}

const notBegun = new Set(['title-only', 'empty-draft']);

function renderList() {
  const wanted = $('filter').value.trim().toLowerCase();
  state.listed = state.drafts.filter(({ title, path }) => `${title} ${path}`.toLowerCase().includes(wanted));
  $('list').replaceChildren(
    ...state.listed.map((draft) => {
      const date = element('span', { class: 'option-date' });
      const words = [draft.date ? dayOf(draft.date) : '', draft.isAhead ? 'to come' : ''].filter(Boolean).join(' · ');
      date.append(words);
      if (draft.wrong) {
        date.append(words ? ' · ' : '');
        date.append(notBegun.has(draft.wrong) ? 'not begun' : element('span', { class: 'flag' }, 'has an error'));
      }
      return element(
        'li',
        { class: 'option', role: 'option', id: `draft ${draft.path}`.replaceAll(' ', '_'), 'data-path': draft.path },
        element('span', { class: 'option-title' }, draft.title),
        date,
      );
    }),
  );
  $('none').hidden = state.listed.length > 0;
  $('none').textContent = state.drafts.length === 0 ? 'No draft yet: n begins one.' : 'No draft has these letters.';
  markChosen();
}

function markChosen() {
  for (const option of $('list').children) {
    const isChosen = option.dataset.path === state.path;
    option.setAttribute('aria-selected', String(isChosen));
    if (!isChosen) continue;
    $('list').setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  }
}

function choose(path) {
  if (path === state.path && state.shown?.path === path) return;
  state.path = path;
  history.replaceState(null, '', path === '' ? ' ' : `#${encodeURIComponent(path)}`);
  markChosen();
  void loadDraft();
}

function step(by) {
  const at = state.listed.findIndex(({ path }) => path === state.path);
  const next = state.listed[Math.min(state.listed.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  if (next) choose(next.path);
}

// The chosen one.

function renderShown(shown) {
  // Where the file is wrong from the start there is nothing; what stood there was another draft's.
  state.shown = shown;
  const rendering = shown?.rendering;
  renderHead();
  const problems = shown?.problems ?? state.problems;
  renderTrouble(problems);
  document.body.classList.toggle('is-stale', problems.length > 0);
  for (const control of ['test', 'flip', 'beside']) $(control).disabled = !rendering;
  $('inbox').hidden = !rendering;
  $('panes').hidden = !rendering;
  $('notes').classList.toggle('is-empty', !rendering);
  renderNotes(rendering);
  if (!rendering) return;
  renderInbox(rendering);
  renderPanes();
}

function renderHead() {
  const draft = state.drafts.find(({ path }) => path === state.path);
  $('title').textContent = draft?.title ?? state.shown?.rendering?.subject ?? 'Nothing on the desk';
  document.title = `${$('title').textContent} – the desk`;
  $('where').textContent = [draft?.date && dayOf(draft.date), state.shown?.path].filter(Boolean).join(' · ');
}

function renderTrouble(problems) {
  const isCalm = problems.length > 0 && problems.every(({ code }) => notBegun.has(code));
  const head = isCalm
    ? 'Nothing to show yet.'
    : state.shown?.rendering
      ? 'This is the last good rendering; the files say something else now.'
      : state.shown
        ? 'This draft cannot be set yet.'
        : 'Nothing can be set yet.';
  const trouble = $('trouble');
  const next = element('div', {}, element('h2', {}, head), element('ol', { class: 'findings' }, ...problems.map((one) => findingItem(one, false))));
  trouble.classList.toggle('is-calm', isCalm);
  // Said again only where it is something else: a screen reader reads it out each time.
  if (trouble.textContent !== next.textContent) trouble.replaceChildren(...next.childNodes);
  trouble.hidden = problems.length === 0;
}

/** @param isPlaceShort the draft is known beside it: only the line is said. */
function findingItem({ path, line, level, what, fix, why, excerpt }, isPlaceShort) {
  const place = line === undefined ? path : `${path}:${line}`;
  return element(
    'li',
    { class: `finding ${level}` },
    element('p', { class: 'what' }, `${what.charAt(0).toUpperCase()}${what.slice(1)}`),
    element('p', { class: 'fix' }, `${fix.charAt(0).toUpperCase()}${fix.slice(1)}.`),
    ...(why ? [element('p', { class: 'why' }, `${why.charAt(0).toUpperCase()}${why.slice(1)}.`)] : []),
    ...(excerpt ? [element('code', { class: 'excerpt' }, excerpt)] : []),
    element('button', { type: 'button', class: 'place', title: `Copy ${place}`, on: { click: (event) => copy(place, event.currentTarget) } }, isPlaceShort && path === state.path && line !== undefined ? `line ${line}` : place),
  );
}

async function copy(text, button) {
  const before = button.textContent;
  await navigator.clipboard?.writeText(text).then(
    () => {
      button.textContent = 'Copied';
      setTimeout(() => (button.textContent = before), 900);
    },
    () => undefined,
  );
}

function renderNotes(rendering) {
  const { bytes, limit, words, minutes } = rendering?.measures ?? {};
  const bar = $('bar');
  const kilo = (octets) => (octets / 1024).toLocaleString(undefined, { maximumFractionDigits: octets < 10240 ? 1 : 0 });
  const full = rendering ? bytes / limit : 0;
  $('bytes').textContent = rendering ? `${kilo(bytes)} KB` : '–';
  $('limit').textContent = rendering ? `of ${kilo(limit)} KB` : '';
  bar.style.setProperty('--full', `${Math.min(100, full * 100).toFixed(1)}%`);
  bar.classList.toggle('is-near', full > 0.8 && full <= 1);
  bar.classList.toggle('is-over', full > 1);
  bar.setAttribute('aria-valuemax', String(limit ?? 0));
  bar.setAttribute('aria-valuenow', String(bytes ?? 0));
  bar.setAttribute('aria-valuetext', rendering ? `${kilo(bytes)} of ${kilo(limit)} kilobytes` : 'none');
  $('size-words').textContent = !rendering
    ? ''
    : full > 1
      ? 'Gmail cuts it there, and hides the foot with the way out.'
      : full > 0.8
        ? 'Near the place where Gmail cuts a message.'
        : 'Gmail shows it whole.';
  $('words').textContent = rendering ? words.toLocaleString() : '–';
  $('minutes').textContent = rendering ? `${words === 1 ? 'word' : 'words'}, ${minutes} min to read` : '';
  const findings = rendering?.findings ?? [];
  $('count').textContent = findings.length > 0 ? String(findings.length) : '';
  $('all-well').textContent = rendering && findings.length === 0 ? 'Nothing to mend.' : '';
  $('all-well').hidden = findings.length > 0;
  $('findings').replaceChildren(...findings.map((one) => findingItem(one, true)));
}

function renderInbox({ subject, preheader, from, dir }) {
  const sender = from.name || from.address;
  for (const row of $('inbox').children) {
    row.querySelector('.row-from').textContent = sender;
    row.querySelector('.row-subject').textContent = subject;
    row.querySelector('.row-preheader').textContent = preheader;
    row.querySelector('.row-line, .row-words').dir = dir;
  }
  $('inbox').querySelector('.avatar').textContent = initialOf(sender);
}

function initialOf(name) {
  return /[\p{L}\p{N}]/u.exec(name.replace(/^the /i, ''))?.[0].toUpperCase() ?? '✉';
}

// The views.

function shownViews() {
  return state.isBeside ? [state.view, state.other] : [state.view];
}

function renderPanes() {
  const wanted = shownViews();
  for (const tab of $('tabs').children) {
    const isShown = wanted.includes(tab.dataset.view);
    tab.setAttribute('aria-selected', String(isShown));
    tab.tabIndex = tab.dataset.view === state.view ? 0 : -1;
  }
  document.body.classList.toggle('is-beside', state.isBeside);
  $('beside').setAttribute('aria-pressed', String(state.isBeside));
  // They stand as the tabs do, whichever was chosen last.
  for (const view of views) {
    let pane = panes.get(view.id);
    if (!wanted.includes(view.id)) {
      if (pane) pane.section.hidden = true;
      continue;
    }
    pane ??= buildPane(view);
    if (pane.section.hidden) pane.section.hidden = false;
    view.set(pane, state.shown.rendering);
  }
  const inOrder = views.filter(({ id }) => wanted.includes(id));
  const column = ({ device }) => (device === 'phone' ? `min(${phoneWidth + 62}px, 38%)` : 'minmax(0, 1fr)');
  $('panes').style.setProperty('--columns', inOrder.map(column).join(' '));
  fitDevices();
}

function buildPane(view) {
  const section = element('section', {
    class: `pane ${view.id}`,
    role: 'tabpanel',
    id: `pane-${view.id}`,
    'aria-labelledby': `tab-${view.id}`,
  });
  const stage = element('div', { class: 'stage' });
  section.append(stage);
  const pane = { section, stage, view };
  panes.set(view.id, pane);
  const after = views.slice(views.indexOf(view) + 1).find(({ id }) => panes.has(id));
  $('panes').insertBefore(section, after ? panes.get(after.id).section : null);
  view.build(pane);
  return pane;
}

/** A mail in its program: the phone's or the window's frame, the head, the frame that holds the mail. */
function mailPane(pane) {
  const { stage, view } = pane;
  const isPhone = view.device === 'phone';
  pane.device = element('div', { class: `device ${view.device}${view.isDark ? ' is-dark' : ''}` });
  if (isPhone) pane.device.append(element('div', { class: 'status', 'aria-hidden': 'true' }, '9:41', element('i'), element('b')));
  pane.avatar = element('span', { class: 'avatar', 'aria-hidden': 'true' });
  pane.from = element('p', { class: 'client-from' });
  pane.frame = emptyFrame(view.id === 'bare' ? 'bare' : 'mail', `The issue: ${view.name.toLowerCase()}`, view.isDark);
  pane.device.append(element('div', { class: 'client' }, pane.avatar, pane.from));
  if (view.id === 'bare') pane.device.append(element('p', { class: 'client-bar' }, 'Images are not shown.'));
  pane.device.append(pane.frame);
  stage.append(pane.device);
  sizes.observe(stage);
}

function setMail(pane, { from, html }) {
  pane.avatar.textContent = initialOf(from.name || from.address);
  pane.from.replaceChildren(
    element('b', {}, from.name || from.address),
    element('small', {}, `${from.name ? `${from.address} ` : ''}to ${state.reader === 'named' ? 'Ada' : 'ada@reader.example'}`),
  );
  fillFrame(pane, html);
}

function textPane(pane) {
  pane.letter = element('pre', { class: 'letter text', tabindex: 0, role: 'region', 'aria-label': 'Plain text' });
  keepPlace(pane, pane.letter);
  pane.stage.append(pane.letter);
}

function setText(pane, { text, dir }) {
  pane.letter.dir = dir;
  setWords(pane, text);
}

const sources = [
  ['mjml', 'MJML', ({ mjml }) => mjml],
  ['html', 'HTML', ({ htmlSource }) => htmlSource],
  ['rss', 'RSS', ({ feed }) => feed.rss],
];

function sourcePane(pane) {
  pane.choice = element('div', { class: 'choice', role: 'group', 'aria-label': 'Which source' });
  for (const [id, name] of sources) {
    const pick = () => {
      state.source = id;
      setSource(pane, state.shown.rendering);
    };
    pane.choice.append(element('button', { type: 'button', class: 'quiet', 'data-source': id, on: { click: pick } }, name));
  }
  const copyIt = ({ currentTarget }) => copy(pane.letter.textContent, currentTarget);
  pane.choice.append(element('button', { type: 'button', class: 'quiet copy', on: { click: copyIt } }, 'Copy'));
  pane.letter = element('pre', { class: 'letter', tabindex: 0, role: 'region', 'aria-label': 'Source', dir: 'ltr' });
  keepPlace(pane, pane.letter);
  pane.stage.append(pane.choice, pane.letter);
}

function setSource(pane, rendering) {
  for (const button of pane.choice.querySelectorAll('[data-source]'))
    button.setAttribute('aria-pressed', String(button.dataset.source === state.source));
  const [, , of] = sources.find(([id]) => id === state.source);
  setWords(pane, of(rendering), true);
}

/** Tags stand back, slots stand out. */
function setWords(pane, words, isMarkup = false) {
  const place = `${state.path} ${pane.view.id} ${pane.view.id === 'source' ? state.source : ''}`;
  const isSame = pane.place === place;
  if (!isSame || pane.words !== words) {
    const top = isSame ? pane.letter.scrollTop : (places.get(place) ?? 0);
    pane.place = undefined;
    const parts = isMarkup ? words.split(/(\{\{[^{}]*\}\}|<\/?[a-zA-Z][\w:-]*)/) : [words];
    pane.letter.replaceChildren(
      ...parts.map((part, i) => (i % 2 === 0 ? part : element('span', { class: part.startsWith('<') ? 'tag' : 'slot' }, part))),
    );
    pane.letter.scrollTop = top;
  } else {
    pane.letter.scrollTop = places.get(place) ?? 0;
  }
  pane.place = place;
  pane.words = words;
}

function keepPlace(pane, scroller) {
  scroller.addEventListener('scroll', () => {
    if (pane.place !== undefined && !pane.section.hidden) places.set(pane.place, scroller.scrollTop);
  });
}

function feedPane(pane) {
  pane.from = element('p', { class: 'reader-from' });
  pane.title = element('p', { class: 'reader-title' });
  pane.summary = element('p', { class: 'reader-summary' });
  pane.frame = emptyFrame('mail', 'The entry: in a feed reader');
  pane.stage.append(
    element('div', { class: 'reader' }, element('div', { class: 'reader-head' }, pane.from, pane.title, pane.summary), pane.frame),
  );
}

const readerStyle =
  "body{margin:0 auto;max-width:38rem;padding:1.25rem 1.75rem 3rem;font:17px/1.6 Charter,Georgia,'Noto Serif',serif;color:#1f2328;background:#fff;overflow-wrap:break-word}img{max-width:100%;height:auto}a{color:#9a3f17}blockquote{margin-inline:0;padding-inline-start:1rem;border-inline-start:3px solid #e0dacd}pre{white-space:pre-wrap;background:#f4f1ea;padding:1rem}table{border-collapse:collapse}td,th{padding:.35rem .8rem .35rem 0;text-align:start;border-bottom:1px solid #e0dacd}";

function setFeed(pane, { feed, dir }) {
  pane.from.textContent = [$('publication').textContent, feed.author, dayOf(feed.published), ...feed.tags].filter(Boolean).join(' · ');
  pane.title.textContent = feed.title;
  pane.summary.textContent = feed.summary;
  pane.title.dir = pane.summary.dir = dir;
  fillFrame(pane, `<!DOCTYPE html><html><head><style>${readerStyle}</style></head><body>${feed.html}</body></html>`);
}

// The frames. No script runs in them; the desk, of the same origin, changes them in place, so that nothing jumps.

function emptyFrame(kind, title, isDark = false) {
  const frame = element('iframe', {
    src: `/frame/${kind}`,
    title,
    sandbox: 'allow-same-origin allow-popups allow-popups-to-escape-sandbox',
    referrerpolicy: 'no-referrer',
  });
  // What a mail's own `prefers-color-scheme` goes by.
  frame.style.colorScheme = isDark ? 'dark' : 'light';
  return frame;
}

function fillFrame(pane, html) {
  const { frame } = pane;
  pane.html = html;
  if (!pane.isReady) {
    if (pane.isOpening) return;
    pane.isOpening = true;
    frame.addEventListener('load', () => {
      // A frame that was taken out and put in again begins anew.
      pane.isReady = true;
      const { contentDocument: inner } = frame;
      inner.addEventListener('keydown', keyed);
      inner.addEventListener('click', followed);
      inner.addEventListener('scroll', () => {
        if (pane.place !== undefined && !pane.section.hidden) places.set(pane.place, inner.scrollingElement.scrollTop);
      });
      setFrame(pane);
    });
    return;
  }
  setFrame(pane);
}

function setFrame(pane) {
  const { contentDocument: inner } = pane.frame;
  const place = `${state.path} ${pane.view.id}`;
  const top = places.get(place) ?? 0;
  pane.place = undefined;
  // By the frame's own parser: what this page's would read is under this page's policy, without a style of its own.
  const next = new inner.defaultView.DOMParser().parseFromString(pane.html, 'text/html');
  morph(inner.documentElement, inner.adoptNode(next.documentElement));
  inner.scrollingElement.scrollTop = top;
  pane.place = place;
  pane.frame.dataset.set = String(Number(pane.frame.dataset.set ?? 0) + 1);
}

/** Makes one tree another by touching only what differs: pictures that stay are not loaded again. */
function morph(old, next) {
  if (old.isEqualNode(next)) return;
  if (old.nodeType !== Node.ELEMENT_NODE || old.nodeName !== next.nodeName) {
    old.replaceWith(next);
    return;
  }
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  let [from, to] = [[...old.childNodes], [...next.childNodes]];
  let same = 0;
  while (same < from.length && same < to.length && from[same].isEqualNode(to[same])) same++;
  [from, to] = [from.slice(same), to.slice(same)];
  while (from.length > 0 && to.length > 0 && from.at(-1).isEqualNode(to.at(-1))) {
    from.pop();
    to.pop();
  }
  const anchor = from.length > 0 ? from.at(-1).nextSibling : (old.childNodes[same] ?? null);
  for (const [i, node] of to.entries()) {
    if (i < from.length) morph(from[i], node);
    else old.insertBefore(node, anchor);
  }
  for (const node of from.slice(to.length)) node.remove();
}

/** A link in a mail leads to a tab of its own; one to a place in the mail stays. */
function followed(event) {
  const link = event.target.closest?.('a[href]');
  const href = link?.getAttribute('href') ?? '#';
  if (href.startsWith('#')) return;
  event.preventDefault();
  // The sample reader's own link leads nowhere.
  if (/^(https?|mailto):/i.test(href) && !href.includes('/unsubscribe/')) window.open(href, '_blank', 'noopener');
}

/** A device as large as it is, or as there is room for. */
function fitDevices() {
  for (const { device, stage, view, section } of panes.values()) {
    if (!device || section.hidden) continue;
    const width = view.device === 'phone' ? phoneWidth + 18 : windowWidth;
    const scale = Math.min(1, stage.clientWidth / width);
    const height = Math.floor(stage.clientHeight / scale);
    // Growing with the window, to what a mail program's own column is.
    device.style.width = `${view.device === 'phone' ? width : Math.max(width, Math.min(860, stage.clientWidth))}px`;
    device.style.height = `${view.device === 'phone' ? Math.min(height, 830) : height}px`;
    device.style.transform = scale < 1 ? `scale(${scale})` : '';
  }
}
const sizes = new ResizeObserver(fitDevices);

function pick(id) {
  if (id === state.view) return;
  // Side by side, the new one takes the place of the one looked at longer ago.
  state.other = state.view;
  state.view = id;
  remember('view', state.view);
  remember('other', state.other);
  if (state.shown?.rendering) renderPanes();
}

function toggleBeside() {
  state.isBeside = !state.isBeside;
  remember('beside', state.isBeside ? 'yes' : '');
  if (state.shown?.rendering) renderPanes();
}

function flip() {
  state.reader = state.reader === 'named' ? 'nameless' : 'named';
  $('reader').textContent = state.reader === 'named' ? 'Reader: Ada' : 'Reader: no name';
  void loadDraft();
}

// The sheets.

function openTest() {
  const rendering = state.shown?.rendering;
  if (!rendering) return;
  $('test-words').textContent = `“${rendering.subject}”, as the draft is now. It is recorded nowhere.`;
  $('address').value ||= remembered('address', '');
  saying('test-said', '');
  $('test-sheet').showModal();
  $('address').select();
}

function saying(id, said, kind = '') {
  $(id).textContent = said;
  $(id).className = `said ${kind}`;
}

$('test-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const address = $('address').value.trim();
  if (address === '') return saying('test-said', 'Type an address.', 'is-bad');
  const button = event.submitter ?? $('test-form').querySelector('.strong');
  button.disabled = true;
  saying('test-said', 'Sending …');
  const { isDone, said } = await ask('/do/test', { path: state.path, address });
  button.disabled = false;
  if (isDone) remember('address', address);
  saying('test-said', said, isDone ? 'is-good' : 'is-bad');
});

$('new-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { isDone, path, said } = await ask('/do/new', { title: $('new-title').value });
  if (!isDone) return saying('new-said', said, 'is-bad');
  $('new-sheet').close();
  $('new-title').value = '';
  $('filter').value = '';
  await loadState();
  renderList();
  choose(path);
});

function openNew() {
  saying('new-said', '');
  $('new-sheet').showModal();
}

for (const sheet of document.querySelectorAll('dialog')) {
  sheet.addEventListener('click', (event) => {
    if (event.target === sheet || event.target.closest('[data-close]')) sheet.close();
  });
}

function openDrafts(isOpen) {
  document.body.classList.toggle('is-open', isOpen);
  $('open-drafts').setAttribute('aria-expanded', String(isOpen));
}

// The keys.

const keys = {
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  s: toggleBeside,
  f: flip,
  t: openTest,
  n: openNew,
  '/': () => {
    openDrafts(true);
    $('filter').select();
    $('filter').focus();
  },
  '?': () => $('help-sheet').showModal(),
  Escape: () => {
    openDrafts(false);
    if ($('filter').value !== '') {
      $('filter').value = '';
      renderList();
    }
    $('list').focus();
  },
};
for (const [i, { id }] of views.entries()) keys[String(i + 1)] = () => pick(id);

/** Where an arrow scrolls, it scrolls: in a mail, in a text. */
const scrolls = (target) => target.ownerDocument !== document || target.closest('.letter, .notes, [role=tablist]');

function keyed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (document.querySelector('dialog[open]')) return;
  const { target, key } = event;
  const run = keys[key];
  if (!run || (key.startsWith('Arrow') && scrolls(target))) return;
  // A sheet that has just been closed keeps the focus until the next frame.
  const isTyping = target.matches?.('input, textarea, select') && !target.closest('dialog');
  if (isTyping && key !== 'Escape' && !(target === $('filter') && key.startsWith('Arrow'))) return;
  event.preventDefault();
  run();
}
document.addEventListener('keydown', keyed);

$('filter').addEventListener('input', renderList);
$('filter').addEventListener('keydown', ({ key }) => {
  if (key !== 'Enter') return;
  if (!state.listed.some(({ path }) => path === state.path)) step(0);
  $('list').focus();
});
$('list').addEventListener('click', ({ target }) => {
  const option = target.closest('.option');
  if (!option) return;
  choose(option.dataset.path);
  openDrafts(false);
});
$('list').addEventListener('keydown', (event) => {
  const end = { Home: 0, End: state.listed.length - 1 }[event.key];
  if (end === undefined || !state.listed[end]) return;
  event.preventDefault();
  choose(state.listed[end].path);
});
$('open-drafts').addEventListener('click', () => openDrafts(!document.body.classList.contains('is-open')));
$('main').addEventListener('click', ({ target }) => {
  if (!target.closest('#open-drafts')) openDrafts(false);
});
$('new').addEventListener('click', openNew);
$('help-open').addEventListener('click', () => keys['?']());
$('test').addEventListener('click', openTest);
$('flip').addEventListener('click', flip);
$('beside').addEventListener('click', toggleBeside);

$('tabs').setAttribute('aria-multiselectable', 'true');
$('tabs').append(
  ...views.map(({ id, name }, i) =>
    element(
      'button',
      {
        type: 'button',
        class: 'tab',
        role: 'tab',
        id: `tab-${id}`,
        'data-view': id,
        'aria-selected': 'false',
        'aria-keyshortcuts': String(i + 1),
        on: { click: () => pick(id) },
      },
      name,
      element('kbd', { 'aria-hidden': 'true' }, String(i + 1)),
    ),
  ),
);
$('tabs').addEventListener('keydown', (event) => {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (by === undefined) return;
  event.preventDefault();
  const at = views.findIndex(({ id }) => id === state.view);
  pick(views[(at + by + views.length) % views.length].id);
  $(`tab-${state.view}`).focus();
});

listen();
