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
  /** Fails with `schema_unsupported`. */
  open(schema: string): Promise<Result<Grammar>>;
}

export function createGrammars(vocabulary: Vocabulary, stopIds: readonly number[]): Grammars {
  let ready: Promise<{ library: typeof XGrammar; compiler: XGrammar.GrammarCompiler }> | null =
    null;
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
      const { library, compiler } = await (ready ??= prepare());
      try {
        const compiled = await compiler.compileJSONSchema(schema);
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
async function importLibrary(): Promise<typeof XGrammar> {
  const imported: Partial<typeof XGrammar> = await import('@mlc-ai/web-xgrammar');
  if (imported.GrammarCompiler) return imported as typeof XGrammar;
  const { xgrammar } = globalThis as { xgrammar?: typeof XGrammar };
  if (!xgrammar) throw new Error('the grammar library did not load');
  return xgrammar;
}
