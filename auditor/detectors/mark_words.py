# SPDX-License-Identifier: Apache-2.0
"""The words of confidentiality marks: levels as states and companies write them, and names of fields that hold one."""

LEVELS = (
    "confidential|confidentiality|secret|top secret|restricted|proprietary|internal|internal use|"
    "internal use only|internal only|"
    "privileged|sensitive|classified|company private|in confidence|commercial in confidence|protected a|protected b|"
    "protected c|limited distribution|controlled unclassified information|cui|sensitive but unclassified|"
    "nato restricted|nato confidential|nato secret|nato unclassified|trade secret|embargoed|personal data|"
    "not for distribution|need to know",
    "vs-nur für den dienstgebrauch|streng geheim|hochvertraulich|ne pas diffuser|document interne|"
    "diffusion limitée|secret des affaires|protégé b|secreto|difusión limitada|restrito|ultrassecreto|segreto|"
    "segretissimo|geheim|zeer geheim|strängt konfidentiellt|strengt fortrolig|strengt hemmelig|hemmelig|sekretess|"
    "käyttö rajoitettu|zastrzeżone|ściśle tajne|tajemnica przedsiębiorstwa|přísně tajné|vyhrazené|tajné|dôverné|"
    "titkos|szigorúan titkos|secret de serviciu|strict secret|strogo povjerljivo|tajno|çok gizli|hizmete özel|mật|"
    "tối mật|bí mật|sulit|terhad|vertraulich|nur für den dienstgebrauch|nur für den internen gebrauch|"
    "intern|confidentiel|confidentielle|"
    "diffusion restreinte|secret défense|usage interne|confidencial|reservado|uso interno|sigiloso|"
    "riservato|riservata|"
    "confidenziale|uso interno|vertrouwelijk|fortrolig|konfidentiell|hemlig|luottamuksellinen|salainen",
    "poufne|tajne|důvěrné|bizalmas|confidențial|povjerljivo|gizli|конфиденциально|коммерческая тайна|"
    "совершенно секретно|цілком таємно|поверително|строго поверљиво|内部使用|机密文件|"
    "保密|内部公开|機密文書|取扱注意|関係者外秘|내부용|사내한|비밀|سري للغاية|سرّي|مقيد|حساس|به کلی سری|"
    "סודי ביותר|שמור|ลับ|ลับมาก|गोपनीय|गुप्त|"
    "секретно|для служебного пользования|"
    "конфіденційно|таємно|εμπιστευτικό|απόρρητο|機密|社外秘|極秘|部外秘|机密|秘密|绝密|内部资料|기밀|"
    "대외비|극비|سري|محرمانه|סודי|rahasia",
    # As member states of the European Union write their levels (Council Decision 2013/488/EU, appendix B), in the
    # forms that the lines above have not; then as other states write theirs.
    "за служебно ползване|yderst hemmeligt|hemmeligt|fortroligt|til tjenestebrug|täiesti salajane|salajane|"
    "konfidentsiaalne|piiratud|περιορισμένης χρήσης|περιορισμένης Χρήσης|περιορισμενης χρησης|"
    "εμπιστευτικο|απορρητο|ακρως απορρητο|"
    "ograničeno|riservatissimo|sevišķi slepeni|slepeni|konfidenciāli|"
    "dienesta vajadzībām|visiškai slaptai|slaptai|konfidencialiai|riboto naudojimo|titkos!|"
    "korlátozott terjesztésű|l-ogħla segretezza|sigriet|kunfidenzjali|ristrett|stg. confidentieel|"
    "departementaal vertrouwelijk|eingeschränkt|zaupno|interno|vyhradené|prísne tajné|begrenset",
    "official: sensitive|protected|gİzlİ|çok gİzlİ|hİzmete özel|для службового користування|особой важности|"
    "Ⅰ급비밀|Ⅱ급비밀|Ⅲ급비밀|Ⅰ급 비밀|Ⅱ급 비밀|Ⅲ급 비밀|絕對機密|極機密|rahsia|rahsia besar|अति गोपनीय|परम गुप्त|ลับที่สุด|"
    "محدود التداول|خیلی محرمانه|(?:绝密|机密|秘密)★[0-9]{1,2}年",
)

WEAK = frozenset(
    {
        "secret",
        "internal",
        "sensitive",
        "restricted",
        "proprietary",
        "privileged",
        "classified",
        "intern",
        "cui",
        "mật",
        "sulit",
        "ลับ",
        "비밀",
        "保密",
        "embargoed",
        "personal data",
        "trade secret",
        "in confidence",
        "need to know",
        "tajno",
        "segreto",
        "secreto",
        "restrito",
        "titkos",
        "hemmelig",
        "reservado",
        "internal use",
        "secretly",
        "piiratud",
        "ograničeno",
        "ristrett",
        "eingeschränkt",
        "zaupno",
        "interno",
        "begrenset",
        "protected",
        "rahsia",
    }
)
"""Words with other uses: a mark in capitals only, or alone on a line in capitals."""

ALONE = frozenset(
    {
        "hemmeligt",
        "fortroligt",
        "salajane",
        "konfidentsiaalne",
        "slepeni",
        "slaptai",
        "konfidenciāli",
        "konfidencialiai",
        "sigriet",
        "kunfidenzjali",
    }
)
"""Adjectives and adverbs that begin sentences as well: a mark only where nothing else is on the line."""

FIELD_NAMES = (
    "classification|data classification|security classification|sensitivity|sensitivity label|confidentiality|"
    "confidentiality level|handling|protective marking|security level|data class|marking|doc classification",
    "klassifizierung|klassifikation|vertraulichkeit|vertraulichkeitsklasse|vertraulichkeitsstufe|geheimhaltungsstufe|"
    "einstufung|confidentialité|clasificación|classificação|classificazione|riservatezza|rubricering|klassning|"
    "klauzula|"
    "гриф|классификация|密级|機密区分|보안등급|gizlilik derecesi|機密レベル|степень секретности|phân loại|διαβάθμιση|"
    "درجة السرية|סיווג|klasyfikacja|klasifikasi|klasifikace|minősítés|rubriceringsniveau|tietoluokka|informationsklass",
)
