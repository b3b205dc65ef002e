/** What stands around every step: whom the visitor will meet, how far along, waits and notices, and the way out. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { count } from '../count.ts';
import { formSteps } from '../fields.ts';
import { timeText } from '../time.ts';
import { button } from './button.ts';
import { icon } from './icons.ts';
import type { Scene } from './scene.ts';

/** Facts that are not known are not shown; bones only while they may still come. */
export function aside({ state: { event, view }, say }: Scene): TemplateResult | typeof nothing {
  if (!event && view !== 'loading') return nothing;
  if (!event) return html`<div class="aside" aria-hidden="true"><i class="logo bone"></i><p class="bone"></p></div>`;
  const { host, name, durationMinutes, place, logo, description } = event;
  const initials = /./u.exec((host ?? name).trim())?.[0].toUpperCase();
  return html`<div class="aside" part="summary">
    ${
      logo
        ? html`<img class="logo" src=${logo} alt="" referrerpolicy="no-referrer">`
        : html`<span class="logo mono" aria-hidden="true">${initials}</span>`
    }
    <div>
      ${host ? html`<p class="mute">${host}</p>` : nothing}
      <h2 class="title" part="title">${name}</h2>
    </div>
    ${
      durationMinutes || place
        ? html`<p class=${place ? 'mute' : 'mute facts'}>
          ${durationMinutes ? [icon('clock'), say('minutes', { count: durationMinutes })] : nothing}
          ${place ? [' ', icon('place'), place] : nothing}
        </p>`
        : nothing
    }
    ${description ? html`<p class="mute">${description}</p>` : nothing}
  </div>`;
}

/** The steps of the form and the choice of a time; `undefined` where the visitor is past or beside them. */
export function stepOf({ state }: Scene): { step: number; steps: number } | undefined {
  const { event, view, flow } = state;
  if (!event || (view !== 'form' && view !== 'times')) return undefined;
  const forms = formSteps(state).length;
  const isTimesFirst = flow === 'times-first' && !state.hasOwnTimes;
  const before = view === 'times' ? (isTimesFirst ? 0 : forms) : state.step + (isTimesFirst ? 1 : 0);
  return { step: before + 1, steps: forms + 1 };
}

export function progress(scene: Scene): TemplateResult | typeof nothing {
  const at = stepOf(scene);
  if (!at) return scene.state.view === 'loading' ? html`<div class="row progress"><i></i><i></i></div>` : nothing;
  const { step, steps } = at;
  const words = scene.say('progress', { step, steps });
  return html`<div
    class="row progress"
    part="progress"
    role="progressbar"
    aria-label=${words}
    aria-valuemax=${steps}
    aria-valuenow=${step}
  >${count(steps).map((index) => html`<i part="step" class=${index < step ? 'done' : ''}></i>`)}</div>`;
}

/** The heading of a step, which takes the focus when the step is entered. */
export function heading(text: string, more?: unknown): TemplateResult {
  return html`<h2 class="heading" part="heading" tabindex="-1">${text}</h2>${more ? html`<p class="mute more">${more}</p>` : nothing}`;
}

/** A pause in words; the seconds count down without being read out each time, and never to one, which would need a form of its own. */
export function waitText({ state: { wait }, say, now }: Scene): string {
  if (!wait) return '';
  if (wait.code === 'offline') return say('offline');
  return say(wait.code, { seconds: Math.max(2, Math.ceil((wait.until - now) / 1_000)) });
}

export function notices(scene: Scene): TemplateResult {
  const { state, say, act } = scene;
  const { notice, wait } = state;
  return html`
    ${wait ? html`<div class="notice" part="notice">${icon('clock')}<p>${waitText(scene)}</p></div>` : nothing}
    ${
      notice
        ? html`<div class="notice" part="notice" tabindex="-1">
          ${icon('note')}
          <div>
            <p><b>${noticeText(scene)}</b></p>
            ${notice.kind === 'failed' ? button('small', say('retry'), () => act({ type: 'retry' })) : nothing}
          </div>
        </div>`
        : nothing
    }
  `;
}

export function noticeText({ state: { notice, timeZone }, say, locale }: Scene): string {
  switch (notice?.kind) {
    case 'taken':
    case 'gone':
      return `${say(notice.kind, { time: timeText(notice.startsAt, locale, timeZone) })} ${say('answersSafe')}`;
    case 'failed':
      return `${say('failed')} ${say('failedMore')}`;
    case 'confirm-again':
      return say('confirmHeading');
    default:
      return '';
  }
}
