// Serves pre-made pages of demo messages on loopback, in a process of its own, and writes the same
// pages to files for DuckDB's read_json. usage: node page-server.mjs COUNT FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { message } from '../demo/demo-api.mjs';

const PAGE = 100;
const count = Number(process.argv[2]);
const folder = process.argv[3];
mkdirSync(folder, { recursive: true });
const pages = [];
for (let start = 0; start < count; start += PAGE) {
  const data = Array.from({ length: Math.min(PAGE, count - start) }, (_, i) => message(start + i));
  const body = Buffer.from(JSON.stringify({ data, total: count }));
  pages.push(body);
  writeFileSync(join(folder, `${String(pages.length).padStart(6, '0')}.json`), body);
}
const empty = Buffer.from(JSON.stringify({ data: [], total: count }));
const server = createServer((request, response) => {
  const offset = Number(new URL(request.url, 'http://localhost').searchParams.get('offset') ?? 0);
  const body = pages[offset / PAGE] ?? empty;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
