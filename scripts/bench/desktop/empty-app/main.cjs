// As little as an app in the tray with a process of its own can be: what ours is measured against.
const { join } = require('node:path');
const { app, nativeImage, Tray, utilityProcess } = require('electron');

let tray;
app.on('window-all-closed', () => undefined);
app.whenReady().then(() => {
  tray = new Tray(
    nativeImage.createFromDataURL(
      'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    ),
  );
  tray.setToolTip('Empty');
  utilityProcess.fork(join(__dirname, 'idle.cjs'));
});
