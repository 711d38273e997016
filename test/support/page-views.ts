import { join } from 'node:path';
import { slot } from '../../src/issue/slots.js';
import { openTemplates, type Templates } from '../../src/templates.js';
import { stylesheetOf } from '../../src/theme/stylesheet.js';
import { type ThemeName, themeOf } from '../../src/theme/theme.js';
import { themeView } from '../../src/theme/view.js';
import type { View } from '../../src/view.js';

/** The templates Postrider came with. */
export const openOurTemplates = () =>
  openTemplates([{ path: join(import.meta.dirname, '../../templates'), shown: 'templates' }], (name) =>
    name === 'link' ? slot('link') : undefined,
  );

/** A theme as it comes. */
export const ourTheme = (templates: Templates, name: ThemeName = 'letter') =>
  themeOf(templates, { name, light: {}, dark: {} });

export const ourStyle = (templates: Templates, name?: ThemeName) =>
  stylesheetOf(ourTheme(templates, name), templates);

export const ourThemeView = (templates: Templates) => themeView(ourTheme(templates));

/** One with words of its own, another, and one whose words fall back to English in a frame from right to left. */
export const languages = [
  ['en', 'ltr'],
  ['de', 'ltr'],
  ['ar', 'rtl'],
] as const;

/** What every view of the server's pages has. */
export const frameOf = (language: string, dir: string, title = 'The Letter'): View => ({
  language,
  dir,
  publication: { title, description: 'Tides', url: '../' },
  style: '../style.css',
});

export const address = 'ada@reader.example';
const topics = [
  { tag: 'knots', label: 'Knots', isChosen: true },
  { tag: 'r&d', label: 'R&D', isChosen: false },
];
export const leaving = {
  address,
  action: '12.tok',
  isFormer: false,
  isActive: true,
  hasTopics: true,
  topics,
};

/** Every page that the server shows, with its view besides the frame. */
export const pages: [name: string, template: string, view: View][] = [
  ['the form', 'join', { at: '12' }],
  ['a bad address', 'join', { at: '12', error: 'address', email: 'ada@@x', name: 'Ada' }],
  ['a broken form', 'join', { at: '12', error: 'form' }],
  ['too fast', 'join', { at: '12', again: true, email: address, name: 'Ada' }],
  ['confirm', 'confirm', { kind: 'join', address, action: '12.tok' }],
  ['confirm a move', 'confirm', { kind: 'move', address, action: '12.tok' }],
  ['leave', 'leave', leaving],
  ['leave, paused', 'leave', { ...leaving, pausedUntil: '2026-12-20T10:00:00Z' }],
  ['leave, without topics', 'leave', { ...leaving, hasTopics: false, topics: [] }],
  ['leave, by a former link', 'leave', { action: '12.tok', isFormer: true, isActive: true }],
  ['leave, gone already', 'leave', { ...leaving, isActive: false }],
  ...[
    'sent',
    'confirmed',
    'moved',
    'returned',
    'chosen',
    'resumed',
    'erased',
    'gone',
    'limited',
    'badAddress',
    'missing',
    'broken',
    'tooLarge',
  ].map((page): [string, string, View] => [page, 'message', { page }]),
  ['left', 'message', { page: 'left', action: '12.tok' }],
  ['left, with no way back', 'message', { page: 'left' }],
  ['paused', 'message', { page: 'paused', until: '2026-12-20T10:00:00Z' }],
  ['confirmed, with preferences', 'message', { page: 'confirmed', address, preferences: '../u/12' }],
];
