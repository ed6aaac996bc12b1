// The app that an Electron binary runs when it is given a folder: `electron [-r MODULE]… FOLDER`. Electron brings one of its
// own; the development runtime does not, and Playwright needs its loader to be run first.
const { app } = require('electron');
const Module = require('node:module');
const path = require('node:path');

const args = process.argv.slice(1);
let folder;
for (let n = 0; n < args.length; n += 1) {
  if (args[n] === '-r' || args[n] === '--require') {
    n += 1;
    Module._preloadModules([args[n]]);
  } else if (!args[n].startsWith('-')) {
    folder = path.resolve(args[n]);
    break;
  }
}
const manifest = require(path.join(folder, 'package.json'));
app.setVersion(manifest.version);
app.setName(manifest.productName ?? manifest.name);
app.setAppPath(folder);
Module._load(path.join(folder, manifest.main), Module, true);
