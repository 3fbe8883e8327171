// sql.js behind messages, as the engine is.
importScripts('sql-wasm.js');
initSqlJs({ locateFile: (file) => file }).then((SQL) => {
  const db = new SQL.Database();
  db.exec('PRAGMA foreign_keys = ON');
  self.onmessage = ({ data: { id, sql } }) => {
    try {
      const rows = db.exec(sql).at(-1)?.values ?? [];
      self.postMessage({ id, count: rows.length, rows: rows.slice(0, 1000) });
    } catch (error) {
      self.postMessage({ id, error: String(error) });
    }
  };
  self.postMessage({ id: 0 });
});
