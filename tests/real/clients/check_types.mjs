/**
 * Compile a generated TypeScript client, and list the properties of its exported types.
 *
 * `node check_types.mjs FOLDER OPTIONS FILE…` needs `typescript` in the working directory. OPTIONS
 * are compiler options in JSON. The types come from the FILEs, which lie in the FOLDER. It prints
 * JSON: `errors` of the compiler, and `properties` with `path`, `isEmpty` and `isNullable`.
 */

import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import process from "node:process";

const ts = createRequire(join(process.cwd(), "package.json"))("typescript");
const [folder, options, ...names] = process.argv.slice(2);
const files = names.map((name) => resolve(folder, name));

function compile() {
  const all = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".ts"));
  const converted = ts.convertCompilerOptionsFromJson(JSON.parse(options), folder);
  return ts.createProgram(
    all.map((name) => resolve(folder, name)),
    converted.options,
  );
}

function describe(diagnostic) {
  const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
  if (!diagnostic.file) return text;
  const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
  return `${diagnostic.file.fileName}:${line + 1}: ${text}`;
}

/** Return the types of the members of a union, without null and undefined. */
function present(checker, type) {
  const found = checker.getNonNullableType(type);
  return found.isUnion() ? found.types : [found];
}

function isNullable(type) {
  return (type.isUnion() ? type.types : [type]).some((each) => each.flags & ts.TypeFlags.Null);
}

/** Return true if any value fits: `any`, `unknown`, `{}`, `object` and maps of those. */
function isEmpty(checker, type) {
  const vague = ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive;
  if (type.flags & vague) return true;
  if (!(type.flags & ts.TypeFlags.Object) || checker.isArrayType(type)) return false;
  const values = checker.getIndexInfosOfType(type).map((info) => info.type);
  const known = [...type.getProperties(), ...type.getCallSignatures()];
  if (known.length) return false;
  return values.every((value) => value.flags & ts.TypeFlags.Never || isEmpty(checker, value));
}

/** Yield each property of a type, and those of its anonymous types. */
function* walk(checker, type, path, roots, seen) {
  if (seen.has(type)) return;
  seen.add(type);
  for (const property of type.getProperties()) {
    const found = checker.getTypeOfSymbol(property);
    const here = [...path, property.getName()];
    const types = present(checker, found).flatMap((each) =>
      checker.isArrayType(each) ? present(checker, checker.getTypeArguments(each)[0]) : [each],
    );
    const empty = types.some((each) => isEmpty(checker, each));
    yield { path: here.join("."), isEmpty: empty, isNullable: isNullable(found) };
    for (const each of types) {
      const isAnonymous = each.flags & ts.TypeFlags.Object && !roots.has(each);
      const declared = each.symbol?.declarations?.[0]?.getSourceFile().fileName;
      if (isAnonymous && files.includes(declared)) yield* walk(checker, each, here, roots, seen);
    }
  }
}

function* propertiesOf(program) {
  const checker = program.getTypeChecker();
  const modules = files.map((file) => checker.getSymbolAtLocation(program.getSourceFile(file)));
  const kinds = ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias;
  const symbols = modules
    .flatMap((module) => checker.getExportsOfModule(module))
    .filter((symbol) => symbol.flags & kinds);
  const roots = new Map(symbols.map((each) => [checker.getDeclaredTypeOfSymbol(each), each]));
  const seen = new Set();
  for (const [type, symbol] of roots) {
    yield { path: symbol.getName(), isEmpty: isEmpty(checker, type), isNullable: isNullable(type) };
    for (const each of present(checker, type)) {
      if (each.flags & ts.TypeFlags.Object) {
        yield* walk(checker, each, [symbol.getName()], roots, seen);
      }
    }
  }
}

const program = compile();
const errors = ts.getPreEmitDiagnostics(program).map(describe);
process.stdout.write(JSON.stringify({ errors, properties: [...propertiesOf(program)] }));
