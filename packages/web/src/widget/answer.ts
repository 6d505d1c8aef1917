/** What the element reads of GET /storefront/v1/availability. It stands alone, so that a page loads nothing else. */
export interface Answer {
  readonly sku: string;
  readonly quantity: number;
  readonly state: string;
  readonly action: 'buy' | 'choose_fewer' | 'join_waitlist' | 'notify_me' | 'see_alternatives';
  readonly headline: string;
  readonly copy: string;
  readonly charge: string;
  readonly button: string;
  readonly missing: number;
  readonly locale: string;
  readonly ways: readonly { readonly way: 'apart' | 'together'; readonly words: string }[];
  readonly alternatives?: readonly { readonly sku: string; readonly title: string }[];
  readonly alternativesTitle?: string;
  readonly form?: { readonly label: string; readonly done: string };
}

/** The one thing that has to be said where nothing answers. */
export const FAILED = {
  en: 'We could not look that up. Please try again.',
  de: 'Das konnten wir nicht nachsehen. Bitte versuch es noch einmal.',
  fr: 'Nous n’avons pas pu vérifier. Veuillez réessayer.',
  es: 'No hemos podido consultarlo. Inténtalo de nuevo.',
};

/** @throws Error where there is no answer to show */
export async function ask(
  home: string,
  asked: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
): Promise<Answer> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) if (value !== '') query.set(name, String(value));
  const response = await fetch(`${home}/storefront/v1/availability?${query}`, {
    signal,
    credentials: 'omit',
  });
  if (!response.ok) throw new Error(`${response.status}`);
  return (await response.json()) as Answer;
}

/** @returns null where it was taken, else what was wrong */
export async function leaveAddress(
  home: string,
  list: 'waitlist' | 'back-in-stock',
  body: Readonly<Record<string, string | number>>,
): Promise<string | null> {
  const failed = FAILED[String(body.locale).slice(0, 2) as keyof typeof FAILED] ?? FAILED.en;
  try {
    const response = await fetch(`${home}/storefront/v1/${list}`, {
      method: 'POST',
      credentials: 'omit',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.ok ? null : failed;
  } catch {
    return failed;
  }
}
