// A script of ORM calls in the worker, on tables that begin empty. What is timed is what a page waits for: from asking for the call until all that is shown of it
// is there. Gives the microseconds of each round, and how many SQL statements one sends.
'use strict';

async function calls({ ddl, known, source, script, call, rounds }) {
  const { ready, ask, end } = wire('engine.js');
  await ready;
  const models = { known: new Uint8Array(known), source };
  let id = 0;
  const request = async (body) => {
    id += 1;
    const { tell } = await ask({ id, ask: body });
    return tell;
  };
  const play = async (source, names) => {
    const start = performance.now();
    const { Played: report } = await request({ Play: { models, source, names } });
    const time = performance.now() - start;
    const failed = report.cards.find((card) => card.fault);
    if (failed) throw new Error(JSON.stringify(failed.fault));
    return { time, report };
  };
  await request({ Load: { start: { Schema: { ddl, rows: { Sample: [] } } }, scripts: [] } });
  await play(script, 'Forgotten');
  const times = [];
  let sent = 0;
  for (let round = 0; round < rounds; round++) {
    const { time, report } = await play(call, 'Kept');
    times.push(Math.round(time * 1000));
    sent = report.cards.reduce((sum, card) => sum + card.sent.length + card.unlisted, 0);
  }
  end();
  return { times, sent };
}
