/** What clinicians write against what the table says: one word for many, and short forms written out. Own list. */

/** `word: others that mean the same here; …`. Plurals and endings are left to the stemmer. */
const SAME = `
  kidney: renal nephric nefritic; liver: hepatic; lung: pulmonary pneumonic; heart: cardiac cardial; brain: cerebral
  encephalic; stomach: gastric; bowel: intestine intestinal enteric gut; bladder: vesical; skin: cutaneous dermal
  dermic; bone: osseous bony; eye: ocular ophthalmic ophthalmological; eyelid: palpebral lid; ear: otic auricular
  aural auditory; nose: nasal; mouth: oral buccal; tongue: lingual; tooth: dental teeth dentary; throat: pharyngeal
  pharynx; jaw: mandibular mandible; breast: mammary mama; muscle: muscular; joint: articular arthral; nerve: neural;
  testis: testicle testicular testes teste; prostate: prostatic; uterus: uterine; ovary: ovarian; spleen: splenic;
  pancreas: pancreatic; gallbladder: cholecystic; vein: venous; artery: arterial; vessel: vascular; vertebra:
  vertebral; spine: spinal; skull: cranial cranium; chest: thorax thoracic; abdomen: abdominal belly; pelvis: pelvic;
  groin: inguinal; neck: cervical; breathing: respiratory; fever: febrile pyrexia feverish hyperthermia pyrexial;
  cancer: carcinoma; tumor: tumour tumoral tumors tumoration; neoplasm: neoplasia neoplastic; malignant: malignancy;
  metastasis: metastatic metastases metastasic metastasized; lymphadenopathy: adenopathy adenopathies
  lymphadenopathies adenomegaly adenomegalies; swelling: tumefaction swollen; edema: oedema edematous edemas; pain:
  painful algia ache aching pains; hemorrhage: bleeding haemorrhage hemorrhagic bled bleed haemorrhagic; bruise:
  ecchymosis ecchymoses ecchymotic contusion; itching: pruritus pruritic itch; redness: erythema erythematous; rash:
  exanthema exanthem exanthematous; yellowing: jaundice icterus icteric; vomiting: vomit vomited emesis; nausea:
  nauseous nauseas; dyspnea: dyspnoea dyspneic breathlessness; dizziness: dizzy giddiness; weakness: asthenia asthenic
  weak; fatigue: tiredness tired; faint: syncope syncopal fainting; seizure: convulsion convulsive seizures
  convulsions; stroke: ictus; clot: thrombus thrombosis thrombotic thrombosed; infarct: infarction; hypertension:
  hypertensive; hypotension: hypotensive; diabetes: diabetic; anemia: anaemia anemic; obesity: obese; smoking: smoker
  tobacco smokes smoked cigarette cigarettes; alcohol: alcoholic alcoholism drinker ethylism enolism enol; necrosis:
  necrotic necrotizing; gangrene: gangrenous; infection: infectious infected; inflammation: inflammatory inflamed;
  abscess: abscessed abscesses; cyst: cystic cysts; ulcer: ulcerated ulceration ulcerative ulcerous; wound: wounds;
  injury: injuries trauma traumatic traumatism lesion lesions; fracture: fractured; dislocation: luxation dislocated;
  burn: burned burnt; stone: calculus calculi lithiasis lithiasic stones; stenosis: stricture strictures stenotic
  narrowing; obstruction: obstructive obstructed; occlusion: occluded occlusive; dilation: dilatation dilated ectasia;
  fibrosis: fibrotic; atrophy: atrophic; hypertrophy: hypertrophic; hyperplasia: hyperplastic; ischemia: ischemic
  ischaemic ischaemia; failure: insufficiency insufficient; paralysis: palsy paralytic; numbness: hypoesthesia
  hypesthesia; paresthesia: paresthesias tingling; headache: cephalea cephalalgia headaches; cough: tussis coughing;
  sputum: expectoration phlegm; drowsiness: somnolence somnolent drowsy; confusion: confused disorientation
  disoriented; depression: depressive depressed; anxiety: anxious; psychosis: psychotic; schizophrenia: schizophrenic;
  disease: illness; disorder: disturbance alteration; deficiency: deficit; enlargement: enlarged; pregnancy: pregnant
  gestation gestational gravid; childbirth: parturition; newborn: neonate neonatal neonates; child: childhood
  pediatric infant infantile; death: exitus died dead deceased; fall: fell falls; allergy: allergic allergies;
  hereditary: inherited; congenital: connatal; chronic: chronically; acute: acutely; leukocytosis: leucocytosis;
  thrombocytopenia: plaquetopenia thrombopenia thrombocytopenic; neutropenia: neutropenic; hernia: herniation;
  hematuria: haematuria hematuric; proteinuria: albuminuria; constipation: constipated;
  sweating: diaphoresis sweats perspiration sudoration; pallor: pale paleness; wheezing: wheeze wheezes; scar:
  cicatricial cicatrix scarring; vision: visual sight; blindness: blind amaurosis; deafness: deaf hypoacusis;
  crystalline: lens; cornea: corneal; retina: retinal; conjunctiva: conjunctival; iris: iridal; finger: digital; hip:
  coxal coxofemoral; thigh: femoral femur; shoulder: scapular; face: facial; scalp: scalps; arm: brachial; wrist:
  carpal; penis: penile; scrotum: scrotal hemiscrotal hemiscrotum; urethra: urethral; ureter: ureteral; vagina:
  vaginal; cervix: cervicouterine; rectum: rectal; anus: anal; colon: colonic; esophagus: esophageal oesophageal;
  duodenum: duodenal; jejunum: jejunal; ileum: ileal; bile: biliary; peritoneum: peritoneal; pleura: pleural;
  pericardium: pericardial; aorta: aortic; valve: valvular; coronary: coronaries; atrium: atrial auricular; ventricle:
  ventricular; thyroid: thyroidal; parathyroid: parathyroids; adrenal: suprarenal; pituitary: hypophyseal hypophysis;
  bronchus: bronchial bronchi; trachea: tracheal; larynx: laryngeal; sinus: sinusal; septic: sepsis septicemia; virus:
  viral; fungus: fungal mycotic mycosis; bacteria: bacterial bacterium; parasite: parasitic;
  dementia: demented; bleb: bulla bullous; blister: vesicle
`;

