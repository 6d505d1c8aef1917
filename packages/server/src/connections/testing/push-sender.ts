/** How pushes go wrong on their way: each comes twice, the last comes first, or none comes at all. */
export type PushTrouble = 'twice' | 'shuffled' | 'dropped';

/** Sends pushes as another system's machinery does, in order unless they are to go wrong, and again where they were not taken. */
export class PushSender {
  trouble: PushTrouble | null = null;
  #waiting: (() => Promise<Response>)[] = [];

  send(push: () => Promise<Response>): void {
    if (this.trouble === 'dropped') return;
    this.#waiting.push(push, ...(this.trouble === 'twice' ? [push] : []));
  }

  /** When all that was to be sent was taken. */
  async delivered(): Promise<void> {
    const pushes = this.#waiting;
    this.#waiting = [];
    if (this.trouble === 'shuffled') pushes.reverse();
    for (const push of pushes)
      for (let tries = 1; ; tries++) {
        const answer = await push();
        await answer.body?.cancel();
        if (answer.ok) break;
        if (tries === 8) throw new Error(`a push was answered with ${answer.status} eight times`);
      }
  }
}
