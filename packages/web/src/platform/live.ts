import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** Changes that come together are read anew together. */
const gatherMillis = 1_000;

/** What pages have read, by what has to happen for it to be another. */
const touches: readonly (readonly [kind: RegExp, keys: readonly string[]])[] = [
  [/^(message|notice)\./, ['messages', 'today']],
  [
    /^(supply|purchase_order|receipt|stock|item)\b/,
    ['backorders', 'purchase-orders', 'item', 'items', 'projection', 'today', 'availability', 'what-if'],
  ],
  [
    /^(order|promise|payment|hold|line|release|shipment|allocation|reallocation)\b/,
    ['backorders', 'messages', 'explanation', 'today', 'item', 'what-if'],
  ],
];
const anything = ['today', 'backorders', 'messages', 'purchase-orders', 'item'];

/** Follows what changes, and reads anew what it touches; where the stream cannot be had, pages go on asking by themselves. */
export function useLive(signedIn: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!signedIn) return;
    const stream = new EventSource('/v1/stream');
    const touched = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const touch = (keys: readonly string[]) => {
      for (const key of keys) touched.add(key);
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const key of touched) void client.invalidateQueries({ queryKey: [key] });
        touched.clear();
      }, gatherMillis);
    };
    stream.addEventListener('change', ({ data }: MessageEvent<string>) => {
      const { kind } = JSON.parse(data) as { kind: string };
      touch(touches.find(([about]) => about.test(kind))?.[1] ?? anything);
    });
    stream.addEventListener('many', () => touch(anything));
    return () => {
      stream.close();
      clearTimeout(timer);
    };
  }, [client, signedIn]);
}
