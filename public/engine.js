// Loads the engine in its worker. The page's version stands in the address of this script and goes on to the files that
// it loads, so that a cache never mixes versions.
const version = self.location.search;

// What a first run does not need is a second module, if the build has parted the two; then it writes its name here.
const rest = "";
let compiled;
const engine = (self.throughline = {
  isWhole: !rest,
  loadRest(first) {
    if (engine.isWhole) return;
    compiled ??= compileNow();
    new WebAssembly.Instance(compiled, { p: first });
    engine.isWhole = true;
  },
});

// Rust cannot wait, so this one blocks; nobody but the engine does. The address differs, as a cache may make a second request
// wait for the first.
const compileNow = () => {
  const request = new XMLHttpRequest();
  request.open("GET", `${rest}${version}&now`, false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw new Error(`${rest}: ${request.status} ${request.statusText}`);
  return new WebAssembly.Module(request.response);
};

const fetchRest = async () => {
  const answer = await fetch(`${rest}${version}`, { priority: "low" });
  if (answer.ok) compiled ??= await WebAssembly.compile(await answer.arrayBuffer());
};

importScripts(`throughline_worker.js${version}`);
const started = wasm_bindgen({ module_or_path: `throughline_worker_bg.wasm${version}` });
started.then(async (first) => {
  // A first run, which does without, comes first.
  await new Promise((then) => setTimeout(then, 1000));
  if (engine.isWhole) return;
  // Where this fails, whoever needs the rest asks for it once more, and tells why it does not come.
  await fetchRest().catch(() => {});
  if (compiled) engine.loadRest(first);
});
