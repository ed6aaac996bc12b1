import { parseSync } from 'vite';

const isTypes = ({ importKind, exportKind }) => importKind === 'type' || exportKind === 'type';

/** The kinds of syntax that name a module, with where the name stands and whether types alone are taken from it. */
const IMPORTS = {
  ImportDeclaration: (node) => ({
    name: node.source,
    typesOnly: isTypes(node) || (node.specifiers.length > 0 && node.specifiers.every(isTypes)),
  }),
  ExportNamedDeclaration: (node) => ({
    name: node.source,
    typesOnly: isTypes(node) || (node.specifiers.length > 0 && node.specifiers.every(isTypes)),
  }),
  ExportAllDeclaration: (node) => ({ name: node.source, typesOnly: isTypes(node) }),
  ImportExpression: (node) => ({ name: node.source, typesOnly: false }),
  TSImportType: (node) => ({ name: node.source, typesOnly: true }),
  TSExternalModuleReference: (node) => ({ name: node.expression, typesOnly: false }),
  CallExpression: ({ callee, arguments: [name] }) => ({
    name: callee.type === 'Identifier' && callee.name === 'require' ? name : undefined,
    typesOnly: false,
  }),
};

/** Every import of a file: what is asked for, at which offset, and whether types alone are. Throws where it cannot be parsed. */
export function importsOf(file, source) {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0].message}`);
  const found = [];
  walk(program, (node) => {
    const { name, typesOnly } = IMPORTS[node.type]?.(node) ?? {};
    // A name that is put together while the program runs is none that a rule could know: it is shown as it stands.
    if (name) found.push({ request: name.value ?? source.slice(name.start, name.end), offset: name.start, typesOnly });
  });
  return found;
}

function walk(node, visit) {
  if (typeof node?.type === 'string') visit(node);
  for (const child of Object.values(node)) if (typeof child === 'object' && child !== null) walk(child, visit);
}
