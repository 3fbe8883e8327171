// Starts the page: the one script that is not generated. Trunk.toml says how it learns the names.
const { app, wasm, rest, version } = document.querySelector("script[data-app]").dataset;
const here = new URL(document.baseURI);

const compile = async (name, options) => {
  const answer = await fetch(new URL(name, here), options);
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${answer.statusText}`);
  // Not all static hosts know the type, and streaming is for this one alone.
  return answer.headers.get("Content-Type") === "application/wasm"
    ? WebAssembly.compileStreaming(answer)
    : WebAssembly.compile(await answer.arrayBuffer());
};

// What the first diagram does not need is a second module, if the build has parted the two: its functions go into the table
// of the first one, which calls `loadRest` when it needs them before they are there.
let compiled;
const waiting = [];
const page = (globalThis.throughline = {
  isWhole: !rest,
  onceWhole(then) {
    if (page.isWhole) then();
    else waiting.push(then);
  },
  // There is but one besides the first.
  loadRest(number, first) {
    if (page.isWhole) return;
    compiled ??= compileRestNow();
    new WebAssembly.Instance(compiled, { p: first });
    page.isWhole = true;
    for (const then of waiting) queueMicrotask(then);
  },
  // The worker that was started ahead, if there is one; what it has said by now is said again.
  takeWorker() {
    const worker = ahead;
    ahead = undefined;
    taken = true;
    queueMicrotask(() => {
      for (const event of said) worker?.[`on${event.type}`]?.(event);
    });
    return worker;
  },
});

// The engine's code comes while the page still loads the rest of its own.
let ahead;
let taken = false;
const said = [];
const startWorker = () => {
  if (taken) return;
  try {
    ahead = new Worker(new URL(`engine.js?v=${version}`, here));
    ahead.onmessage = ahead.onerror = (event) => void said.push(event);
  } catch {
    // The page starts its own, and says why where it cannot.
  }
};

let coming;
const compileRest = () =>
  (coming ??= compile(rest, { priority: "low" }).then(
    (module) => void (compiled ??= module),
    (error) => {
      coming = undefined;
      throw error;
    },
  ));

// Rust cannot wait, so this one blocks. The address differs, as a cache may make a second request wait for the first.
const compileRestNow = () => {
  const request = new XMLHttpRequest();
  request.open("GET", new URL(`${rest}?now`, here), false);
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`${rest}: ${request.status} ${request.statusText}`);
  const text = request.responseText;
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
  return new WebAssembly.Module(bytes);
};

const isFirstVisit = () => {
  try {
    return !location.hash && localStorage.length === 0;
  } catch {
    return true; // This browser keeps nothing.
  }
};

const ask = async (first) => {
  while (!page.isWhole) {
    try {
      await compileRest();
      page.loadRest(1, first);
    } catch (error) {
      console.warn("Throughline asks for the rest of its code again:", error);
      await new Promise((again) => setTimeout(again, 3000));
    }
  }
};

try {
  const script = import(new URL(app, here));
  // The first part is what a first visit needs. A link, or work that was kept, may need anything.
  const all = rest && !isFirstVisit() ? compileRest() : undefined;
  const module = await compile(wasm);
  // Nothing of the first diagram is still on its way; a worker starts beside the page, and Run will ask for it.
  if (rest) startWorker();
  if (rest && !all) compileRest().catch(() => {});
  await all;
  const { default: start } = await script;
  const first = await start({ module_or_path: module });
  if (rest) ask(first);
} catch (error) {
  console.error(error);
  const notice = document.getElementById("boot");
  notice.textContent =
    "Throughline could not start here. It needs a browser with WebAssembly (any of the last years), and all of its files. " +
    "Your saved work is untouched. What the browser says: " + error;
  notice.hidden = false;
}
