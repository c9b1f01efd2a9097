// `npm run pack`: the packages that are published, as directories and tarballs in dist-packages/.
//   signalbox          client and worker, for Node, Bun, Deno and browsers: ESM and CommonJS, types for both
//   signalbox-server   the server: its command line, and to be mounted in an application
// Source maps come apart, in dist-packages/source-maps/.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { lock } from './lock.mjs';
import { ensureBuilt, filesBelow, hashFiles, readStamp, writeStamp } from './prepare.mjs';
import { root, run, runScript } from './run.mjs';

const OUT = join(root, 'dist-packages');
const MAPS = join(OUT, 'source-maps');
const ENTRIES = { client: 'index', worker: 'worker/index', react: 'react/index' };
/** For the build of pages: what their GraphQL clients and code generators read. */
const SCHEMA = ['schema.graphql', 'possible-types.json'];
/** Of the package of the server, which tests need besides. */
const TESTING = 'signalbox-server/testing';
/** Loaded on Node alone, and installed beside; all else that the SDK needs is bundled. */
const INSTALLED = ['ws', 'undici'];
const BUNDLED = ['graphql-ws', 'eventsource-parser'];

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

await runScript(async () => {
  await ensureBuilt();
  await lock('pack', async () => {
    const stamp = join(OUT, '.stamp');
    const wanted = hashOfInputs();
    const [hash, ...packed] = readStamp(stamp)?.split('\n') ?? [];
    if (hash !== wanted) {
      rmSync(OUT, { recursive: true, force: true });
      await writeSdk(join(OUT, 'signalbox'));
      await writeServer(join(OUT, 'signalbox-server'));
      packed.splice(0);
      for (const name of ['signalbox', 'signalbox-server']) packed.push(await packUp(name));
      writeStamp(stamp, [wanted, ...packed].join('\n'));
    }
    console.log(packed.join('\n'));
  });
});

/** Of all that the packages are made from; the build has a stamp of its own. */
function hashOfInputs() {
  return hashFiles([
    ...['dist/.stamp', 'package.json', 'LICENSE', 'README.md', 'sdk-documents.json', ...SCHEMA],
    ...['scripts/pack.mjs', 'scripts/dump-database.mjs', ...filesBelow('prisma')],
  ]);
}

async function writeSdk(directory) {
  await bundle(join(directory, 'dist'));
  moveMaps(join(directory, 'dist'), join(MAPS, 'signalbox'));
  markForBrowsers(join(directory, 'dist'));
  writeTypes(join(directory, 'types'));
  writeTesting(directory);
  // The same declarations once more, in a place where the compiler takes them for CommonJS.
  cpSync(join(directory, 'types'), join(directory, 'types-cjs'), { recursive: true });
  write(join(directory, 'types-cjs/package.json'), json({ type: 'commonjs' }));
  write(join(directory, 'THIRD-PARTY-LICENSES.md'), licences());
  copyInto(directory, ['LICENSE', 'README.md', ...SCHEMA]);
  write(join(directory, 'package.json'), json(sdkManifest()));
}

function sdkManifest() {
  const { version, license, engines, dependencies } = manifest;
  const exports = Object.fromEntries(
    Object.entries({ ...ENTRIES, testing: 'testing' }).map(([name, entry]) => [
      `./${name}`,
      {
        import: { types: `./types/${entry}.d.ts`, default: `./dist/${name}.js` },
        require: { types: `./types-cjs/${entry}.d.ts`, default: `./dist/${name}.cjs` },
      },
    ]),
  );
  return {
    name: 'signalbox',
    version,
    description: 'Client and worker of Signalbox: submit jobs, watch them live, do them.',
    license,
    type: 'module',
    sideEffects: false,
    engines,
    exports: {
      ...exports,
      ...Object.fromEntries(SCHEMA.map((name) => [`./${name}`, `./${name}`])),
      './package.json': './package.json',
    },
    browser: Object.fromEntries(INSTALLED.map((name) => [name, false])),
    peerDependencies: { react: '>=18', 'signalbox-server': version },
    peerDependenciesMeta: { react: { optional: true }, 'signalbox-server': { optional: true } },
    dependencies: Object.fromEntries(INSTALLED.map((name) => [name, dependencies[name]])),
  };
}

async function bundle(outDir) {
  const { build } = await import('vite');
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    plugins: [importDocuments()],
    build: {
      outDir,
      target: 'es2022',
      minify: false,
      sourcemap: 'hidden',
      lib: {
        entry: Object.fromEntries(
          Object.entries(ENTRIES).map(([name, entry]) => [name, join(root, `src/client/${entry}.ts`)]),
        ),
        formats: ['es', 'cjs'],
        fileName: (format, name) => `${name}.${format === 'es' ? 'js' : 'cjs'}`,
      },
      rollupOptions: { external: [...INSTALLED, 'react', /^node:/] },
    },
  });
}

/**
 * Makes an operation that is written down an import of what was generated of it, so that a bundle has the operations that
 * it sends, and not all that there are.
 */
