# SPDX-License-Identifier: Apache-2.0
"""Words of health data: names and endings of conditions, of medicines, labels, and what makes them somebody's.

Conditions after the chapters of ICD-10 (https://icd.who.int/browse10), endings of medicines after the World Health
Organization's stems of international non-proprietary names
(https://www.who.int/teams/health-product-and-policy-standards/inn/stembook), each in our own selection.
"""

CONDITIONS = (
    r"[a-z]{3,18}(?:itis|pathy|plegia|penia|algia|sclerosis|carcinoma|sarcoma|lymphoma|melanoma|adenoma|"
    r"anaemia|anemia|"
    r"leukaemia|leukemia|stenosis|fibrosis|cirrhosis|thrombosis|thyroidism|glycemia|glyc(?:a|)emia|lipidemia|"
    r"tension disorder|"
    r"ectomy|phobia|uria|rrhea|rrhoea)",
    r"asthma|(?:type [12] )?diabetes(?: mellitus| insipidus)?|(?:essential |pulmonary )?hypertension|hypotension|"
    r"migraines?|epilepsy|"
    r"depression|depressive disorder|anxiety(?: disorder)?|bipolar(?: disorder)?|schizophrenia|psychosis|adhd|"
    r"autism|ptsd|"
    r"post-traumatic stress(?: disorder)?|obsessive.compulsive disorder|ocd|eating disorder|"
    r"anorexia(?: nervosa)?|bulimia|"
    r"dementia|alzheimer(?:'s)?(?: disease)?|parkinson(?:'s)?(?: disease)?|huntington(?:'s)?(?: disease)?|"
    r"multiple sclerosis|stroke|"
    r"tumou?r|cancer|hiv(?: positive)?|aids|hepatitis(?: [abc])?|tuberculosis|malaria|covid(?:-19)?|influenza|"
    r"pneumonia|bronchitis|"
    r"copd|chronic obstructive pulmonary disease|emphysema|sleep apn(?:o|)ea|cystic fibrosis",
    r"(?:chronic |acute )?(?:kidney|renal|heart|liver|respiratory) (?:disease|failure)|coronary artery disease|"
    r"heart attack|"
    r"myocardial infarction|angina|arrhythmia|atrial fibrillation|heart failure|"
    r"gastroesophageal reflux(?: disease)?|gerd|"
    r"crohn(?:'s)?(?: disease)?|ulcerative colitis|irritable bowel(?: syndrome)?|c(?:o|)eliac(?: disease)?|"
    r"ulcers?|gallstones|"
    r"kidney stones|lupus|psoriasis|eczema|fibromyalgia|gout|osteoporosis|sciatica|scoliosis|herniated disc|fracture|"
    r"endometriosis|pcos|infertility|miscarriage|pregnan(?:t|cy)|menopause|erectile dysfunction|chlamydia|"
    r"gonorrh(?:o|)ea|syphilis|"
    r"herpes|hpv|chronic fatigue(?: syndrome)?|chronic pain|insomnia|vertigo|tinnitus|glaucoma|cataracts?|"
    r"hearing loss|blindness|"
    r"sickle cell(?: disease)?|h(?:a|)emophilia|anaphylaxis|alcoholism|addiction|substance abuse|overdose|"
    r"obesity|seizures?|"
    r"epilepsie|asma|asthme|astma|krebs|brustkrebs|c(?:á|a)ncer|c(?:â|a)ncer|cancro|kanker|kreft|kr(?:æ|ae)ft|"
    r"hipertensi(?:ó|o)n|hipertens(?:ã|a)o|ipertensione|bluthochdruck|hypertonie|depresi(?:ó|o)n|"
    r"depress(?:ã|a)o|depressione|d(?:é|e)pression|depressie|schlaganfall|herzinfarkt|infarto|infarctus|"
    r"migr(?:ä|a)ne|migra(?:ñ|n)a|enxaqueca|emicrania|rheuma|demenz|d(?:é|e)mence|demencia|demenza|dem(?:ê|e)ncia|"
    r"sida|vih|cukrzyca|nadci(?:ś|s)nienie|depresja|padaczka|diabete|diab(?:è|e)te|suikerziekte|schwanger|"
    r"enceinte|embarazada|gr(?:á|a)vida|incinta|zwanger|grossesse|embarazo|gravidez|schwangerschaft|"
    r"cukorbetegs(?:é|e)g|"
    r"(?:ş|s)eker hastal(?:ı|i)(?:ğ|g)(?:ı|i)|kencing manis|ti(?:ể|e)u (?:đ|d)ư(?:ờ|o)ng",
    r"диабет|Диабет|гипертони|Гипертони|астм|депресси|Депресси|онкологи|эпилепси|инсульт|инфаркт|беременн|діабет|"
    r"гіпертоні|вагітн",
    r"糖尿病|高血圧|がん|癌|うつ病|喘息|認知症|高血压|抑郁症|哮喘|艾滋病|당뇨병|고혈압|우울증|천식|السكري|سرطان|"
    r"ارتفاع ضغط الدم|دیابت|افسردگی|סוכרת|סרטן|דיכאון|मधुमेह|उच्च रक्तचाप|कैंसर|โรคเบาหวาน|ความดันโลหิตสูง|มะเร็ง",
    r"multiple myeloma|non-hodgkin|hodgkin|hashimoto|graves disease|raynaud|sjögren|tourette|asperger|bpd|dysphoria|"
    r"depressive episode|panic attacks?|burn-?out|chemotherapy|radiotherapy|dialysis|wheelchair|transplant(?:ation)?|"
    r"(?:knee|hip|heart|back|brain|eye|bypass|cataract|open-heart|bariatric) surgery|caesarean|c-section|vasectomy|"
    r"colonoscopy|biopsy|pacemaker|stillbirth|ivf|abortion|std|sti|rehab|self-harm|suicidal(?: ideation)?|"
    r"lyme disease|long covid|shingles|measles|mumps|chickenpox|monkeypox|mpox|anaemic|hypothyroid|allergic rhinitis|"
    r"hay fever|food allergy|peanut allergy|lactose intolerance|acid reflux|blood clots?|aneurysm|embolism|"
    r"down syndrome|cerebral palsy|muscular dystrophy|sepsis|appendicitis|hernia|concussion|amputation|paralysis",
)
MEDICINES = (
    r"[a-z]{2,14}(?:cillin|mycin|floxacin|cycline|azole|prazole|sartan|pril|olol|statin|formin|gliptin|gliflozin|"
    r"glutide|"
    r"azepam|azolam|barbital|oxetine|ipramine|triptan|caine|vir|mab|tinib|parin|profen|coxib|lukast|terol|"
    r"sone|solone)|"
    r"insulin|warfarin|aspirin|paracetamol|acetaminophen|morphine|oxycodone|codeine|tramadol|fentanyl|methadone|"
    r"naloxone|"
    r"lithium|methotrexate|levothyroxine|sertraline|citalopram|escitalopram|venlafaxine|bupropion|"
    r"trazodone|quetiapine|"
    r"olanzapine|risperidone|aripiprazole|haloperidol|methylphenidate|adderall|ritalin|ibuprofen|naproxen|gabapentin|"
    r"pregabalin|amlodipine|furosemide|hydrochlorothiazide|clopidogrel|digoxin|salbutamol|albuterol|ventolin|"
    r"ozempic|viagra|prozac|zoloft|xanax|valium|lipitor|lexapro|cymbalta|wellbutrin|seroquel|abilify|lyrica|humira|"
    r"wegovy|mounjaro|entresto|eliquis|xarelto|januvia|lantus|humalog|synthroid|nexium|plavix|crestor|ambien|vicodin|"
    r"oxycontin|percocet|suboxone|truvada|biktarvy|tamoxifen|letrozole|prednisone|hydrocodone|semaglutide|"
    r"metformina|ibuprofeno|paracetamolo|insulina"
)
LABELS = (
    "diagnos[ie]s|diagnosed|diagnosis code|dx|medical condition|health condition|chief complaint|medical history|"
    "past medical history|pmh|allerg(?:y|ies)|medications?|current meds|prescriptions?|rx|illness|blood type|"
    "blood group|"
    "icd(?:-?10)?|comorbidit(?:y|ies)|lab results?|vaccination|immuni[sz]ation",
    "diagnose|befund|krankheit|erkrankung|allergie|medikament|medikation|diagnostic m(?:é|e)dical|maladie|"
    "diagn(?:ó|o)stico|enfermedad|alergias?|medicamentos?|doen(?:ç|c)a|diagnosi|malattia|patologia|"
    "farmaci|diagnoos|ziekte|aandoening|medicatie|sjukdom|diagnoosi|sairaus|rozpoznanie|choroba|leki|diagn(?:ó|o)za|"
    "nemoc|betegs(?:é|e)g|boal(?:ă|a)|bolest|dijagnoza|te(?:ş|s)his|hastal(?:ı|i)k|bệnh|penyakit|diagnosa",
    "διάγνωση|диагноз|діагноз|заболевание|хвороба|診断|病名|诊断|疾病|진단|병명|التشخيص|تشخیص|אבחנה|การวินิจฉัย|निदान",
)
WEAK_LABELS = (
    "condition|conditions|symptoms?|complaint|treatment|treated for|disease|disability|procedure|surgery|"
    "medicine|drug|"
    "behandlung|traitement|tratamiento|tratamento|terapia",
)
ABOUT = (
    "diagnosed (?:with|as)|suffer(?:s|ed|ing)? from|treated for|treatment for|patient|history of|prescribed|"
    "takes|taking|"
    "allergic to|admitted (?:with|for)|tested positive|positive for|symptoms of|living with|lives with|has been on|"
    "hospitali[sz]ed|surgery for|recovering from|died of|dying of|due to her|due to his|i have|she has|he has|"
    "my (?:wife|husband|son|daughter|mother|father|child|doctor|therapist|psychiatrist)|"
    "on sick leave|sick leave|sick note|disabled|undergoing|undergo(?:es)?|"
    "recover(?:ed|y) from|was given|rushed to|died from|battling|struggl(?:es|ing) with|has had|underwent|"
    "dosage|mg daily|twice daily|once daily",
    "leidet an|erkrankt an|diagnostiziert|patientin?|krankgeschrieben|hat krebs|est atteinte?|souffre d|"
    "atteint d|traité pour|padece|sufre de|"
    "diagnosticad|paciente|"
    "sofre de|soffre di|affetto da|paziente|lijdt aan|lider av|lider af|choruje na|pacjent|trpí|pacient|szenved|"
    "sufer(?:ă|a) de|"
    "пациент|страдает|болеет|пацієнт|хворіє|患者|환자|مريض|بیمار|חולה|ผู้ป่วย|मरीज|bệnh nhân|pasien",
)
SELF = (
    "she is|she's|he is|he's|i am|i'm|i was|she was|he was|she had|he had|i had|she gets|he gets|we are|is she|is he|"
    "employee (?:is|has|was)|colleague (?:is|has|was)|wife (?:is|has|was)|husband (?:is|has|was)|"
    "son (?:is|has|was)|daughter (?:is|has|was)|mother (?:is|has|was)|father (?:is|has|was)|my|her|his|"
    "ich bin|sie ist|er ist|ich habe|sie hat|er hat|elle est|il est|elle a|j'ai|ella es|él es|ella est(?:á|a)|tengo|"
    "tiene|ela est(?:á|a)|ele tem|tenho|tem|lei (?:è|ha)|lui (?:è|ha)|zij heeft|hij heeft|ik heb",
    "у меня|у него|у неё|у нее|она|в мене|у мене|у нього|私は|彼女は|彼は|我有|他有|她有|저는|그는|그녀는",
)
RECORDS = (
    "mrn|medical record(?: (?:number|no|id))?|patient (?:id|number|no)|patient_id|health record(?: number)?|"
    "chart (?:number|no)|"
    "hospital (?:number|no)|medical[ _]?id|patientennummer|fallnummer|num(?:é|e)ro de dossier|historia cl(?:í|"
    "i)nica|prontu(?:á|a)rio",
)
