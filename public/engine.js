// Loads the engine in its worker. The page's version stands in the address of this script and goes on to the files that
// it loads, so that a cache never mixes versions.
const version = self.location.search;

// What only calls of one ORM need is a module of its own, if the build has parted them, and so is what no run needs; then it writes their names
// here, and again those of them that are to come without being asked for.
const parts = [];
const soon = [];
// How long nobody should wait for what no run needs, in milliseconds.
const QUIET = 3000;

const fileOf = (name) => `throughline_worker_${name}.wasm${version}`;
const there = new Set();
let whole;
// A part on its way that the next messages need. They wait for it, as whoever needs it would load it once more.
let coming;

const add = (name, module, first) => {
  if (there.has(name)) return;
  there.add(name);
  new WebAssembly.Instance(module, { p: first });
};

// Where this fails, whoever needs the part asks for it once more, and tells why it does not come.
const bring = (name, priority) =>
  fetch(fileOf(name), { priority })
    .then((answer) => answer.arrayBuffer())
    .then((bytes) => WebAssembly.compile(bytes))
    .then((module) => add(name, module, whole))
    .catch(() => {});

self.throughline = {
  // Rust calls a function of a part that is not there. It cannot wait, so this one blocks; nobody but the engine does.
  loadRest(number, first) {
    const name = parts[number - 1];
    const request = new XMLHttpRequest();
    request.open("GET", fileOf(name), false);
    request.responseType = "arraybuffer";
    request.send();
    if (request.status !== 200) throw new Error(`${name}: ${request.status} ${request.statusText}`);
    add(name, new WebAssembly.Module(request.response), first);
  },
  // Calls of this ORM will come.
  expect(name) {
    if (!parts.includes(name) || there.has(name)) return;
    const arrived = bring(name, "high").then(() => {
      if (coming === arrived) coming = undefined;
    });
    coming = arrived;
  },
};

importScripts(`throughline_worker.js${version}`);
wasm_bindgen({ module_or_path: `throughline_worker_bg.wasm${version}` }).then((first) => {
  whole = first;
  const hear = self.onmessage;
  self.onmessage = (event) => {
    if (coming) coming.then(() => self.onmessage(event));
    else hear(event);
  };
  setTimeout(() => soon.forEach((name) => bring(name, "low")), QUIET);
});
