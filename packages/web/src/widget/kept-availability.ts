import { type Answer, ask, FAILED, leaveAddress } from './answer.ts';
import { draw, type Elements } from './draw.ts';
import { STYLE } from './style.ts';

/** Where this script came from is where Kept is, unless the element says otherwise. */
const HOME = new URL(import.meta.url).origin;
/** A shopper who types a quantity is asked for once. */
const SETTLED_MS = 150;

/**
 * `<kept-availability sku channel key>`: state, date, charge and button of one article, for the quantity of `quantity` or of
 * the field that `for` names, made with `options`, in the language of the page.
 *
 * Events, all bubbling: `kept-availability` (each answer), `kept-buy` { sku, quantity, options, way }, `kept-quantity` { quantity }
 * when fewer are chosen. Parts to style: root, headline, text, ways, charge, button, form, input, message, alternatives.
 */
class KeptAvailability extends HTMLElement {
  static readonly observedAttributes = [
    'sku',
    'channel',
    'key',
    'quantity',
    'locale',
    'for',
    'ship-to',
    'options',
  ];
  private readonly elements: Elements;
  private running: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private answer: Answer | null = null;
  private field: HTMLInputElement | null = null;
  private readonly onField = () => this.later();

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.elements = draw(root);
    this.elements.button.addEventListener('click', () => this.act());
    this.elements.form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.leave();
    });
  }

  connectedCallback(): void {
    this.watchField();
    void this.look();
  }

  disconnectedCallback(): void {
    this.running?.abort();
    clearTimeout(this.timer);
    this.field?.removeEventListener('input', this.onField);
    this.field = null;
  }

  attributeChangedCallback(name: string): void {
    if (!this.isConnected) return;
    if (name === 'for') this.watchField();
    this.later();
  }

  /** Asks again, now. */
  async look(): Promise<void> {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    const { sku, key } = this.named();
    if (sku === '' || key === '') return;
    try {
      const answer = await ask(this.home(), { ...this.named(), quantity: this.quantity() }, running.signal);
      this.answer = answer;
      this.elements.show(answer, this.getAttribute('item-url'));
      this.setAttribute('state', answer.state);
      this.tell('kept-availability', answer);
    } catch {
      if (running.signal.aborted) return;
      this.elements.fail(FAILED[this.language().slice(0, 2) as keyof typeof FAILED] ?? FAILED.en);
    }
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), SETTLED_MS);
  }

  private watchField(): void {
    this.field?.removeEventListener('input', this.onField);
    const id = this.getAttribute('for');
    const root = this.getRootNode() as Document | ShadowRoot;
    this.field = id === null ? null : (root.getElementById(id) as HTMLInputElement | null);
    this.field?.addEventListener('input', this.onField);
  }

  private quantity(): number {
    const asked = Number.parseInt(this.field?.value ?? this.getAttribute('quantity') ?? '1', 10);
    return Number.isNaN(asked) ? 1 : Math.max(1, asked);
  }

  private named() {
    const of = (name: string) => this.getAttribute(name) ?? '';
    return {
      sku: of('sku'),
      channel: of('channel'),
      key: of('key'),
      shipTo: of('ship-to'),
      options: of('options'),
      locale: this.language(),
    };
  }

  /** The element's own, else the nearest that the page declares around it. */
  private language(): string {
    return (
      this.getAttribute('locale') ||
      this.closest('[lang]')?.getAttribute('lang') ||
      navigator.language ||
      'en'
    );
  }

  private home(): string {
    return this.getAttribute('endpoint') ?? HOME;
  }

  private act(): void {
    const { answer } = this;
    if (answer === null) return;
    const { sku, quantity, missing } = answer;
    if (answer.action === 'buy') {
      const options = this.named()
        .options.split(',')
        .filter((one) => one !== '');
      this.tell('kept-buy', { sku, quantity, options, way: this.elements.way(), answer });
      return;
    }
    if (answer.action === 'choose_fewer') {
      const fewer = quantity - missing;
      if (this.field === null) this.setAttribute('quantity', String(fewer));
      else {
        this.field.value = String(fewer);
        this.field.focus();
      }
      this.tell('kept-quantity', { quantity: fewer });
      void this.look();
      return;
    }
    if (answer.action === 'see_alternatives') this.elements.alternatives.querySelector('a')?.focus();
    else this.elements.openForm();
  }

  private async leave(): Promise<void> {
    const { answer } = this;
    if (answer?.form === undefined) return;
    const list = answer.action === 'join_waitlist' ? 'waitlist' : 'back-in-stock';
    const { key, locale } = this.named();
    const { sku, quantity } = answer;
    const email = this.elements.input.value.trim();
    const said = await leaveAddress(this.home(), list, { key, sku, email, quantity, locale });
    if (said === null) this.elements.done(answer.form.done);
    else this.elements.message(said);
  }

  private tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

if (!customElements.get('kept-availability')) customElements.define('kept-availability', KeptAvailability);
