import { cpus, release } from 'node:os';

/** What the figures were taken on, as a line. */
export function describeHost(): void {
  const processor = cpus()[0]?.model ?? 'unknown processor';
  process.stdout.write(`${processor}, ${cpus().length} cores, Linux ${release()}, Node ${process.version}\n\n`);
}

/** Takes a measure several times, one after another. */
export async function times<T>(count: number, measure: () => Promise<T>): Promise<readonly T[]> {
  const figures: T[] = [];
  for (let n = 0; n < count; n += 1) figures.push(await measure());
  return figures;
}

/** A row of the table: a measure, its figure, what it is compared with, and the ratio. */
export function row(measure: string, figure: string, bare = '', ratio = ''): void {
  process.stdout.write(`| ${measure} | ${figure} | ${bare} | ${ratio} |\n`);
}

/** A time for people. */
export function seconds(value: number): string {
  return value < 1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(2)} s`;
}
