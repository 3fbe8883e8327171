// The same statements on the engine and on sql.js, each in a worker of its own, turn by turn. What is timed is what a page waits for: from sending
// the statement until the first thousand rows of its result are there: the engine sends them with its answer, in bytes.
'use strict';

// Flows wait for a page to have all of its code, and this one has.
globalThis.throughline = { isWhole: true };

const TURNS = 21;
// Most turns, and most milliseconds, before the first that is timed.
const WARM_TURNS = 300;
const WARM = 500;
// How often the tables are filled.
const FILLS = 3;
// Most statements of one turn.
const BATCH = 10;
// A statement that took so many milliseconds in all is timed often enough.
const ENOUGH = 2000;

// Sends messages one at a time and waits for each answer.
function wire(script) {
  const worker = new Worker(script);
  let resolve;
  let reject;
  const wait = () => new Promise((yes, no) => ([resolve, reject] = [yes, no]));
  // How far a script has come is of no interest here.
  worker.onmessage = ({ data }) => data.tell?.Progress || resolve(data);
  worker.onerror = (event) => reject(new Error(event.message));
  return {
    ready: wait(),
    ask(message) {
      const answer = wait();
      worker.postMessage(message);
      return answer;
    },
    end: () => worker.terminate(),
  };
}

async function engine() {
  const { ready, ask, end } = wire('engine.js');
  await ready;
  let id = 0;
  const request = async (body) => {
    id += 1;
    const { tell } = await ask({ id, ask: body });
    return tell;
  };
  await request({ Load: { start: { Dump: [] }, scripts: [] } });
  const run = async (sql) => {
    const tell = await request({ Run: { sql } });
    const { Ran: report } = tell;
    if (!report) throw new Error(`${sql.slice(0, 200)}: ${JSON.stringify(tell)}`);
    const index = report.steps.length - 1;
    const { outcome } = report.steps[index];
    if (outcome.Failed) throw new Error(`${sql.slice(0, 200)}: ${JSON.stringify(outcome.Failed)}`);
    if (!outcome.Rows) return 0;
    return outcome.Rows.count;
  };
  return { run, end };
}

async function rival() {
  const { ready, ask, end } = wire('rival.js');
  await ready;
  let id = 0;
  const run = async (sql) => {
    id += 1;
    const answer = await ask({ id, sql });
    if (answer.error) throw new Error(`${sql.slice(0, 200)}: ${answer.error}`);
    return answer.count;
  };
  return { run, end };
}

const SCHEMA = [
  'CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL)',
  'CREATE TABLE category (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL)',
  'CREATE TABLE post (id INTEGER PRIMARY KEY, title TEXT NOT NULL, author_id INTEGER NOT NULL REFERENCES author(id))',
  'CREATE TABLE post_category (id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE, category_id INTEGER NOT NULL REFERENCES category(id), position INTEGER NOT NULL, note TEXT)',
  'CREATE INDEX post_author ON post (author_id)',
  'CREATE INDEX pc_post ON post_category (post_id)',
  'CREATE INDEX pc_category ON post_category (category_id)',
];

const EMPTY = ['post_category', 'post', 'category', 'author'].map((table) => `DROP TABLE ${table}`);

// Scripts that fill the tables, 500 rows to a statement.
function filling(through) {
  const posts = through / 4;
  const authors = Math.max(2, Math.floor(through / 40));
  const categories = Math.max(10, Math.floor(Math.sqrt(through) / 3));
  const scripts = [];
  const insert = (table, count, row) => {
    for (let from = 1; from <= count; from += 500) {
      const rows = [];
      for (let id = from; id < from + 500 && id <= count; id++) rows.push(row(id));
      scripts.push(`INSERT INTO ${table} VALUES ${rows.join(', ')}`);
    }
  };
  insert('author', authors, (id) => `(${id}, 'author ${id}')`);
  insert('category', categories, (id) => `(${id}, 'cat${id}')`);
  insert('post', posts, (id) => `(${id}, 'post ${id}', ${(id % authors) + 1})`);
  insert('post_category', through, (id) =>
    `(${id}, ${((id * 7919) % posts) + 1}, ${((id * 104729) % categories) + 1}, ${id % 100}, 'note ${id}')`);
  return scripts;
}

