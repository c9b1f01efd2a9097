/** What a TypeScript file exports, by the compiler's own parser. */

import type compiler from 'typescript-api';

/** Returns the names that a file's text exports, in order; `default` for a default export, none for `export *`. */
export type SymbolReader = (fileName: string, text: string) => string[];

/** Loads the compiler: some hundred milliseconds, so only where there is TypeScript to read. */
export async function loadSymbolReader(): Promise<SymbolReader> {
  const { default: ts } = await import('typescript-api');
  return (fileName, text) => {
    const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, false);
    return [...new Set(source.statements.flatMap((statement) => exportsOf(ts, statement)))];
  };
}

function exportsOf(ts: typeof compiler, statement: compiler.Statement): string[] {
  if (ts.isExportAssignment(statement)) return ['default'];
  if (ts.isExportDeclaration(statement)) {
    const clause = statement.exportClause;
    if (!clause) return [];
    return ts.isNamespaceExport(clause) ? [clause.name.text] : clause.elements.map(({ name }) => name.text);
  }
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  const has = (kind: compiler.SyntaxKind) => modifiers.some((modifier) => modifier.kind === kind);
  if (!has(ts.SyntaxKind.ExportKeyword)) return [];
  if (has(ts.SyntaxKind.DefaultKeyword)) return ['default'];
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => namesOf(ts, name));
  }
  // Functions, classes, interfaces, types, enums, namespaces: all that is left and has a name.
  const { name } = statement as compiler.DeclarationStatement;
  return name && ts.isIdentifier(name) ? [name.text] : [];
}

/** `const { a, b: [c] } = …` declares a and c. */
function namesOf(ts: typeof compiler, name: compiler.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOf(ts, element.name) : []));
}
