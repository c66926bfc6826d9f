/** Words that tell what a sentence of a conversation is for. English, German, French; phrases in lower case. */

const GROUPS = {
  issue:
    "problem|issue|trouble|error|broken|broke|defective|faulty|fail|fails|failed|failing|crash|crashes|crashed|not working|not work|stopped working|wrong|missing|late|delayed|overcharged|charged twice|double charged|locked out|cannot|unable|complaint|complain|disappointed|never arrived|has not arrived|hasn't arrived|haven't received|didn't receive|did not receive|can't log|can't access|won't|i'm calling|i am calling|calling about|calling because|i need help|question about|i would like|i'd like|i want to|" +
    'fehler|defekt|kaputt|geht nicht|funktioniert nicht|falsch|fehlt|verspätet|störung|beschwerde|rufe an|ich möchte|ich hätte gern|nicht angekommen|nicht erhalten|doppelt abgebucht|gesperrt|leider|' +
    "problème|panne|erreur|cassé|défectueux|ne marche pas|ne fonctionne pas|ne fonctionne plus|en retard|manque|réclamation|j'appelle|je vous appelle|je voudrais|je n'ai pas reçu|pas arrivé|facturé deux fois|bloqué",
  resolution:
    "i have reset|i've reset|i have sent|i've sent|i have refunded|i've refunded|i've cancelled|i have cancelled|i've canceled|i've updated|i have updated|i've changed|i have changed|i've credited|i've fixed|i have fixed|i've issued|i have issued|i've added|i have added|i've booked|i have booked|i've applied|i have applied|i've removed|i can see|i see that|it turns out|the reason|was caused|because of|refund|refunded|replacement|resolved|solved|fixed|works now|working now|that worked|it works|is back|done|all set|taken care of|credited|" +
    'erledigt|gelöst|behoben|funktioniert wieder|funktioniert jetzt|geht wieder|geht jetzt|erstattet|erstattung|gutschrift|gutgeschrieben|ersatz|zurückgesetzt|storniert|habe ich|ich sehe|ich habe ihnen|liegt daran|' +
    "résolu|réparé|remboursé|remboursement|remplacement|ça marche|ça fonctionne|fonctionne maintenant|c'est fait|c'est réglé|réinitialisé|annulé|je vois que|j'ai envoyé|je vous ai|avoir",
  actions:
    "i will|i'll|we will|we'll|will send|will call|call you back|get back to you|follow up|follow-up|going to|gonna|please|need to|needs to|you should|make sure|send me|by tomorrow|by monday|by tuesday|by wednesday|by thursday|by friday|next week|within|business days|working days|deadline|action item|to do|take care of|schedule|set up a|let me|can you send|could you send|you will receive|you'll receive|you will get|you'll get|" +
    'ich werde|wir werden|ich schicke|ich sende|wir schicken|rufe sie zurück|melde mich|melden uns|bitte|bis morgen|bis montag|bis freitag|nächste woche|innerhalb von|werktage|werktagen|sie erhalten|sie bekommen|kümmere mich|müssen sie|' +
    "je vais|nous allons|on va|je vous envoie|vous recevrez|vous allez recevoir|vous rappelle|je vous rappellerai|s'il vous plaît|veuillez|d'ici|la semaine prochaine|jours ouvrables|sous 24|sous 48|il faut",
  decisions:
    "decide|decided|decision|agree|agreed|we agree|let's go with|go with|go for|we'll go|so we're going|settle on|settled|chosen|choose|final|approved|approve|conclusion|vote|consensus|motion|carried|we should use|we're gonna have|we are going to|will be used|" +
    'beschlossen|entschieden|entscheidung|einigen|einverstanden|festgelegt|wir nehmen|abgestimmt|genehmigt|' +
    "décidé|décision|d'accord pour|convenu|on prend|validé|approuvé|adopté|on choisit",
  topics:
    'discuss|agenda|presentation|today|talk about|next item|next topic|next point|first of all|the question is|report|update|propose|suggest|idea|design|market|research|budget|cost|user|users|minister|policy|committee|important|main|basically|' +
    'besprechen|tagesordnung|thema|bericht|vorschlag|wichtig|kosten|ordre du jour|sujet|rapport|proposition|important|coût',
  symptoms:
    'pain|hurt|hurts|hurting|ache|headache|headaches|fever|chills|cough|coughing|dizzy|dizziness|nausea|vomiting|tired|fatigue|swelling|swollen|sore|rash|itching|bleeding|numb|numbness|tingling|weak|weakness|shortness of breath|breathing|diarrhea|constipation|sleep|appetite|weight|anxiety|depressed|stress|symptom|symptoms|injury|fell|started|worse|better|' +
    'schmerz|schmerzen|fieber|husten|schwindel|übelkeit|müde|geschwollen|atemnot|beschwerden|douleur|mal à|fièvre|toux|vertige|vertiges|nausée|fatigué|enflé|essoufflé',
  history:
    'history|surgery|surgeries|operation|operated|diagnosed|diabetes|hypertension|high blood pressure|asthma|cancer|heart attack|stroke|allergic|allergies|allergy|smoke|smoking|smoked|drink|alcohol|drugs|married|divorced|single|widow|live with|lives with|retired|work as|mother|father|brother|sister|family|children|died|passed away|immunizations|vaccine|years ago|since|' +
    'vorerkrankung|operiert|allergie|allergisch|rauche|alkohol|mutter|vater|verheiratet|antécédents|opéré|allergique|fume|alcool|marié|mère|père',
  medication:
    'medication|medications|medicine|medicines|pill|pills|tablet|tablets|dose|milligram|milligrams|mg|prescription|prescribe|prescribed|antibiotic|antibiotics|ibuprofen|tylenol|aspirin|insulin|metformin|lisinopril|inhaler|refill|vitamin|vitamins|steroid|twice a day|once a day|daily|taking|' +
    'medikament|medikamente|tablette|tabletten|milligramm|rezept|médicament|médicaments|comprimé|comprimés|ordonnance',
  examination:
    'exam|examination|blood pressure|vital signs|vitals|temperature|heart rate|pulse|lungs|lungs are clear|clear|murmur|tenderness|tender|range of motion|palpation|reflexes|x-ray|xray|mri|ct scan|scan|ultrasound|ekg|ecg|echo|lab|labs|results|hemoglobin|a1c|creatinine|showed|shows|normal|edema|oxygen|listen to|look at your|unremarkable|positive|negative|' +
    'blutdruck|untersuchung|röntgen|befund|blutwerte|puls|tension artérielle|examen|radiographie|analyse de sang',
  assessment:
    'diagnosis|diagnosed with|you have|consistent with|likely|probably|suspect|impression|assessment|i think you|i believe|appears to be|looks like|seems to be|sounds like|under control|well controlled|stable|due to|secondary to|caused by|your first problem|second problem|for your|' +
    "diagnose|wahrscheinlich|vermutlich|verdacht|sieht aus|diagnostic|probablement|il s'agit|soupçonne",
  plan:
    "i'm gonna|i am going to|i'm going to|we're gonna|we'll|we will|i will|i'll|prescribe|order|ordered|refer|referral|follow up|follow-up|recommend|continue|start you on|increase|decrease|come back|return|schedule|physical therapy|therapy|see you|weeks|call me|go home|discharge|avoid|should|i want you|i'd like you|i would like you|let's go ahead|treatment|" +
    'verschreibe|überweise|überweisung|wiederkommen|empfehle|kontrolle|prescris|revenir|recommande|rendez-vous|contrôle',
  smalltalk:
    "how are you|good morning|good afternoon|good to see you|nice to meet|thank you|thanks|welcome|have a good|have a nice|bye|goodbye|take care|you're welcome|no problem|hello|hi there|my name is|how can i help|sorry to hear|i'm sorry|hey dragon|any questions|sounds good|" +
    'guten tag|guten morgen|hallo|danke|auf wiederhören|auf wiedersehen|tschüss|schönen tag|mein name ist|was kann ich|wie kann ich|' +
    "bonjour|merci|au revoir|bonne journée|je m'appelle|en quoi puis-je|de rien|bienvenue",
} as const;

