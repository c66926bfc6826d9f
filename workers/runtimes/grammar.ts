/** Which tokens a JSON schema allows next, by XGrammar. Shared by the runtimes that see a model's logits. */
import type * as XGrammar from '@mlc-ai/web-xgrammar';
import { fail, ok, type Result } from '../../src/core/failure.ts';

export interface GrammarVocabulary {
  /** As the tokenizer writes them, by id. */
  tokens: string[];
  /** How the tokenizer writes bytes: `byte_level`, `byte_fallback` or `raw`. */
  method: string;
  /** Length of the logits, which may be more than there are tokens. */
  logits: number;
  /** Allowed where the value is complete. */
  stopIds: number[];
}

export interface Grammar {
  /** One bit per token, from the lowest bit of the first word. */
  allowed(): Promise<Int32Array>;
  /** The token that was taken. */
  accept(id: number): void;
  dispose(): void;
}

export interface Grammars {
  /** Fails with `schema_unsupported`. */
  open(schema: string): Promise<Result<Grammar>>;
}

/** The library (1 MB) is fetched at the first schema; the table of tokens is read once. */
export function createGrammars(vocabulary: () => GrammarVocabulary): Grammars {
  let ready: Promise<Ready> | null = null;
  return {
    open: async (schema) => {
      const { library, compiler } = await (ready ??= prepare(vocabulary()));
      try {
        // One line with `, ` and `: `. Free white space costs a small model its tokens, and some never find out of it.
        const grammar = await compiler.compileJSONSchema(schema, false, -1);
        const matcher = await library.GrammarMatcher.createGrammarMatcher(grammar);
        grammar.dispose();
        return ok({
          allowed: () => matcher.getNextTokenBitmask(),
          accept: (id) => void matcher.acceptToken(id),
          dispose: () => matcher.dispose(),
        });
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        return fail('schema_unsupported', `The schema cannot be enforced: ${why}`);
      }
    },
  };
}

interface Ready {
  library: typeof XGrammar;
  compiler: XGrammar.GrammarCompiler;
}

async function prepare({ tokens, method, logits, stopIds }: GrammarVocabulary): Promise<Ready> {
  const library = await importLibrary();
  const { TokenizerInfo, GrammarCompiler } = library;
  const info = await TokenizerInfo.createTokenizerInfo(tokens, method, false, logits, stopIds);
  return { library, compiler: await GrammarCompiler.createGrammarCompiler(info) };
}

/** The library is a script of the kind that puts its exports into a global where it is imported as a module. */
async function importLibrary(): Promise<typeof XGrammar> {
  const imported: typeof XGrammar | object = await import('@mlc-ai/web-xgrammar');
  if ('GrammarCompiler' in imported) return imported;
  const { xgrammar } = globalThis as { xgrammar?: typeof XGrammar };
  if (!xgrammar) throw new Error('the grammar library did not load');
  return xgrammar;
}