function importDocuments() {
  return {
    name: 'import-documents',
    enforce: 'pre',
    transform(code, id) {
      const path = id.replaceAll('\\', '/');
      if (path.endsWith('/generated/graphql.ts')) {
        const pure = code.replaceAll(
          '= new TypedDocumentString(',
          '= /* @__PURE__ */ new TypedDocumentString(',
        );
        return { code: pure, map: null };
      }
      // Written once more into the bundle.
      if (code.startsWith("'use client';")) return { code: code.replace("'use client';", ''), map: null };
      if (!path.includes('/src/client/') || !code.includes('graphql(`')) return undefined;
      const names = [];
      const replaced = code.replace(/\bgraphql\(`\s*(\w+)\s+(\w+)[^`]*`\)/g, (_call, kind, name) => {
        names.push(`${name}${kind === 'fragment' ? 'FragmentDoc' : 'Document'}`);
        return names.at(-1);
      });
      const imported = replaced.replace(
        /import \{ graphql \} from '(.*)\/index\.ts';/,
        (_import, generated) => `import { ${names.join(', ')} } from '${generated}/graphql.ts';`,
      );
      return { code: imported, map: null };
    },
  };
}

/** Frameworks that render on a server ask for this line before hooks; bundling drops it, with a warning where it is found. */
function markForBrowsers(directory) {
  for (const name of ['react.js', 'react.cjs']) {
    const file = join(directory, name);
    writeFileSync(file, `'use client';\n${readFileSync(file, 'utf8')}`);
  }
}

/** The declarations that the entries lead to. */
function writeTypes(directory) {
  const left = Object.values(ENTRIES).map((entry) => `${entry}.d.ts`);
  const done = new Set();
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (done.has(path)) continue;
    done.add(path);
    const text = readFileSync(join(root, 'dist/client', path), 'utf8').replace(
      // All that is needed of that package.
      /import (?:type )?\{ DocumentTypeDecoration \} from '@graphql-typed-document-node\/core';/,
      'interface DocumentTypeDecoration<TResult, TVariables> { __apiType?: (variables: TVariables) => TResult }',
    );
    const relative = /((?:from |import\()['"]\.[^'"]+)\.ts(['"])/g;
    write(join(directory, path), text.replace(relative, '$1.js$2'));
    for (const [, specifier] of text.matchAll(/(?:from |import\()['"](\.[^'"]+)\.ts['"]/g)) {
      left.push(posix.join(posix.dirname(path), `${specifier}.d.ts`));
    }
  }
}

/** Loads the server's package where a test asks for it. */
function writeTesting(directory) {
  write(join(directory, 'types/testing.d.ts'), `export * from '${TESTING}';\n`);
  write(join(directory, 'dist/testing.js'), `export * from '${TESTING}';\n`);
  write(join(directory, 'dist/testing.cjs'), `module.exports = require('${TESTING}');\n`);
}

async function writeServer(directory) {
  cpSync(join(root, 'dist'), join(directory, 'dist'), {
    recursive: true,
    filter: (path) => !path.endsWith('.stamp'),
  });
  moveMaps(join(directory, 'dist'), join(MAPS, 'signalbox-server'));
  const dump = join(directory, 'dist/memory-database.tar.gz');
  await run('Dumping a migrated database', process.execPath, [join(root, 'scripts/dump-database.mjs'), dump]);
  copyInto(directory, ['LICENSE', 'README.md', 'prisma', ...SCHEMA, 'sdk-documents.json']);
  const { version, license, engines, bin, dependencies } = manifest;
  write(
    join(directory, 'package.json'),
    json({
      name: 'signalbox-server',
      version,
      description: manifest.description,
      license,
      type: 'module',
      engines,
      bin,
      exports: {
        '.': { types: './dist/mount/index.d.ts', default: './dist/mount/index.js' },
        './testing': { types: './dist/testing/index.d.ts', default: './dist/testing/index.js' },
        './package.json': './package.json',
      },
      dependencies,
    }),
  );
}

/** Moves source maps out of a package, and the lines that name them. */
function moveMaps(directory, to) {
  for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const file = join(directory, path);
    if (path.endsWith('.map')) {
      mkdirSync(dirname(join(to, path)), { recursive: true });
      renameSync(file, join(to, path));
    } else if (/\.(c?js)$/.test(path)) {
      writeFileSync(file, readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n'));
    }
  }
}

function licences() {
  const parts = BUNDLED.map((name) => {
    const directory = join(root, 'node_modules', name);
    const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
    return `## ${name}\n\n${readFileSync(join(directory, file), 'utf8').trim()}\n`;
  });
  return `# Licenses of what is bundled\n\n${parts.join('\n')}`;
}

/** Writes a tarball beside the directory. @returns how large it is, for people */
async function packUp(name) {
  const directory = join(OUT, name);
  const printed = await run(
    `Packing ${name}`,
    'npm',
    ['pack', directory, '--json', '--pack-destination', OUT],
    {
      cwd: OUT,
    },
  );
  const [{ filename, size, unpackedSize, entryCount }] = JSON.parse(printed);
  return `${filename}: ${kilobytes(size)}, ${kilobytes(unpackedSize)} unpacked, ${entryCount} files`;
}

function kilobytes(bytes) {
  return `${Math.ceil(bytes / 1_000)} KB`;
}

function copyInto(directory, names) {
  for (const name of names) {
    const from = join(root, name);
    if (existsSync(from)) cpSync(from, join(directory, name), { recursive: statSync(from).isDirectory() });
  }
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}
