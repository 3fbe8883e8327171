// Starts the page: the one script that is not generated. Trunk.toml says how it learns the names.
const { app, wasm } = document.querySelector("script[data-app]").dataset;
const here = new URL(document.baseURI);

try {
  const { default: start } = await import(new URL(app, here));
  await start({ module_or_path: new URL(wasm, here) });
} catch (error) {
  console.error(error);
  const notice = document.getElementById("boot");
  notice.textContent =
    "Throughline could not start here. It needs a browser with WebAssembly (any of the last years), and all of its files. " +
    "Your saved work is untouched. What the browser says: " + error;
  notice.hidden = false;
}