// What is asked: a name, the limit of the ratio, if there is one, and the statement, whose number of the turn is filled in.
const STATEMENTS = [
  ['point lookup', 2, 'SELECT * FROM post WHERE id = #77'],
  ['filter by foreign key', 2, 'SELECT * FROM post_category WHERE category_id = 3'],
  ['3-table join, category first', 2, "SELECT p.title FROM category c JOIN post_category pc ON pc.category_id = c.id JOIN post p ON p.id = pc.post_id WHERE c.name = 'cat5'"],
  ['3-table join, post first', 2, "SELECT p.title FROM post p JOIN post_category pc ON pc.post_id = p.id JOIN category c ON c.id = pc.category_id WHERE c.name = 'cat5'"],
  ['many-to-many navigation', 1.5, 'SELECT c.name FROM post_category pc JOIN category c ON c.id = pc.category_id WHERE pc.post_id = #77 ORDER BY pc.position'],
  ['group and count', 3, 'SELECT c.name, COUNT(*) FROM category c JOIN post_category pc ON pc.category_id = c.id GROUP BY c.id, c.name'],
  ['left join with counts', 3, 'SELECT c.name, COUNT(pc.id) FROM category c LEFT JOIN post_category pc ON pc.category_id = c.id GROUP BY c.id, c.name'],
  ['ORDER BY … LIMIT 10', 2, 'SELECT id, position FROM post_category ORDER BY position, id LIMIT 10'],
  ['IN (SELECT)', 2, 'SELECT title FROM post WHERE id IN (SELECT post_id FROM post_category WHERE category_id = 3)'],
  ['EXISTS', 2, 'SELECT title FROM post p WHERE EXISTS (SELECT 1 FROM post_category pc WHERE pc.post_id = p.id AND pc.category_id = 3)'],
  ['NOT EXISTS', 2, 'SELECT title FROM post p WHERE NOT EXISTS (SELECT 1 FROM post_category pc WHERE pc.post_id = p.id)'],
  ['JOIN (SELECT DISTINCT)', 2, 'SELECT p.title FROM post p JOIN (SELECT DISTINCT post_id FROM post_category WHERE category_id = 3) x ON x.post_id = p.id'],
  ['derived table on the left', 2, 'SELECT x.n, p.title FROM (SELECT post_id, COUNT(*) AS n FROM post_category GROUP BY post_id) x JOIN post p ON p.id = x.post_id WHERE x.n > 6'],
  ['scalar subquery per row', 2, 'SELECT a.name, (SELECT COUNT(*) FROM post p WHERE p.author_id = a.id) FROM author a'],
  ['LIKE', 3, "SELECT COUNT(*) FROM post WHERE title LIKE '%77%'"],
  ['COUNT(*)', 2, 'SELECT COUNT(*) FROM post_category'],
  ['full scan, sum', 3, 'SELECT SUM(position) FROM post_category WHERE position > 10'],
  ['UPDATE by key', 1.5, "UPDATE post SET title = 'new' WHERE id = #78"],
  ['DELETE leaf by key', 1.5, 'DELETE FROM post_category WHERE id = #500'],
  ['DELETE parent', 1.5, 'DELETE FROM post WHERE id = #120'],
  ['INSERT one', 1.5, "INSERT INTO post_category VALUES (#1000000, 1, 1, 1, 'new')"],
  ['UPDATE by foreign key', null, "UPDATE post_category SET note = 'note #0' WHERE category_id = 3"],
  ['UPDATE all', null, 'UPDATE post_category SET position = position + 1'],
];

const median = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];

// Milliseconds of each statement: [name, limit, ours, theirs].
async function bench(through) {
  const both = [await engine(), await rival()];
  const timed = async (which, scripts) => {
    const start = performance.now();
    let count = 0;
    for (const script of scripts) count = await both[which].run(script);
    return [performance.now() - start, count];
  };
  const fill = ['BEGIN', ...filling(through), 'COMMIT'];
  const fills = [[], []];
  // Here, too, the first turn warms both up.
  for (let turn = 0; turn <= FILLS; turn++) {
    for (const which of turn % 2 ? [0, 1] : [1, 0]) {
      await timed(which, turn === 0 ? SCHEMA : [...EMPTY, ...SCHEMA]);
      const [time] = await timed(which, fill);
      if (turn > 0) fills[which].push(time);
    }
  }
  const table = [['bulk insert', 3, median(fills[0]), median(fills[1])]];
  for (const [name, limit, statement] of STATEMENTS) {
    const times = [[], []];
    let spent = 0;
    let next = 0;
    // Of what is quick, one turn is several statements: the clock has steps of 0.1 ms. The first turns warm both up, queries for longer: a
    // browser compiles in two steps, and what is hot anew.
    let batch = 1;
    if (statement.startsWith('SELECT')) {
      const begun = performance.now();
      for (let turn = 0; turn < WARM_TURNS && performance.now() - begun < WARM; turn++) {
        for (const which of [0, 1]) await timed(which, [statement.replace(/#(\d+)/, (_, from) => Number(from) + turn)]);
      }
    }
    for (let turn = 0; turn <= TURNS && (turn < 2 || spent < ENOUGH); turn++) {
      const scripts = Array.from({ length: batch }, () => {
        next += 1;
        return statement.replace(/#(\d+)/, (_, from) => Number(from) + next);
      });
      const order = turn % 2 ? [0, 1] : [1, 0];
      const counts = [];
      let slowest = 0;
      for (const which of order) {
        const [time, count] = await timed(which, scripts);
        if (turn > 0) times[which].push(time / batch);
        spent += time;
        slowest = Math.max(slowest, time);
        counts.push(count);
      }
      if (counts[0] !== counts[1]) throw new Error(`${name}: ${counts.join(' and ')} rows`);
      if (turn === 0) batch = Math.min(BATCH, Math.ceil(BATCH / slowest));
    }
    table.push([name, limit, median(times[0]), median(times[1])]);
  }
  both.forEach(({ end }) => end());
  return table;
}
