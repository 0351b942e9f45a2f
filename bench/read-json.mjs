// The tables of the messages made by DuckDB alone from pages in files: no ids of rows, no variants, no resume.
const MESSAGES = `SELECT m.id, m.direction, m.status, m.created_at, m.updated_at, m.body, m.segments, m.price.amount AS price__amount, m.price.currency AS price__currency,
  m."from".number AS from__number, m."from".name AS from__name, m."from".carrier.name AS from__carrier__name, m."from".carrier.country AS from__carrier__country FROM raw`;

const SELECTIONS = {
  messages: MESSAGES,
  messages__to: 'SELECT m.id AS parent, unnest(m."to", recursive := true) FROM raw',
  messages__attachments: 'SELECT m.id AS parent, unnest(m.attachments, recursive := true) FROM raw',
  messages__tags: 'SELECT m.id AS parent, unnest(m.tags) AS value FROM raw',
};

/** Reads the pages once, then runs a statement for each table. */
export async function readPages(connection, pages, statement) {
  await connection.run(`CREATE OR REPLACE TEMP TABLE raw AS SELECT unnest(data) AS m FROM read_json('${pages}/*.json')`);
  for (const [table, selection] of Object.entries(SELECTIONS)) await connection.run(statement(table, selection));
}
