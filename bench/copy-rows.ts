import type { BenchBrand } from './brand.ts';

/**
 * The limit of whoever takes rows out of a database and puts others in: PostgreSQL's own COPY, binary, to a file and from it,
 * within the server. What is put in goes into tables with the same indexes, logged and committed as theirs are.
 */
export class CopyRows {
  private readonly brand: BenchBrand;
  private readonly directory: string;

  private constructor(brand: BenchBrand, directory: string) {
    this.brand = brand;
    this.directory = directory;
  }

  static async open(brand: BenchBrand): Promise<CopyRows> {
    const [row] = await brand.asOwner("select current_setting('data_directory') as directory");
    await brand.asOwner('create schema if not exists bench_copy');
    return new CopyRows(brand, `${row!.directory}`);
  }

  /** @param out queries whose rows are taken out @param into by table, queries whose rows are put in; milliseconds */
  async milliseconds(out: readonly string[], into: Readonly<Record<string, string>>): Promise<number> {
    const file = (name: string) => `'${this.directory}/bench-${name}' with (format binary)`;
    for (const [table, rows] of Object.entries(into)) {
      await this.brand.asOwner(
        `drop table if exists bench_copy.${table}; create table bench_copy.${table} (like ${table} including all)`,
      );
      await this.brand.asOwner(`copy (${rows}) to ${file(`in-${table}`)}`);
    }
    const started = performance.now();
    for (const [index, rows] of out.entries())
      await this.brand.asOwner(`copy (${rows}) to ${file(`out-${index}`)}`);
    for (const table of Object.keys(into))
      await this.brand.asOwner(`copy bench_copy.${table} from ${file(`in-${table}`)}`);
    return performance.now() - started;
  }
}