export type CueGroup = keyof typeof GROUPS;
export const CUE_GROUPS = Object.keys(GROUPS) as CueGroup[];

const escaped = (phrase: string): string => phrase.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
const patterns = CUE_GROUPS.map(
  (group) =>
    new RegExp(
      `(?<![\\p{L}\\d])(?:${GROUPS[group].split('|').map(escaped).join('|')})(?![\\p{L}\\d])`,
      'gu',
    ),
);

/** Groups that have a cue with this first word: only they are searched. */
const groupsOfWord = new Map<string, Set<number>>();
CUE_GROUPS.forEach((group, index) => {
  for (const phrase of GROUPS[group].split('|')) {
    const first = /[\p{L}\p{M}\d]+/u.exec(phrase)?.[0] ?? '';
    groupsOfWord.set(first, (groupsOfWord.get(first) ?? new Set<number>()).add(index));
  }
});

/** How many cues of each group a sentence has, in the order of CUE_GROUPS. */
export function cueCounts(sentence: string): number[] {
  const plain = sentence.toLowerCase().replace(/’/gu, "'");
  const counts = CUE_GROUPS.map(() => 0);
  const open = new Set<number>();
  for (const word of plain.split(/[^\p{L}\p{M}\d]+/u))
    for (const index of groupsOfWord.get(word) ?? []) open.add(index);
  for (const index of open) counts[index] = plain.match(patterns[index] as RegExp)?.length ?? 0;
  return counts;
}

export const cueIndex = (group: CueGroup): number => CUE_GROUPS.indexOf(group);
