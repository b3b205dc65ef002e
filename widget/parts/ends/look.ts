/** How the ends look, by a sheet of their own, which a strict policy allows. */
const css = String.raw;

const SHEET = css`
  .wish {
    justify-self: stretch;
    justify-items: start;
  }
  .wish .cta {
    min-width: min(14em, 100%);
  }
  .summary {
    display: grid;
    justify-self: stretch;
    gap: 0.8em;
    min-width: 0;
    padding: 1.1em;
  }
  .summary > * {
    display: flex;
    align-items: start;
    gap: 0.6em;
  }
  .summary .icon {
    margin-top: 0.2em;
  }
  .summary b,
  .block {
    display: block;
  }
  .summary b {
    text-wrap: pretty;
  }
  .end p,
  .notice p {
    text-wrap: balance;
  }
  .end a.small {
    color: inherit;
    text-decoration: none;
  }
  .end > .confirm {
    justify-self: stretch;
  }
  .end > .quiet {
    justify-self: start;
    padding-inline: 0;
  }
  .end .row {
    flex-wrap: wrap;
  }
  .end .row > .quiet {
    margin-inline-end: 1em;
    padding-inline: 0;
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }
  .end p + .row {
    margin-top: 0.5em;
  }
  .end > .tick {
    background: light-dark(#d9f3e1, #143a24);
    color: light-dark(#126a36, #7fe0a4);
  }
  .end > .spinner {
    width: 2.5em;
    height: 2.5em;
    color: var(--tint);
  }
`;

let sheet: CSSStyleSheet | undefined;

export function dress(root: ShadowRoot): void {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}
