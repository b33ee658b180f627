# SPDX-License-Identifier: Apache-2.0
"""Words around names of persons: titles, labels, introductions, closing formulas, and what is no name."""

from auditor.detectors.words import words

TITLES = (
    "mrs?\\.?|ms\\.?|miss|mx\\.?|dr\\.?|prof\\.?|professor|doctor|sir|madam|rev\\.|hon\\.|judge|senator|herr|"
    "frau|hr\\.?|fru|dhr\\.?|"
    "mevr\\.?|mevrouw|mme\\.?|mlle\\.?|monsieur|madame|mademoiselle|ma(?:î|i)tre|sra?\\.?|srta\\.?|se(?:ñ|n)ora?|"
    "senhora?|do(?:ñ|n)a|sig\\.?|"
    "sig\\.ra|sig\\.na|signora?|dott\\.?|dott\\.ssa|dr\\.ssa|avv\\.|ing\\.?|mag\\.|pan|pani|p(?:á|a)n|pan(?:í|i)|"
    "mgr\\.|mudr\\.|bay|bayan|"
    "say(?:ı|i)n|lic\\.|arq\\.|abg\\.|datuk|dato|puan|bapak|ibu|(?:ô|o)ng|b(?:à|a)|mzee|bwana|m\\.|d\\.",
    "г-н|г-жа|пан|пані|κος|κα|κ\\.",
)
GREETING = words(
    "Hi Hello Hey Dear Thanks Thank Best Kind Regards Liebe Lieber Cher Chère Querido Querida Estimado Estimada "
    "Caro Cara Beste Geachte Hallo Hola Bonjour Ciao Kjære Kære Hej Hei Drogi Droga Milý Milá Kedves Dragă Dragi "
    "Draga Sevgili Tere Kia Ora Hei Moi Sveiki Labas Labdien Ahoj Cześć Salut Merhaba Selam Szia Üdvözlöm "
    "Zdravo Pozdrav "
    "Bok Halo Xin Chào Kính Gửi Sehr Geehrte Geehrter Szanowni Szanowny Vážený Vážená Tisztelt Stimate Stimată "
    "Poštovani Spoštovani Gerbiamas Lugupeetud Exmo Exma Exmos Sayın Yth Mheshimiwa Good Morning Evening Afternoon Day"
)
ORGANISATION = words(
    "Inc Inc. Corp Corp. Corporation Ltd Ltd. LLC LLP PLC GmbH AG KG SA SAS SARL SpA Srl BV NV AB ASA ApS Oy Oyj "
    "Co Co. Company Group Industries Systems Solutions Holding Holdings Partners Bank University College School "
    "Institute Hospital Foundation Association Services Technologies Enterprises International Global Department "
    "Ministry Committee Council Agency Team Project License Street Avenue Road Boulevard Lane Drive Court Place "
    "Square City County State Airport Station River Lake Mountain Island Valley Park Bridge Church Hotel "
    "Restaurant Service Server Manager Studio Theatre Museum Library Prize Award Cup League"
)
NO_NAMES = words("none null n/a unknown anonymous name value string text yes no true false admin user")
LABELS = (
    "full[ _-]?name|first[ _-]?name|last[ _-]?name|given[ _-]?name|family[ _-]?name|display[ _-]?name|"
    "surname|middle[ _-]?name",
    "customer[ _-]?name|patient(?:[ _-]?name)?|employee(?:[ _-]?name)?|client[ _-]?name|"
    "contact[ _-]?(?:name|person)|claimant|applicant|insured|beneficiary|account[ _-]?holder|"
    "card[ _-]?holder|recipient|sender|addressee|student[ _-]?name|passenger|guest[ _-]?name|spouse|"
    "next of kin|emergency contact|attn",
    "nachname|vorname|familienname|vollständiger name|ansprechpartner|empfänger|kundenname|versicherte|"
    "nom complet|nom de famille|pr[eé]nom|destinataire|nombre completo|nombre y apellidos|nombres|"
    "apellidos?|titular|paciente|nome completo|sobrenome|nome e cognome|cognome|paziente|volledige naam|"
    "voornaam|achternaam|naam|fullst[aä]ndigt namn|förnamn|efternamn|fornavn|etternavn|efternavn|"
    "koko nimi|etunimi|sukunimi|imi[eę] i nazwisko|nazwisko|jm[eé]no|příjmení|meno a priezvisko|"
    "priezvisko|teljes név|vezetéknév|keresztnév|prenume|nume complet|ime i prezime|prezime|ad soyad|"
    "ad[ıi] soyad[ıi]|isim|soyad",
    "名字|姓名|姓 名|担当者|氏 名|ФИО|П\\.?І\\.?Б|ονοματεπώνυμο|όνομα|επώνυμο|фио|ф\\.и\\.о|имя|фамилия|"
    "ім'я|прізвище|піб|име|презиме|氏名|お名前|名前|姓名|名字|"
    "이름|성명|성함|الاسم|الإسم|اسم|نام و نام خانوادگی|نام|שם מלא|שם|ชื่อ|họ và tên|họ tên|tên|nama lengkap|"
    "nama|jina|नाम|নাম|பெயர்|పేరు|სახელი|անուն",
)
WEAK_LABELS = (
    "name|customer|client|contact|to|from|by|author|owner|assignee|attendees?|user|buyer|seller|payee|"
    "payer|emri|ime|meno|vardas|vārds|ad|naziv|tên|ainm|enw|izena|jina|nombre del titular|cardholder|contributor|"
    "doctor|physician|teacher|manager|ordered by|prepared by|signed|bill to|ship to|nom|nombre|"
    "nome|namn|navn|nimi|nazwa|kunde|kunden|cliente|klant|empleado|employ[eé]|mitarbeiter|medewerker",
)
INTRODUCTIONS = (
    "my name is|my name's|calls? me|maiden name is|mein name ist|ich hei(?:ß|ss)e|je m'appelle|"
    "mon nom est|me llamo|mi nombre es|meu nome é|me chamo|chamo-me|mi chiamo|il mio nome è|mijn naam is|"
    "ik heet|jag heter|mitt namn är|jeg heter|jeg hedder|mit navn er|navnet mitt er|nimeni on|"
    "nazywam się|mam na imię|jmenuji se|mé jméno je|volám sa|a nevem|mă numesc|numele meu este|zovem se|"
    "moje ime je|ime mi je|benim adım|adım|mano vardas|mani sauc|minu nimi on|ég heiti|nama saya|tôi là|"
    "tên tôi là|tôi tên là|jina langu ni|quhem|emri im është|zovem se|ime mi je|zovem|volám sa|menujem sa|me chamo|"
    "my full name is|i am called|ismim|mening ismim|ainm dom|nire izena|em dic|ako si|ang pangalan ko",
    "με λένε|ονομάζομαι|меня зовут|моё имя|мене звати|моє ім'я|казвам се|зовем се|се викам|私の名前は|"
    "私は|我叫|"
    "我的名字是|我是|제 이름은|저는|اسمي|أنا|نام من|اسم من|שמי|קוראים לי|ผมชื่อ|ดิฉันชื่อ|ฉันชื่อ|मेरा नाम|আমার নাম|"
    "என் பெயர்|నా పేరు|ჩემი სახელია|მე მქვია|իմ անունը|իմ անունն է|ನನ್ನ ಹೆಸರು|എന്റെ പേര്|મારું નામ|ਮੇਰਾ ਨਾਮ|මගේ නම|ስሜ",
)
CLOSINGS = (
    "regards|sincerely|yours truly|yours faithfully|best wishes|cheers|many thanks|freundlichen grüßen|"
    "grü(?:ß|ss)e|hochachtungsvoll|cordialement|bien à vous|salutations|un saludo|saludos|atentamente|"
    "cordialmente|atenciosamente|cumprimentos|abraços|cordiali saluti|distinti saluti|saluti|"
    "vriendelijke groet|groeten|vänlig hälsning|vänliga hälsningar|hälsningar|vennlig hilsen|"
    "venlig hilsen|hilsen|terveisin|poważaniem|pozdrawiam|pozdravem|pozdravom|üdvözlettel|tisztelettel|"
    "cu stimă|srdačan pozdrav|poštovanjem|saygılarımla|pagarbiai|ar cieņu|lugupidamisega|kveðja|"
    "hormat saya|trân trọng|wako wa",
    "με εκτίμηση|с уважением|з повагою|с поштовањем|敬具|よろしくお願いいたします|此致|敬上|감사합니다|드림|"
    "مع خالص التحية|تحياتي|"
    "با احترام|בברכה|ขอแสดงความนับถือ|धन्यवाद|भवदीय|ধন্যবাদ|പატივისცემით|პატივისცემით|հարգանքով",
)
