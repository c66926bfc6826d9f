/** What describes each shipped specialist: titles, examples and licences. The rows come from corpora.ts. */
import type { Passport } from '../../src/core/specialist.ts';

export interface Description {
  title: string;
  description: string;
  examples: string[];
  passport: Passport;
  /** Share of out-of-scope requests that its certificates assume. */
  outOfScopeShare: number;
}

const RECIPE =
  'models/heads/build.spec.ts: softmax regression on the shared encoder and the static table';
const passport = (
  source: string,
  licence: string,
  attribution: string,
  trainingData: string,
): Passport => ({
  source,
  licence,
  attribution,
  trainingData,
  recipe: RECIPE,
});

export const DESCRIPTIONS: Record<string, Description> = {
  'banking-tickets': {
    title: 'Banking tickets',
    description: 'Customer questions to an online bank, 77 fine-grained intents.',
    examples: [
      'My new card still has not arrived, and it has been two weeks. Can you find out where it is?',
      'I was charged twice for the same coffee this morning.',
      'How do I change the PIN of my card?',
    ],
    passport: passport(
      'BANKING77 (PolyAI-LDN/task-specific-datasets)',
      'cc-by-4.0',
      'Casanueva et al., Efficient Intent Detection with Dual Sentence Encoders, NLP4ConvAI 2020; PolyAI Limited. Changes: 15 % held out.',
      'BANKING77, published train part without the held-out 15 %',
    ),
    outOfScopeShare: 0.1,
  },
  'assistant-requests': {
    title: 'Assistant requests',
    description:
      'Short requests to a personal assistant, 150 intents in ten domains, with out-of-scope detection.',
    examples: [
      'Could you book a table for four at an Italian place tonight at seven?',
      'What is the exchange rate from dollars to yen?',
      'Remind me what is left on my to-do list.',
    ],
    passport: passport(
      'CLINC150 (clinc/oos-eval)',
      'cc-by-3.0',
      'Larson et al., An Evaluation Dataset for Intent Classification and Out-of-Scope Prediction, EMNLP-IJCNLP 2019.',
      'CLINC150, published train part',
    ),
    outOfScopeShare: 0.1,
  },
  'home-commands': {
    title: 'Home and office commands',
    description: 'Commands and questions to a home or office assistant, 64 intents.',
    examples: [
      'dim the lights in the meeting room a little',
      'add milk and bread to the shopping list',
      'wake me up at half past six tomorrow',
    ],
    passport: passport(
      'HWU64 (xliuhw/NLU-Evaluation-Data, split of jianguoz/Few-Shot-Intent-Detection)',
      'cc-by-4.0',
      'Liu, Eshghi, Swietojanski, Rieser, Benchmarking Natural Language Understanding Services for Building Conversational Agents, IWSDS 2019.',
      'HWU64, published train part',
    ),
    outOfScopeShare: 0.1,
  },
  'customer-service': {
    title: 'Customer service',
    description:
      'Turns of customer-service chats: the intent, and which of six departments it is for.',
    examples: [
      'i lost my credit card yesterday please block it',
      'can you change my seat to a window seat on the flight to denver',
      'i would like to order a large pepperoni pizza and a coke',
    ],
    passport: passport(
      'MultiDoGO (awslabs/multi-domain-goal-oriented-dialogues-dataset)',
      'cdla-permissive-1.0',
      'Peskov et al., Multi-Domain Goal-Oriented Dialogues (MultiDoGO), EMNLP-IJCNLP 2019; Amazon.',
      'MultiDoGO, published train part without 15 % of the conversations; turns with several intents left out',
    ),
    outOfScopeShare: 0.05,
  },
  'email-intents': {
    title: 'E-mail requests',
    description:
      'Does a sentence of an e-mail ask for something? It answers for any sentence, so nothing is out of scope.',
    examples: [
      'Could you please send me the signed contract by Friday?',
      'Thanks for the update, the numbers look good.',
      'Let me know whether Tuesday at ten works for the call with the auditors.',
    ],
    passport: passport(
      'Parakweet EmailIntentDataSet (ParakweetLabs/EmailIntentDataSet)',
      'apache-2.0',
      'ParakweetLabs, EmailIntentDataSet (sentences of the Enron corpus).',
      'Published train part without the held-out 15 %',
    ),
    outOfScopeShare: 0,
  },
};
