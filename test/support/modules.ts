/** What a module's source refers to, read by TypeScript's own parser. */
import ts from 'typescript-api';

/** Every module that the source names: imports and exports from, type-only ones too, and `import()` of a literal. */
export function importsOf(source: string): string[] {
  return ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** Every module that the source takes more from than types. */
export function valueImportsOf(source: string): string[] {
  const { statements } = ts.createSourceFile('module.ts', source, ts.ScriptTarget.Latest);
  const withoutTypes = statements.filter((statement) => !takesTypesOnly(statement));
  return importsOf(withoutTypes.map((statement) => source.slice(statement.pos, statement.end)).join('\n'));
}

function takesTypesOnly(statement: ts.Statement): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  if (!ts.isImportDeclaration(statement) || !statement.importClause) return false;
  const { isTypeOnly, name, namedBindings } = statement.importClause;
  if (isTypeOnly) return true;
  if (name || !namedBindings || !ts.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.length > 0 && namedBindings.elements.every((element) => element.isTypeOnly);
}

/** Which members of `process` the source uses, such as `env`: by property, index, destructuring or import. */
export function processMembersOf(source: string): Set<string> {
  const members = new Set<string>();
  const visit = (node: ts.Node): void => {
    for (const name of membersAt(node)) members.add(name);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('module.ts', source, ts.ScriptTarget.Latest, true));
  return members;
}

function membersAt(node: ts.Node): string[] {
  if (ts.isPropertyAccessExpression(node) && isProcess(node.expression)) return [node.name.text];
  if (ts.isElementAccessExpression(node) && isProcess(node.expression)) {
    const { argumentExpression: key } = node;
    return ts.isStringLiteralLike(key) ? [key.text] : [];
  }
  if (ts.isVariableDeclaration(node) && node.initializer && isProcess(node.initializer)) {
    return ts.isObjectBindingPattern(node.name) ? node.name.elements.map(nameOf) : [];
  }
  if (ts.isImportDeclaration(node) && /^['"](node:)?process['"]$/.test(node.moduleSpecifier.getText())) {
    const bindings = node.importClause?.namedBindings;
    return bindings && ts.isNamedImports(bindings) ? bindings.elements.map(nameOf) : [];
  }
  return [];
}

/** `process`, also as `globalThis.process` and in parentheses or casts. */
function isProcess(node: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return isProcess(node.expression);
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'process';
  return ts.isIdentifier(node) && node.text === 'process';
}

/** The name before a rename: `env` in `{ env: settings }` and in `{ env as settings }`. */
function nameOf(element: ts.BindingElement | ts.ImportSpecifier): string {
  return (element.propertyName ?? element.name).getText();
}

/** The circles among modules that import each other, each as the list of its modules. */
export function circlesOf(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const visit = (module: string, trail: readonly string[]): void => {
    const start = trail.indexOf(module);
    if (start >= 0) circles.push(trail.slice(start));
    if (start >= 0 || done.has(module)) return;
    for (const target of imports.get(module) ?? []) visit(target, [...trail, module]);
    done.add(module);
  };
  for (const module of imports.keys()) visit(module, []);
  return circles;
}

/** The names that the source declares and exports. */
export function exportedNamesOf(source: string): string[] {
  const { statements } = ts.createSourceFile('module.ts', source, ts.ScriptTarget.Latest, true);
  return statements.filter(isExported).flatMap(declaredNamesOf);
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function declaredNamesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name)
        ? [name.text]
        : name.elements.flatMap((one) => (ts.isBindingElement(one) ? [one.name.getText()] : [])),
    );
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name ? [statement.name.text] : [];
}

/** How many casts the module has: `as`, all but `as const`. */
export function castsIn(path: string, source: string): number {
  let casts = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isAsExpression(node) && !ts.isConstTypeReference(node.type)) casts++;
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true));
  return casts;
}
