import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlainly } from './plain-reading.ts';

/** How a partner's machinery goes wrong; each is switched on for the next file that it sends. */
export type Fault =
  /** The same file is sent again. */
  | 'duplicate'
  /** The file ends somewhere in the middle. */
  | 'truncated'
  /** It is being written while it is looked at. */
  | 'half_written'
  | 'wrong_count'
  | 'unknown_code'
  /** It is put there after the next one. */
  | 'out_of_order'
  /** It never arrives, until the partner looks through what was not acknowledged. */
  | 'missed';

export interface SimulatedLine {
  readonly line: string;
  readonly quantity: number;
  readonly number: string;
}

interface SentOrder {
  readonly number: string;
  readonly lines: readonly SimulatedLine[];
  control: number;
}

/** What it was told of a line: status, units, day. */
export type ToldLot = readonly [status: string, quantity: number, day: string];

/**
 * A retailer with X12 over a shared folder. What it gets it reads by itself, and complains of everything that is not as X12 has
 * it or as it ordered: it shares no code with Kept.
 */
export class PartnerSimulator {
  readonly complaints: string[] = [];
  /** Of what it got, which message each was: 855, 865, … */
  readonly sets: string[] = [];
  /** By order and line. */
  readonly told = new Map<string, readonly ToldLot[]>();
  readonly shipped = new Map<string, number>();
  readonly availability = new Map<string, number>();
  private readonly sent = new Map<string, SentOrder>();
  private readonly acknowledged = new Map<number, string>();
  private readonly seen = new Set<string>();
  private readonly faults: Fault[] = [];
  private readonly late: (readonly [name: string, text: string])[] = [];
  private control = 0;
  private readonly folder: string;
  private readonly names: { readonly ours: string; readonly theirs: string };
  private readonly post: ((name: string, text: string) => void) | undefined;

  /**
   * @param folder in which `in` is Kept's and `out` the partner's to read
   * @param post what is sent is handed to the partner's gateway, and not laid into `in`
   */
  constructor(
    folder: string,
    names: { readonly ours: string; readonly theirs: string },
    post?: (name: string, text: string) => void,
  ) {
    this.folder = folder;
    this.names = names;
    this.post = post;
  }

  /** The next file goes wrong like this. */
  next(fault: Fault): void {
    this.faults.push(fault);
  }

  async order(number: string, lines: readonly SimulatedLine[]): Promise<void> {
    const order: SentOrder = { number, lines, control: 0 };
    this.sent.set(number, order);
    await this.sendOrder(order, this.faults.shift());
  }

  /** Sends what was never acknowledged, or rejected, again: with a new number, as a person would. */
  async sendAgain(): Promise<number> {
    let again = 0;
    await this.deliverLate();
    for (const order of this.sent.values()) {
      if (this.acknowledged.get(order.control) === 'A') continue;
      await this.sendOrder(order, undefined);
      again++;
    }
    return again;
  }

  /** Numbers of its orders. */
  get orders(): readonly string[] {
    return [...this.sent.keys()];
  }

  /** Units ordered, of all orders. */
  get ordered(): number {
    return [...this.sent.values()].flatMap((one) => one.lines).reduce((sum, one) => sum + one.quantity, 0);
  }

  private async sendOrder(order: SentOrder, fault: Fault | undefined): Promise<void> {
    order.control = ++this.control;
    const text = this.text(order, fault);
    const name = `${this.names.ours}-${order.control}.x12`;
    if (fault === 'missed') return;
    if (fault === 'out_of_order') {
      this.late.push([name, text]);
      return;
    }
    if (fault === 'half_written') {
      await mkdir(join(this.folder, 'in'), { recursive: true });
      await writeFile(join(this.folder, 'in', name), text.slice(0, text.length / 2));
      this.late.push([name, text]);
      return;
    }
    await this.put(name, fault === 'truncated' ? `${text.slice(0, text.indexOf('CTT'))}IEA*` : text);
    if (fault === 'duplicate') await this.put(`again-${name}`, text);
    await this.deliverLate();
  }

  private async deliverLate(): Promise<void> {
    for (const [name, text] of this.late.splice(0)) await this.put(name, text);
  }

