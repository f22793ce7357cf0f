/** Generated TypeScript as the JavaScript of a service that compiles none. */
import { createRequire } from 'node:module'
import type * as TypeScript from 'typescript'
import type { Language } from './file.js'
import { HEADER } from './text.js'

/** @returns path and text of the file in the language of the service */
export function inLanguage(path: string, text: string, language: Language): [path: string, text: string] {
  if (language === 'typescript' || !path.endsWith('.ts')) return [path, text]
  return [path.replace(/\.ts$/, '.js'), HEADER + withoutTypes(text.slice(HEADER.length), language)]
}

function withoutTypes(text: string, language: Exclude<Language, 'typescript'>): string {
  // Loaded only here: few services are JavaScript, and every plan comes by.
  const ts = createRequire(import.meta.url)('typescript') as typeof TypeScript
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      module: language === 'commonjs' ? ts.ModuleKind.CommonJS : ts.ModuleKind.ES2022,
      target: ts.ScriptTarget.ES2022,
      // It brings helpers along, which only `import express from 'express'` needs.
      esModuleInterop: /^import \w+(?:,| from)/m.test(text),
    },
  })
  // The compiler leaves empty lines out.
  return indented(outputText, ts).replace(/^( *)(\}|\]|\};|\];)\n(?=\1(?:\/\*\*|\/\/|\w))/gm, '$1$2\n\n')
}

/** With two blanks a step, as what is generated in TypeScript, where the compiler writes four; texts stay as they are. */
function indented(text: string, ts: typeof TypeScript): string {
  const texts: { from: number; to: number }[] = []
  const visit = (node: TypeScript.Node): void => {
    if (ts.isTemplateLiteralToken(node)) texts.push({ from: node.getStart(file), to: node.end })
    ts.forEachChild(node, visit)
  }
  const file = ts.createSourceFile('generated.js', text, ts.ScriptTarget.ES2022)
  visit(file)
  const isInText = (offset: number): boolean => texts.some(({ from, to }) => from < offset && offset < to)
  return text.replace(/^(?: {4})+/gm, (blanks, offset: number) =>
    isInText(offset) ? blanks : blanks.slice(blanks.length / 2),
  )
}
