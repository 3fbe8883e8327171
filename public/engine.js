// Loads the engine in its worker. The page's version stands in the address of this script and goes on to the files that
// it loads, so that a cache never mixes versions.
const version = self.location.search;
importScripts(`throughline_worker.js${version}`);
wasm_bindgen({ module_or_path: `throughline_worker_bg.wasm${version}` });
