# SPDX-License-Identifier: Apache-2.0
"""Words of health data: names and endings of conditions, of medicines, labels, and what makes them somebody's.

Conditions after the chapters of ICD-10 (https://icd.who.int/browse10), endings of medicines after the World Health
Organization's stems of international non-proprietary names
(https://www.who.int/teams/health-product-and-policy-standards/inn/stembook), each in our own selection.
"""

CONDITIONS = (
    r"[a-z]{3,18}(?:itis|pathy|plegia|penia|algia|sclerosis|carcinoma|sarcoma|lymphoma|melanoma|adenoma|anaemia|anemia|"
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
    r"down syndrome|cerebral palsy|muscular dystrophy|sepsis|appendicitis|hernia|concussion|amputation|paralysis",
)
MEDICINES = (
    r"[a-z]{2,14}(?:cillin|mycin|floxacin|cycline|azole|prazole|sartan|pril|olol|statin|formin|gliptin|gliflozin|"
    r"glutide|"
    r"azepam|azolam|barbital|oxetine|ipramine|triptan|caine|vir|mab|tinib|parin|profen|coxib|lukast|terol|sone|solone)|"
    r"insulin|warfarin|aspirin|paracetamol|acetaminophen|morphine|oxycodone|codeine|tramadol|fentanyl|methadone|"
    r"naloxone|"
    r"lithium|methotrexate|levothyroxine|sertraline|citalopram|escitalopram|venlafaxine|bupropion|trazodone|quetiapine|"
    r"olanzapine|risperidone|aripiprazole|haloperidol|methylphenidate|adderall|ritalin|ibuprofen|naproxen|gabapentin|"
    r"pregabalin|amlodipine|furosemide|hydrochlorothiazide|clopidogrel|digoxin|salbutamol|albuterol|ventolin|"
    r"ozempic|viagra"
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
    "condition|conditions|symptoms?|complaint|treatment|treated for|disease|disability|procedure|surgery|medicine|drug|"
    "behandlung|traitement|tratamiento|tratamento|terapia",
)
ABOUT = (
    "diagnosed (?:with|as)|suffer(?:s|ed|ing)? from|treated for|treatment for|patient|history of|prescribed|"
    "takes|taking|"
    "allergic to|admitted (?:with|for)|tested positive|positive for|symptoms of|living with|lives with|has been on|"
    "hospitali[sz]ed|surgery for|recovering from|died of|dying of|due to her|due to his|i have|she has|he has|"
    "my (?:wife|husband|son|daughter|mother|father|child|doctor|therapist|psychiatrist)|"
    "on sick leave|sick note|disabled|dosage|mg daily|twice daily|once daily",
    "leidet an|erkrankt an|diagnostiziert|patientin?|souffre d|atteint d|traité pour|padece|sufre de|"
    "diagnosticad|paciente|"
    "sofre de|soffre di|affetto da|paziente|lijdt aan|lider av|lider af|choruje na|pacjent|trpí|pacient|szenved|"
    "sufer(?:ă|a) de|"
    "пациент|страдает|болеет|пацієнт|хворіє|患者|환자|مريض|بیمار|חולה|ผู้ป่วย|मरीज|bệnh nhân|pasien",
)
RECORDS = (
    "mrn|medical record(?: (?:number|no|id))?|patient (?:id|number|no)|patient_id|health record(?: number)?|"
    "chart (?:number|no)|"
    "hospital (?:number|no)|medical[ _]?id|patientennummer|fallnummer|num(?:é|e)ro de dossier|historia cl(?:í|"
    "i)nica|prontu(?:á|a)rio",
)
