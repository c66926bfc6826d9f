/** Which tokens a JSON schema allows next: the same grammar library as WebLLM's, so that the masks are equal. */
import type * as XGrammar from '@mlc-ai/web-xgrammar';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface Grammar {
  /** One bit per token, from the lowest bit of the first word. */
  allowed(): Promise<Int32Array>;
  /** False where the token was not allowed. */
  accept(id: number): boolean;
  dispose(): void;
}

/** Compiles grammars for one vocabulary; the library (1.1 MB) is loaded at the first schema. */
export interface Grammars {
  /** Fails with `schema_unsupported`, or `runtime_failed` where the library cannot be had. */
  open(schema: string): Promise<Result<Grammar>>;
}

export type GrammarLibrary = typeof XGrammar;

interface Compiler {
  library: GrammarLibrary;
  compiler: XGrammar.GrammarCompiler;
}

export function createGrammars(
  vocabulary: Vocabulary,
  stopIds: readonly number[],
  importLibrary: () => Promise<GrammarLibrary>,
): Grammars {
  let ready: Promise<Compiler> | null = null;
  const prepare = async () => {
    const library = await importLibrary();
    const table = vocabulary.table();
    const info = await library.TokenizerInfo.createTokenizerInfo(
      table,
      'byte_level',
      false,
      table.length,
      [...stopIds],
    );
    return { library, compiler: await library.GrammarCompiler.createGrammarCompiler(info) };
  };
  return {
    open: async (schema) => {
      const prepared = await (ready ??= prepare()).catch(String);
      if (typeof prepared === 'string') {
        ready = null;
        return fail('runtime_failed', `The grammar library did not start: ${prepared}.`);
      }
      const { library, compiler } = prepared;
      try {
        // One line, as in ../grammar.ts: the masks of both runtimes are equal.
        const compiled = await compiler.compileJSONSchema(schema, false, -1);
        const matcher = await library.GrammarMatcher.createGrammarMatcher(compiled);
        return ok({
          allowed: () => matcher.getNextTokenBitmask(),
          accept: (id) => matcher.acceptToken(id),
          dispose: () => {
            matcher.dispose();
            compiled.dispose();
          },
        });
      } catch (cause) {
        return fail('schema_unsupported', `The schema cannot be enforced: ${String(cause)}.`);
      }
    },
  };
}

/** The library is a script of the kind that puts its exports into a global where it is imported as a module. */
export async function importGrammarLibrary(): Promise<GrammarLibrary> {
  const imported: Partial<GrammarLibrary> = await import('@mlc-ai/web-xgrammar');
  if (imported.GrammarCompiler) return imported;
  const { xgrammar } = globalThis as { xgrammar?: GrammarLibrary };
  if (!xgrammar) throw new Error('it exports nothing');
  return xgrammar;
}