  private async put(name: string, text: string): Promise<void> {
    if (this.post !== undefined) return this.post(name, text);
    const folder = join(this.folder, 'in');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `.${name}.tmp`), text);
    await rename(join(folder, `.${name}.tmp`), join(folder, name));
  }

  private text(order: SentOrder, fault: Fault | undefined): string {
    const body = [
      `BEG*${fault === 'unknown_code' ? 'Q7' : '00'}*NE*${order.number}**20260302`,
      'CUR*BY*USD',
      'N1*ST*Store 4*92*0004',
      'N4*Austin*TX*73301*US',
      ...order.lines.map((one) => `PO1*${one.line}*${one.quantity}*EA*10.00**UP*${one.number}`),
      `CTT*${order.lines.length}`,
    ];
    return this.envelope('PO', '850', body, order.control, fault === 'wrong_count' ? 1 : 0);
  }

  private envelope(group: string, set: string, body: readonly string[], control: number, off = 0): string {
    const { ours, theirs } = this.names;
    const number = String(control).padStart(9, '0');
    return [
      `ISA*00*          *00*          *ZZ*${ours.padEnd(15)}*ZZ*${theirs.padEnd(15)}*260302*0800*U*00401*${number}*0*P*>`,
      `GS*${group}*${ours}*${theirs}*20260302*0800*${control}*X*004010`,
      `ST*${set}*0001`,
      ...body,
      `SE*${body.length + 2 + off}*0001`,
      `GE*1*${control}`,
      `IEA*1*${number}`,
      '',
    ].join('~\r\n');
  }

  /** Reads what came, complains of what is wrong with it, and acknowledges it. */
  async read(): Promise<void> {
    const folder = join(this.folder, 'out');
    const names = (await readdir(folder).catch(() => [] as string[]))
      .filter((one) => !one.startsWith('.'))
      .sort();
    for (const name of names) {
      if (this.seen.has(name)) continue;
      this.seen.add(name);
      const text = await readFile(join(folder, name), 'utf8');
      const { complaints, set, control, segments } = readPlainly(text, this.names);
      this.complaints.push(...complaints.map((one) => `${name}: ${one}`));
      this.sets.push(set);
      if (set === '997') this.take997(segments);
      else if (set === '855' || set === '865') this.takeAnswer(name, segments);
      else if (set === '856') this.take856(name, segments);
      else if (set === '846') this.take846(segments);
      else if (set !== 'TA1') this.complaints.push(`${name}: nobody expects a ${set}`);
      if (set !== '997' && set !== 'TA1') await this.acknowledge(set, control);
    }
  }

  private async acknowledge(set: string, control: string): Promise<void> {
    const group = { '855': 'PR', '865': 'CA', '856': 'SH', '846': 'IB' }[set] ?? '';
    const body = [`AK1*${group}*${Number(control)}`, `AK2*${set}*0001`, 'AK5*A', 'AK9*A*1*1*1'];
    const number = ++this.control;
    await this.put(`${this.names.ours}-${number}.x12`, this.envelope('FA', '997', body, number));
  }

  private take997(segments: readonly (readonly string[])[]): void {
    const control = Number(segments.find(([tag]) => tag === 'AK1')?.[2]);
    const verdict = segments.find(([tag]) => tag === 'AK5')?.[1] ?? '?';
    if (![...this.sent.values()].some((one) => one.control >= control))
      this.complaints.push(`a 997 speaks of interchange ${control}, which was not sent`);
    this.acknowledged.set(control, verdict);
  }

  private takeAnswer(name: string, segments: readonly (readonly string[])[]): void {
    const order = this.sent.get(segments.find(([tag]) => tag === 'BAK' || tag === 'BCA')?.[3] ?? '');
    if (order === undefined) {
      this.complaints.push(`${name}: it answers an order that was not sent`);
      return;
    }
    let line: SimulatedLine | undefined;
    const lots = new Map<string, ToldLot[]>();
    for (const segment of segments) {
      if (segment[0] === 'PO1' || segment[0] === 'POC') {
        line = order.lines.find((one) => one.line === segment[1]);
        if (line === undefined) this.complaints.push(`${name}: line ${segment[1]} was not ordered`);
      } else if (segment[0] === 'ACK' && line !== undefined) {
        const lot: ToldLot = [segment[1]!, Number(segment[2]), segment[5] ?? ''];
        lots.set(line.line, [...(lots.get(line.line) ?? []), lot]);
      }
    }
    for (const [of, own] of lots) {
      const wanted = order.lines.find((one) => one.line === of)!.quantity;
      const sum = own.reduce((units, one) => units + one[1], 0);
      if (sum !== wanted)
        this.complaints.push(`${name}: line ${of} asked for ${wanted}, and ${sum} are answered`);
      this.told.set(`${order.number}/${of}`, own);
    }
  }

  private take856(name: string, segments: readonly (readonly string[])[]): void {
    const number = segments.find(([tag]) => tag === 'PRF')?.[1] ?? '';
    if (!this.sent.has(number)) this.complaints.push(`${name}: it ships order ${number}, which was not sent`);
    for (const segment of segments)
      if (segment[0] === 'SN1') {
        const key = `${number}/${segment[1]}`;
        this.shipped.set(key, (this.shipped.get(key) ?? 0) + Number(segment[2]));
      }
  }

  private take846(segments: readonly (readonly string[])[]): void {
    let item = '';
    for (const segment of segments) {
      if (segment[0] === 'LIN') item = segment[3] ?? '';
      if (segment[0] === 'QTY' && segment[1] === '33') this.availability.set(item, Number(segment[2]));
    }
  }
}
