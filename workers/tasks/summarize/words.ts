/** Words of a text for counting: lower case, letters and digits. */

const WORD = /[\p{L}\p{M}\d]+(?:['’.,/-][\p{L}\p{M}\d]+)*/gu;

export const wordsOf = (text: string): string[] => text.toLowerCase().match(WORD) ?? [];

/** Words that carry grammar, not content. English, German and French. */
export const STOP_WORDS = new Set(
  (
    "a an the and or but so if then than that this these those there here it it's its i i'm i've i'll i'd me my mine you you're your yours " +
    "he she his her him they them their we we're we'll we've our us is are was were be been being am do does did doing done don't didn't doesn't have has had having " +
    'to of in on at for from with by as about into over up down out off no not yes yeah yep okay ok right well just like really very can could will would should shall may might must ' +
    "what which who whom when where why how all any some too also now get got gonna wanna let let's know think mean going go that's there's what's he's she's they're isn't aren't wasn't won't can't " +
    'oh uh um mm hmm sure good great thanks thank please hi hello bye sir ' +
    'der die das den dem des ein eine einen einem einer und oder aber wenn dann als dass ob ich mich mir mein meine du sie er es wir uns ihr ihre ihnen ist sind war waren sein bin hat habe haben hatte ' +
    'zu von im in an am auf für mit bei aus nach über um nicht kein keine ja nein doch noch auch nur schon mal da hier so wie was wer wo bitte danke gut also ' +
    "le la les l un une des du de d et ou mais si que qui quoi je j'ai me mon ma mes tu te il elle on nous vous ils elles leur leurs est sont était été être ai as a avons avez ont avoir " +
    "à au aux en dans sur pour par avec sans ne pas oui non c'est ça ce cette ces très bien merci bonjour alors donc"
  ).split(' '),
);

export const contentWords = (words: readonly string[]): string[] =>
  words.filter((word) => !STOP_WORDS.has(word) && word.length > 1);
