/** Nodes that are put beside those of the views. Belongs to the part `hints`. */

export function made(tag: string, className: string, text = ''): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

export function button(className: string, text = ''): HTMLButtonElement {
  const element = made('button', className, text) as HTMLButtonElement;
  element.type = 'button';
  return element;
}

export function within(tag: string, ...children: Element[]): HTMLElement {
  const element = made(tag, '');
  element.append(...children);
  return element;
}
