// Holds a DuckDB file open until its standard input ends: node hold-database.mjs FILE
import { DuckDBInstance } from '@duckdb/node-api';

const instance = await DuckDBInstance.create(process.argv[2]);
process.stdout.write('held\n');
process.stdin.resume().on('end', () => instance.closeSync());
