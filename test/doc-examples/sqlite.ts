/** Stands for `better-sqlite3`, which needs a compiler to be installed: a database without rows. */
export class Database {
  readonly file: string

  constructor(file: string) {
    this.file = file
  }

  prepare(_text: string): { all: (...values: unknown[]) => unknown[] } {
    return { all: () => [] }
  }
}
