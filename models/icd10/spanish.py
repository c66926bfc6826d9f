"""Own list of Spanish words of clinical notes that do not look like their English counterparts; only for the alignment."""

WORDS = '''
dolor pain; dolores pain; dolorosa pain painful; doloroso pain painful; dolorosas pain painful; dolorosos painful; dolorimiento pain
enfermedad disease; enfermedades disease; fiebre fever; febril fever; derecho right; derecha right; derechas right; izquierdo left
izquierda left; izquierdos left; perdida loss; con with; sin without; aguda acute; agudo acute; fumador smoker smoking smoked
fumadora smoker; exfumador smoker ex; exfumadora smoker; tabaquico smoking tobacco; tabaquismo smoking; tabaco tobacco
cigarrillos cigarettes; peso weight; rinon kidney; rinones kidney; renal kidney; tratamiento treatment; palidez pallor pale; palidas pale
tipo type; ojo eye; ojos eye; disnea dyspnea; disneicos dyspnea; cefalea headache; cefaleas headache; cuadro picture; tos cough
sangrado bleeding; sangre blood; sanguineo blood; hemorragia bleeding hemorrhage; debilidad weakness; astenia asthenia weakness
herida wound; derrame effusion; secundaria secondary; secundario secondary; neumonia pneumonia; neumonias pneumonia; nivel level
tumoracion tumor mass; tumoraciones tumor mass; masa mass; masas mass; osea bone; oseas bone; oseo bone; oseos bone; hueso bone; huesos bone
obesidad obesity; obesa obese; miembros limbs extremities; miembro limb; disminucion decreased decrease; funcion function
esplenomegalia splenomegaly; ambos both bilateral; ambas both bilateral; muerte death died; trastorno disorder; trastornos disorder; caida fall fell
palpebral eyelid; parpado eyelid; parpados eyelid; sudoracion sweating; agudeza acuity; malestar malaise discomfort; cicatriz scar; cicatrices scar
cicatricial scar; cuerpo body; cuerpos body; ferropenica iron deficiency; ferropenia iron; vejiga bladder; vesical bladder; imc bmi
epoc copd; vhb hbv; vhc hcv; vih hiv; temblor tremor; temblores tremor; aumento increase increased enlarged; aumentado increased enlarged
hiato hiatal hiatus; hemiescroto hemiscrotum; escrotal scrotal; pene penis; peneana penile; muslo thigh; muslos thigh; pie foot; pies feet; ictericia jaundice
icterico jaundice; icterica jaundice; trasplante transplant transplantation; desorientacion disorientation; desorientada disoriented; sueno sleep
heces stool feces; desprendimiento detachment; borrosa blurred; enfisema emphysema; molestias discomfort; escalofrios chills
lumbalgia low back; dia day; hombro shoulder; cabeza head; cabelludo scalp; cuero scalp; deshidratacion dehydration; deshidratado dehydrated
silla wheelchair; ruedas wheelchair; cianosis cyanosis; mano hand; manos hand; semanas weeks; semana week; ansiedad anxiety; higado liver; hepatico liver
lues syphilis; cuidados care; quirurgica surgical; quirurgico surgical; fracaso failure; fallo failure; insuficiencia failure insufficiency; iam infarction
neumomediastino pneumomediastinum; quemaduras burn; quemadura burn; quemados burn; quemazon burning; inmunodeficiencia immunodeficiency
desnutricion malnutrition; bebedor drinker; exbebedor drinker; bebidas drinks; esplenica splenic; esplenico splenic; linfaticos lymphatic lymph; linfatica lymphatic
ganglios nodes; ganglio node; ganglionar node; boca mouth; cuello neck; rotura rupture tear; cicatrizacion healing; tobillo ankle; tobillos ankle; delgado small thin
tamano size; fuego fire gunshot; arma weapon gun; nacido born; seno sinus; sensibilidad sensitivity; mujer woman; ictus stroke; cara face; domiciliario home
pierna leg; piernas leg; oido ear; acufenos tinnitus; doble double; seudoaneurisma pseudoaneurysm; erc ckd; soplo murmur; soplos murmur; gripe influenza flu; gripal flu
picadura bite sting; picaduras bite; linfoide lymphoid; cansancio tiredness fatigue; fatiga fatigue; sdrc crps; bocio goiter; calambres cramps; yugular jugular
miccionales urinary voiding; orina urine; nefroangioesclerosis nephroangiosclerosis; pirosis heartburn; munecas wrist; muneca wrist; dedos fingers toes; dedo finger toe; tercio third
escamoso squamous; pequenas small; puntos points; nicturia nocturia; neumotorax pneumothorax; rodilla knee; rodillas knee; deambulacion gait walking; marcha gait; etilismo alcoholism
esteatosis steatosis; tvp dvt; tep pte embolism; habla speech; hablar speech; lenguaje speech language; par nerve; yugal cheek; mejilla cheek; cavidad cavity; abierto open; abierta open
aranazo scratch; aranazos scratch; gato cat; picor itching; prurito pruritus; embarazo pregnancy; embarazada pregnant; gestacion pregnancy gestation; parto delivery; baja low; alta high
labios lips; nariz nose; ausencia absence; sobrepeso overweight; neumococo pneumococcus; asas loops; yeyuno jejunum; cuadrante quadrant; conciencia consciousness; picos peaks
rectorragias rectal bleeding; rectorragia rectal bleeding; proctorragia rectal bleeding; drogas drugs; drogadicta drug; dientes teeth; diente tooth; dentaria tooth; suelo floor; adiccion addiction
esguince sprain; esguinces sprain; vias tract airway; via tract airway; nerviosismo nervousness; ingurgitacion engorgement; desuso disuse; munon stump; quistificadas cystic; focos foci
eyaculacion ejaculation; polo pole; falta lack loss; nalga buttock; nalgas buttock; ceguera blindness; zona zone area; ingle groin; estomago stomach; aftas aphthae aphthous; afta aphthous
cerrada closed; pecho chest; itu uti; prepucio foreskin; sordomudez deaf; sordera deafness; sordo deaf; hipoacusia hearing; herradura horseshoe; hueco hollow; miedo fear; incendio fire
animo mood; mixto mixed; espontanea spontaneous; cirugia surgery; paladar palate; duro hard; hambriento hungry; esfuerzo effort exertion stress; verruga wart; esputos sputum; dano damage; techo roof
antes before; mantenimiento maintenance; abombado bulging; rojo red; descenso decrease; resfriado cold; fondo fundus; agujero hole; pico peak; raya line; seca dry; embarazadas pregnant; nevus nevus; ciego blind cecum
gigante giant; desconocido unknown; agrandada enlarged; yodo iodine; yodado iodinated; lecho bed; golpeado struck; piscina pool; raquideo spinal; arana spider; maduro mature; hinchazon swelling; ungueal nail
lesion lesion injury; lesiones lesions; traumatismo trauma; puente bridge; pulgar thumb; padre father; labio lip; leporino cleft; sarampion measles; garrapata tick; ombligo navel umbilicus; muela molar; garganta throat
prueba test; caminar walk; fuerza strength; amenaza threatened; antebrazo forearm; vision vision; visual visual; cerebro brain; cerebral cerebral brain; absceso abscess; mareo dizziness; vertigo vertigo
vomitos vomiting; vomito vomiting; nauseas nausea; diarrea diarrhea; estrenimiento constipation; hinchado swollen; edema edema; edemas edema; quiste cyst; quistes cyst; quistico cystic; higados liver; piel skin; cutanea skin; cutaneas skin
mama breast; mamario breast; corazon heart; pulmon lung; pulmonar lung pulmonary; tiroides thyroid; vesicula gallbladder; calculo stone; calculos stone; litiasis stone lithiasis; coma coma; shock shock; sepsis sepsis
hta hypertension; hipertension hypertension; hipertenso hypertensive; diabetico diabetic; dm diabetes; fractura fracture; fracturas fracture; hernia hernia; infarto infarction; angor angina; embolia embolism; crisis seizure crisis; convulsiones seizure convulsions; convulsion seizure
adenopatia lymphadenopathy adenopathy; adenopatias lymphadenopathy adenopathies; retraso delay retardation; pared wall; hipo hiccup; hiperpotasemia hyperkalemia; hipopotasemia hypokalemia; hiperuricemia hyperuricemia; dislipemia dyslipidemia; colesterol cholesterol
alergia allergy allergic; sordomudos deaf; enolismo alcoholism; leucocitosis leukocytosis; plaquetopenia thrombocytopenia; trombopenia thrombocytopenia; anemizacion anemia; exitus died death; fallecio died; fallecimiento death; cancer cancer carcinoma; carcinoma carcinoma cancer
'''

DICTIONARY: dict[str, list[str]] = {}
for line in WORDS.replace('\n', ';').split(';'):
    first, *rest = line.split() or ['']
    if first:
        DICTIONARY.setdefault(first, []).extend(rest)
