import type { Answer } from './answer.ts';

export interface Elements {
  readonly button: HTMLButtonElement;
  readonly form: HTMLFormElement;
  readonly input: HTMLInputElement;
  readonly alternatives: HTMLElement;
  show(answer: Answer, itemUrl: string | null): void;
  fail(words: string): void;
  openForm(): void;
  message(words: string): void;
  done(words: string): void;
  way(): string | null;
}

/** Makes the element's parts once; answers only fill them, so that nothing loses its focus. */
export function draw(root: ShadowRoot): Elements {
  const make = <Name extends keyof HTMLElementTagNameMap>(name: Name, part: string, parent: Node) => {
    const made = document.createElement(name);
    if (part !== '') made.setAttribute('part', part);
    parent.appendChild(made);
    return made;
  };
  const box = make('div', 'root', root);
  // What changes with the quantity is read out when the reader pauses.
  const status = make('div', 'status', box);
  status.setAttribute('role', 'status');
  const headline = make('p', 'headline', status);
  const text = make('p', 'text', status);
  const charge = make('p', 'charge', status);
  const ways = make('fieldset', 'ways', box);
  const button = make('button', 'button', box);
  button.type = 'button';
  const form = make('form', 'form', box);
  const label = make('label', 'label', form);
  const labelText = make('span', '', label);
  const input = make('input', 'input', label);
  input.type = 'email';
  input.name = 'email';
  input.required = true;
  input.autocomplete = 'email';
  const send = make('button', 'button', form);
  send.type = 'submit';
  const message = make('p', 'message', box);
  // Always there, empty or not: what appears together with its region is not read out. Focus comes here when the form is done.
  message.setAttribute('role', 'status');
  message.tabIndex = -1;
  const alternatives = make('div', 'alternatives', box);
  alternatives.setAttribute('role', 'group');
  for (const one of [ways, button, form, alternatives]) one.hidden = true;
  box.setAttribute('aria-busy', 'true');

  let shown = '';

  function showWays(answer: Answer): void {
    const before = way();
    ways.replaceChildren();
    ways.hidden = answer.ways.length === 0 || answer.action !== 'buy';
    ways.setAttribute('aria-label', answer.headline);
    for (const [index, one] of answer.ways.entries()) {
      const row = make('label', 'way', ways);
      const radio = make('input', '', row);
      radio.type = 'radio';
      radio.name = 'way';
      radio.value = one.way;
      radio.checked = before === null ? index === 0 : before === one.way;
      row.append(one.words);
    }
  }

  function showAlternatives(answer: Answer, itemUrl: string | null): void {
    alternatives.replaceChildren();
    const others = answer.alternatives ?? [];
    alternatives.hidden = others.length === 0;
    if (others.length === 0) return;
    const title = answer.alternativesTitle ?? '';
    alternatives.setAttribute('aria-label', title);
    make('p', '', alternatives).textContent = title;
    const list = make('ul', '', alternatives);
    for (const other of others) {
      const link = make('a', 'alternative', make('li', '', list));
      link.textContent = other.title;
      link.href = (itemUrl ?? '?sku={sku}').replace('{sku}', encodeURIComponent(other.sku));
    }
  }

  const way = () => ways.querySelector<HTMLInputElement>('input:checked')?.value ?? null;

  return {
    button,
    form,
    input,
    alternatives,
    way,
    show(answer, itemUrl) {
      box.setAttribute('aria-busy', 'false');
      box.dataset.state = answer.state;
      box.lang = answer.locale;
      headline.textContent = answer.headline;
      text.textContent = answer.copy;
      charge.textContent = answer.charge;
      charge.hidden = answer.action !== 'buy' && answer.action !== 'choose_fewer';
      button.textContent = answer.button;
      // Without an alternative there is nothing to lead to.
      button.hidden = answer.action === 'see_alternatives' && !answer.alternatives?.length;
      labelText.textContent = answer.form?.label ?? '';
      send.textContent = answer.button;
      const now = `${answer.sku} ${answer.action}`;
      if (now !== shown) {
        form.hidden = true;
        message.textContent = '';
      } else if (!form.hidden) button.hidden = true;
      shown = now;
      showWays(answer);
      showAlternatives(answer, itemUrl);
    },
    fail(words) {
      box.setAttribute('aria-busy', 'false');
      headline.textContent = '';
      text.textContent = words;
      charge.textContent = '';
      message.textContent = '';
      for (const one of [ways, button, form, alternatives]) one.hidden = true;
    },
    openForm() {
      form.hidden = false;
      button.hidden = true;
      input.focus();
    },
    message(words) {
      message.textContent = words;
    },
    done(words) {
      message.textContent = words;
      message.focus();
      form.hidden = true;
    },
  };
}
