import { useState } from 'react';

/** Runs what a button does; says what came of it, or what went wrong. */
export function useDeed() {
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const run = async (work: () => Promise<string | null>) => {
    setBusy(true);
    setTrouble(null);
    setTold(null);
    try {
      setTold(await work());
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, told, trouble, run };
}