/** `short: written out; …`. Only those that are read in one way in a note. */
const SHORT = `
  htn: hypertension; hbp: hypertension; hta: hypertension; aht: hypertension; dm: diabetes mellitus;
  dm1: type 1 diabetes mellitus; dm2: type 2 diabetes mellitus; t2dm: type 2 diabetes mellitus; t1dm: type 1 diabetes
  mellitus; dmid: type 1 diabetes mellitus; dmnid: type 2 diabetes mellitus; niddm: type 2 diabetes mellitus; copd:
  chronic obstructive pulmonary disease; epoc: chronic obstructive pulmonary disease; ckd: chronic kidney disease;
  crf: chronic kidney disease; esrd: end stage renal disease; esrf: end stage renal disease; aki: acute kidney
  failure; arf: acute kidney failure; uti: urinary tract infection; mi: myocardial infarction; ami: acute myocardial
  infarction; stemi: st elevation myocardial infarction; nstemi: non st elevation myocardial infarction; chf:
  congestive heart failure; hf: heart failure; cad: coronary artery disease; cabg: coronary bypass graft; af: atrial
  fibrillation; afib: atrial fibrillation; dvt: deep vein thrombosis; pte: pulmonary embolism; tep: pulmonary
  embolism; pvd: peripheral vascular disease; cva: cerebrovascular accident stroke; tia: transient ischemic attack;
  gerd: gastroesophageal reflux disease; ibd: inflammatory bowel disease; hiv: human immunodeficiency virus; aids:
  acquired immunodeficiency syndrome hiv; tb: tuberculosis; tbc: tuberculosis; hcv: hepatitis c virus; hbv: hepatitis
  b virus; vhc: hepatitis c virus; vhb: hepatitis b virus; cmv: cytomegalovirus; ebv: epstein barr virus; hsv: herpes
  simplex virus; vzv: varicella zoster virus; hpv: human papillomavirus; sle: systemic lupus erythematosus; bph: benign prostatic hyperplasia; hcc: hepatocellular carcinoma; rcc: renal cell carcinoma;
  nhl: non hodgkin lymphoma; aml: acute myeloid leukemia; cll: chronic lymphocytic leukemia; sob: shortness of breath;
  osa: obstructive sleep apnea; sahs: obstructive sleep apnea; ards: acute respiratory distress syndrome; mrsa:
  methicillin resistant staphylococcus aureus; dic: disseminated intravascular coagulation; apkd: polycystic kidney;
  adpkd: polycystic kidney autosomal dominant; rta: renal tubular acidosis; luts: lower urinary tract symptoms;
  anorexia: loss of appetite; hyporexia: loss of appetite
`;

const entries = (text: string): [string, string[]][] =>
  text.split(';').map((entry) => {
    const [word = '', rest = ''] = entry.split(':');
    return [word.trim(), rest.trim().split(/\s+/)];
  });

/** From a word to the word that stands for it. */
export const SAME_WORD: ReadonlyMap<string, string> = new Map(
  entries(SAME).flatMap(([word, others]) => others.map((other): [string, string] => [other, word])),
);

/** From a short form to its words. */
export const LONG_FORM: ReadonlyMap<string, readonly string[]> = new Map(entries(SHORT));
