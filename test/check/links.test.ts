import { describe } from '@jest/globals';
import { md, para, testRows } from './given.js';

/** Enough words for a picture to stand among. */
const words =
  'The ferry leaves at ten past, and the lamps are lit when the fog comes in over the pier. '.repeat(8);
const kb = 1024;
const html = '<h2 id="tides">Tides</h2>';
const picture = (alt: string) => md(`${words}\n\n![${alt}](lamp.jpg)`);

describe('links', () => {
  testRows([
    [
      'an anchor to nothing is an error',
      '5 error link-anchor',
      [md('See [above](#knots) there.'), { html }],
      [md('See [above](#tides) there.'), { html }],
    ],
    [
      'an address that is none is an error',
      '5 error link-broken',
      [md('See [the pier](<http://the pier/>) there.')],
      [md('See [the pier](https://pier.org/a) there.')],
    ],
    [
      'a link that writes to nobody is an error',
      '5 error link-broken',
      [md('[Write](mailto:ada) now.')],
      [md('[Write](mailto:ada@pier.org?subject=Hi), or [to a friend](mailto:?subject=Hi).')],
    ],
    [
      'a relative link to no page is told of',
      '5 warning link-relative',
      [md('See [the plan](plan.pdf) there.')],
      [md('See [the lamps](../lamps/) and [tags](/tags/knots/).'), { slugs: ['lamps'] }],
    ],
    [
      'an address without https:// is an error',
      '5 error link-relative',
      [md('See [the pier](www.pier.org/a) there.')],
      [md('See www.pier.org/a there.')],
    ],
    [
      'a link into a private network is an error',
      '5 error link-private',
      [md('See [the pier](http://192.168.0.7/) there.')],
      [md('See [the pier](http://localhost:3000/a-draft/) there.'), { siteUrl: 'http://localhost:3000/' }],
    ],
    [
      'a name of one house is a private one',
      '5 error link-private',
      [md('See [the pier](http://intranet/plan) there.')],
      [md('See [the pier](https://pier.example/) there.')],
    ],
    [
      'a link that is still a placeholder is an error',
      '5 error link-placeholder',
      [md('See [the pier](https://www.example.com/a) there.')],
      [md('See [the pier](https://pier.example/) there.')],
    ],
    [
      'a link that was to be written is an error',
      '5 error link-placeholder',
      [md('See [the pier](TODO) there.')],
      [md('See [the pier](https://todo.org/) there.')],
    ],
    [
      'https:// alone is a placeholder',
      '5 error link-placeholder',
      [md('See [the pier](https://) there.')],
      [md('See [the pier](https://pier.org) there.')],
    ],
    ['# alone is a placeholder', '5 error link-placeholder', [md('See [the pier](#) there.')], [md(para)]],
    [
      'a shortened link counts as spam',
      '5 warning link-short',
      [md('See [the pier](https://bit.ly/3x) there.')],
      [md('See [the pier](https://orbit.ly/3x) there.')],
    ],
    [
      'a link to a number counts as spam',
      '5 warning link-ip',
      [md('See [the pier](http://8.8.8.8/a) there.')],
      [md('See [the pier](https://dns.google/a) there.')],
    ],
    [
      'an address that hides another is told of',
      '5 warning link-spoofed',
      [md('See [https://bank.com](https://pier.org/) there.')],
      [md('See [www.pier.org/a](https://pier.org/b) and [Node.js](https://nodejs.org/).')],
    ],
    [
      'a link says nothing by “click here”',
      '5 warning link-words',
      [md('For tides [click here](https://pier.org/).')],
      [md('[Tides, and where to click](https://pier.org/).')],
    ],
    [
      'a link without words is an error',
      '5 error link-empty',
      [md('Tides: [](https://pier.org/) there.')],
      [md('`[](x)` is code.\n\n```\n[](https://pier.org/)\n```')],
    ],
    [
      'a link to nowhere is an error',
      '5 error link-empty',
      [md('See [the pier]() there.')],
      [md('See the pier (there).')],
    ],
    [
      'a button of a template without words is an error',
      '- error link-empty',
      [md(para), { html: '<a href="https://pier.org/"> </a>' }],
      [md(para), { html: '<a href="https://pier.org/"><img src="https://pier.org/a.png" alt="Pier"></a>' }],
    ],
    [
      'a link of a template to a private host is an error',
      '- error link-private',
      [md(para), { html: '<a href="http://127.0.0.1/">Pier</a>' }],
      [md(para), { html: '<a href="https://letters.harbour.example/x/">Pier</a>' }],
    ],
  ]);
});

describe('pictures', () => {
  testRows([
    [
      'a picture without words for it is told of',
      '7 warning picture-alt',
      [picture(''), { pictures: { 'lamp.jpg': kb } }],
      [picture('A lamp'), { pictures: { 'lamp.jpg': kb } }],
    ],
    [
      'a picture of a template without alt is told of',
      '- warning picture-alt',
      [md(para), { html: '<img src="https://pier.org/a.png">' }],
      [md(para), { html: '<img src="https://pier.org/a.png" alt="">' }],
    ],
    [
      'a picture that is not there is an error',
      '7 error picture-missing',
      [picture('A lamp')],
      [picture('A lamp'), { pictures: { 'lamp.jpg': kb } }],
    ],
    [
      'a cover that is not there is an error',
      '3 error picture-missing',
      [md(words, 'image: lamp.jpg\n')],
      [md(words, 'image: lamp.jpg\n'), { pictures: { 'lamp.jpg': kb } }],
    ],
    [
      'a picture at the root of the site is told of, since no build puts one there',
      '7 warning picture-root',
      [md(`${words}\n\n![A lamp](/images/lamp.jpg)`)],
      [md(`${words}\n\n![A lamp](//pictures.org/lamp.jpg)`)],
    ],
    [
      'a heavy picture is told of',
      '7 warning picture-heavy',
      [picture('A lamp'), { pictures: { 'lamp.jpg': 201 * kb } }],
      [picture('A lamp'), { pictures: { 'lamp.jpg': 200 * kb } }],
    ],
    [
      'a picture of more than a megabyte is an error',
      '7 error picture-heavy',
      [picture('A lamp'), { pictures: { 'lamp.jpg': 1025 * kb } }],
      [picture('A lamp'), { pictures: { 'lamp.jpg': 200 * kb } }],
    ],
    [
      'a picture with few words around it counts as spam',
      '- warning few-words',
      [md(`${para}\n\n![A lamp](lamp.jpg)`), { pictures: { 'lamp.jpg': kb } }],
      [picture('A lamp'), { pictures: { 'lamp.jpg': kb } }],
    ],
  ]);
});
