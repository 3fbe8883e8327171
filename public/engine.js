// Loads the engine in its worker. The page's version stands in the address of this script and goes on to the files that
// it loads, so that a cache never mixes versions.
const version = self.location.search;

// What only calls of one ORM need is a module of its own, if the build has parted them; then it writes their names here.
const parts = [];
const fileOf = (name) => `throughline_worker_${name}.wasm${version}`;
let whole;
// A part on its way. Messages wait for it, as whoever needs it would load it once more.
let coming;

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
    const arrived = fetch(fileOf(name))
      .then((answer) => answer.arrayBuffer())
      .then((bytes) => WebAssembly.compile(bytes))
      .then((module) => add(name, module, whole))
      // Whoever needs it asks for it once more, and tells why it does not come.
      .catch(() => {})
      .then(() => {
        if (coming === arrived) coming = undefined;
      });
    coming = arrived;
  },
};

const there = new Set();
const add = (name, module, first) => {
  if (there.has(name)) return;
  there.add(name);
  new WebAssembly.Instance(module, { p: first });
};

importScripts(`throughline_worker.js${version}`);
wasm_bindgen({ module_or_path: `throughline_worker_bg.wasm${version}` }).then((first) => {
  whole = first;
  const hear = self.onmessage;
  self.onmessage = (event) => {
    if (coming) coming.then(() => self.onmessage(event));
    else hear(event);
  };
});
