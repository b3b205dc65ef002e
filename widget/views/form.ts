/** One step of the form: native controls with labels, faults in words at the field; the first of them gets the focus. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { PublicEvent } from '../../shared/protocol.ts';
import { formSteps } from '../fields.ts';
import { timeText } from '../time.ts';
import { button } from './button.ts';
import { contactInput, label, questionField } from './fields.ts';
import { heading } from './frame.ts';
import { icon } from './icons.ts';
import type { Scene } from './scene.ts';

export function form(scene: Scene): TemplateResult {
  const { state } = scene;
  const event = state.event as PublicEvent;
  const steps = formSteps(state);
  const hasContact = state.step === 0;
  const isSending = state.goal === 'answers' || state.goal === 'book';
  return html`<form
    class="flow"
    novalidate
    @focusin=${scene.openHints}
    @input=${(event: Event) => scene.typed(event.currentTarget as HTMLFormElement)}
    @submit=${(event: Event) => {
      event.preventDefault();
      scene.submit(event.currentTarget as HTMLFormElement);
    }}
  >
    ${heading(scene.say(hasContact ? 'contactHeading' : 'questionsHeading'))}
    ${
      hasContact
        ? [
            state.masked
              ? known(scene)
              : html`<div class="contact">${event.contact.map((field) => contactInput(scene, field))}</div>`,
            TRAP,
          ]
        : nothing
    }
    ${
      // Each in a place of its own: where elements are used again for another question, radios lose what is chosen.
      [...event.questions, ...(event.consents ?? [])].map((each) =>
        steps[state.step]?.questions.includes(each) ? questionField(scene, each) : nothing,
      )
    }
    <div class="flow">
      <button type="submit" class="cta" part="button primary-button" aria-disabled=${isSending}>
        ${isSending ? html`<i class="spinner"></i>` : nothing}${submitText(scene, isSending, state.step < steps.length - 1)}
      </button>
      ${
        state.step > 0 || state.flow === 'times-first'
          ? button('quiet', [icon('back'), scene.say('back')], () => scene.act({ type: 'back' }))
          : nothing
      }
    </div>
    ${hasContact && event.legal ? html`<p class="mute">${event.legal.map((each) => html`${label(scene, each)} `)}</p>` : nothing}
  </form>`;
}

function submitText(scene: Scene, isSending: boolean, hasMore: boolean): string {
  const { goal, flow, pick, timeZone, wait } = scene.state;
  // Said where the visitor looks, too; what counts seconds would be read out with each of them.
  if (isSending) return scene.say(wait?.code === 'offline' ? 'offline' : goal === 'book' ? 'booking' : 'looking');
  if (hasMore) return scene.say('next');
  const isBooking = flow === 'times-first' && pick;
  return isBooking ? scene.say('bookNow', { time: timeText(pick, scene.locale, timeZone) }) : scene.say('toTimes');
}

/** The contact as the Worker has it from before a reload. */
function known(scene: Scene): TemplateResult {
  return html`<div class="row boxed">
    ${icon('person')}
    <p>${Object.values(scene.state.masked ?? {}).join(' · ')}</p>
    ${button('text', scene.say('change'), () => scene.act({ type: 'change' }))}
  </div>`;
}

/** For robots; not named as a question of an account may be (`website`). Off the picture rather than `display: none`, which some of them look for. */
const TRAP = html`<div class="trap" aria-hidden="true"><input name="website-address" tabindex="-1" autocomplete="off"></div>`;
