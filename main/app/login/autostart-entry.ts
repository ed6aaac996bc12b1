/**
 * The text of an autostart file, as freedesktop.org's Desktop Entry Specification wants it: `%` begins a field code, and within
 * quotes four characters are escaped, by a backslash that the file's own escaping doubles.
 */
export function autostartEntry(command: readonly string[]): string {
  const quoted = command.map((word) => {
    const escaped = word.replace(/["`$\\]/g, '\\$&').replaceAll('\\', '\\\\');
    return `"${escaped.replaceAll('%', '%%')}"`;
  });
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Signalbox',
    'Comment=Your own machine as a Semaphore agent',
    `Exec=${quoted.join(' ')}`,
    'Icon=signalbox',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}
