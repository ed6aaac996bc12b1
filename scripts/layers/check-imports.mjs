import { builtinModules } from 'node:module';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { importsOf } from './imports-of.mjs';
import { LAYERS, PACKAGES, TEST_FILES, TEST_LAYERS, TEST_PACKAGES } from './rules.mjs';

/** The forbidden imports of one file: lines with place, import, and where such code belongs. `file` is relative to the root. */
export function forbiddenImports(file, source) {
  const layer = layerOf(file);
  if (!layer) return [];
  const isTest = TEST_FILES.test(file);
  return importsOf(file, source)
    .map(({ request, typesOnly, offset }) => ({
      request,
      offset,
      why: whyNot({ file, layer, isTest, request, typesOnly }),
    }))
    .filter(({ why }) => why)
    .map(({ request, offset, why }) => `${file}:${lineOf(source, offset)} imports ${request}: ${why}`);
}

function layerOf(file) {
  const path = file.split(sep).join('/');
  return LAYERS.filter(({ folder }) => path.startsWith(folder)).sort((a, b) => b.folder.length - a.folder.length)[0];
}

function whyNot({ file, layer, isTest, request, typesOnly }) {
  const hint = layer.hint ? ` (${layer.hint})` : '';
  if (request.startsWith('.')) {
    const target = layerOf(relative('.', normalize(join(dirname(file), request))));
    if (!target) return request.endsWith('package.json') ? undefined : `it lies outside of every layer${hint}`;
    if (target === layer || layer.layers.includes(target.name)) return undefined;
    if (isTest && [...TEST_LAYERS, ...(layer.testLayers ?? [])].includes(target.name)) return undefined;
    if (typesOnly && layer.typesOnly?.includes(target.name)) return undefined;
    return `${layer.name} may not import ${target.name}${hint}`;
  }
  if (request.startsWith('node:') || builtinModules.includes(request)) {
    return layer.kinds.includes('node') || isTest ? undefined : `${layer.name} may not import Node's modules${hint}`;
  }
  const name = request
    .split('/')
    .slice(0, request.startsWith('@') ? 2 : 1)
    .join('/');
  if (isTest && TEST_PACKAGES.includes(name)) return undefined;
  const kind = PACKAGES[name];
  if (!kind) return `the package ${name} is not classified: say in scripts/layers/rules.mjs where it can run`;
  return layer.kinds.includes(kind) ? undefined : `${layer.name} may not import packages of the kind ${kind}${hint}`;
}

function lineOf(source, offset) {
  return source.slice(0, offset).split('\n').length;
}
