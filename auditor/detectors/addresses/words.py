# SPDX-License-Identifier: Apache-2.0
"""Words of postal addresses: kinds of streets by where they stand, units, and labels, in many languages.

Kinds of streets and their abbreviations after the Universal Postal Union's addressing sheets and the United States
Postal Service's Publication 28, Appendix C1 (https://pe.usps.com/text/pub28/28apc_002.htm).
"""

STREET_SUFFIXES = (
    "street|st|avenue|ave|av|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|square|sq|terrace|ter|way|"
    "circle|cir|"
    "highway|hwy|parkway|pkwy|alley|aly|crescent|cres|close|row|trail|trl|plaza|plz|turnpike|tpke|loop|path|walk|"
    "mews|grove|"
    "gardens|garden|green|hill|heights|park|point|ridge|run|view|vista|crossing|bend|bypass|canyon|cove|creek|estate|"
    "extension|falls|ferry|field|fields|flats|ford|forest|forge|fork|forks|fort|freeway|glen|harbor|haven|hollow|"
    "inlet|island|"
    "islands|isle|junction|key|keys|knoll|knolls|lake|lakes|landing|light|lights|locks|lodge|manor|meadow|"
    "meadows|mill|"
    "mills|mission|motorway|mount|mountain|neck|orchard|oval|overpass|passage|pike|pine|pines|plain|plains|port|"
    "prairie|"
    "radial|ramp|ranch|rapids|rest|river|route|shoal|shoals|shore|shores|skyway|spring|springs|spur|station|"
    "stravenue|stream|"
    "summit|throughway|trace|track|trafficway|tunnel|underpass|union|valley|viaduct|village|villages|ville|well|wells|"
    "bridge|branch|brook|burg|camp|cape|causeway|center|centre|cliff|cliffs|club|common|corner|corners|course|"
    "courts|curve|"
    "dale|dam|divide|expressway|circle|nagar|marg|chowk|circle|ganj|colony|sarani|path|road|salai|gali"
)
STREET_PREFIXES = (
    r"\brue|\bavenue|\bboulevard|\bchemin|\ball(?:é|e)e|\bimpasse|\bplace|\bquai|\broute|\bcours|\bsquare|"
    r"\bpassage|\bfaubourg|"
    r"\bbd|\bbld|\bav\.|\bav|\bvia|\bviale|\bpiazza|\bpiazzale|\bcorso|\bvicolo|\blargo|\bcontrada|\bstrada|"
    r"\blungomare|"
    r"\bstretto|\brotonda|\bborgo|\bincrocio|\bcanale|\bsalita|\bcalata|\bcalle|\bavenida|\bavda\.?|\bpaseo|"
    r"\bplaza|\bcamino|"
    r"\bcarretera|\bctra\.?|\bronda|\btraves(?:í|i)a|\bcallej(?:ó|o)n|\bglorieta|\balameda|\brambla|\bpasaje|\bpje\.?|"
    r"\bca(?:ñ|n)ada|\bcuesta|\bvial|\bacceso|\burbanizaci(?:ó|o)n|\bc/|\bc\. de|\bcl\.|\bprol\.?|\bdiagonal|"
    r"\bcircuito|"
    r"\bcerrada|\bprivada|\bandador|\bperif(?:é|e)rico|\bviaducto|\beje vial|\bboulevar|\bcarrera|\bcra\.?|"
    r"\btransversal|\bjir(?:ó|o)n|"
    r"\brua|\br\.|\btravessa|\btv\.|\bpra(?:ç|c)a|\brodovia|\bestrada|\blargo|\bladeira|\bviela|\bp(?:á|a)tio|"
    r"\bch(?:á|a)cara|"
    r"\bsetor|\bjardim|\bviaduto|\bparque|\bquadra|\bloteamento|\bcondom(?:í|i)nio|\bconjunto|\bn(?:ú|u)cleo|"
    r"\bdistrito|\bcampo|"
    r"\bfazenda|\besplanada|\bfavela|\bfeira|\bmorro|\bpassarela|\brecanto|\bresidencial|\bs(?:í|i)tio|\btrecho|"
    r"\btrevo|\bvale|"
    r"\bvereda|\bvila|\blagoa|\blago|\baeroporto|\barea|\bcol(?:ô|o)nia|\besta(?:ç|c)(?:ã|a)o|"
    r"\bul\.|\bulica|\bulice|\bul|\bal\.|\baleja|\bpl\.|\bplac|\bos\.|\bosiedle|\bn(?:á|a)m\.|\bn(?:á|a)m(?:ě|"
    r"e)st(?:í|i)|"
    r"\btrg|\bcesta|\bstr\.|\bstrada|\bbd\.|\bbdul|\b(?:ș|s)oseaua|\bcalea|\baleea|\bintrarea|\bsplaiul|\bpia(?:ț|t)a|"
    r"\brruga|\bbulevardi|\bjalan|\bjl\.?|\bgang|\bgg\.|\bpsr\.?|\blorong|\bpersiaran|\btaman|\bkampung|\bkg\.?|"
    r"đường|\bph(?:ố|o)|\bmtaa wa|\bbarabara ya|"
    r"οδ(?:ό|ο)ς|λεωφ(?:ό|ο)ρος|Οδ(?:ό|ο)ς|Λεωφ(?:ό|ο)ρος|"
    r"ул\.|улица|улиця|вулиця|вул\.|проспект|просп\.|пр-т|пр\.|пер\.|переулок|провулок|пров\.|бульвар|бул\.|"
    r"шоссе|шосе|ш\.|"
    r"наб\.|набережная|набережна|площадь|площа|пл\.|алея|аллея|узвіз|майдан|ж\.к\.|бул\.|Ул\.|Улица|Вул\.|Проспект|"
    r"شارع|طريق|خیابان|کوچه|بلوار|רחוב|שדרות|ถนน|ซอย|मार्ग|सड़क|গলি"
)
JOINED_SUFFIXES = (
    "stra(?:ß|ss)e|str\\.|str|weg|platz|allee|gasse|ring|damm|ufer|chaussee|steig|stieg|markt|berg|hof|promenade|"
    "br(?:ü|u)cke|"
    "pfad|wall|graben|anger|twiete|zeile|kamp|aue|feld|garten|winkel|tor|"
    "straat|laan|plein|gracht|kade|dijk|singel|steeg|dreef|hofje|pad|baan|boulevard|ring|burg|dam|poort|wal|kaai|"
    "steenweg|lei|"
    "gatan|gata|v(?:ä|a)gen|v(?:ä|a)g|gr(?:ä|a)nd|gr(?:ä|a)nden|torget|torg|backen|stigen|plan|g(?:å|a)rden|"
    "all(?:é|e)n|leden|"
    "gade|gaden|vej|vejen|stræde|torv|torvet|all(?:é|e)|vænget|parken|bakken|toften|marken|"
    "veien|vegen|vei|veg|gaten|gate|svingen|stien|plassen|torg|tunet|lia|moen|faret|bakke|haugen|brauta?|braut|"
    "stigur|gata|"
    "katu|tie|kuja|polku|kaari|raitti|tori|ranta|mets(?:ä|a)|niementie|m(?:ä|a)ki|"
    "utca|gasse|n(?:á|a)mestie|ov(?:á|a)|sk(?:á|a)|ulica|gatve|iela|puiestee|maantee|p(?:õ|o)ik|tee|t(?:ä|a)nav"
)
ABBREVIATED_SUFFIXES = (
    "utca|u\\.|(?:ú|u)t|(?:ú|u)tja|t(?:é|e)r|k(?:ö|o)z|sor|k(?:ö|o)r(?:ú|u)t|fasor|d(?:ű|u)l(?:ő|o)|s(?:é|"
    "e)t(?:á|a)ny|"
    "cad\\.?|caddesi|cd\\.|sokak|soka(?:ğ|g)(?:ı|i)|sok\\.?|sk\\.|bulvar(?:ı|i)|blv\\.|mah\\.?|mahallesi|mh\\.|"
    "gatv(?:ė|e)|g\\.|prospektas|pr\\.|al(?:ė|e)ja|iela|bulv(?:ā|a)ris|t(?:ä|a)nav|tn\\.?|mnt\\.?|tee|"
    "stra(?:ß|ss)e|str\\.|weg|platz|allee|gasse|gade|gate|vei|veg|v(?:ä|a)g|gata|katu|tie|laan|straat|plein|"
    "ulica|ulice|"
    "ku(?:č|c)a|street|avenue|road|lane|drive|court|close|way|crescent|nagar|marg|boulevard|square"
)
UNITS = (
    "suite|ste|apt|apartment|appartamento|appartement|apartamento|unit|flat|room|rm|floor|fl|piso|piano|puerta|"
    "porta|interno|"
    "int|dpto|depto|departamento|depto|bldg|building|edificio|block|lot|bât|kv|кв|буд|офис|wohnung|whg|lgh|"
    "asunto|etg|daire|"
    "kat|mieszkania|m\\.|h\\. ?no|house no|plot no|door no"
)
LABELS = (
    "address|street ?address|home address|addr|mailing address|billing address|shipping address|residence",
    "adresse|anschrift|wohnort|lieferadresse|rechnungsadresse|direcci(?:ó|o)n|domicilio|indirizzo|residenza|"
    "endere(?:ç|c)o|"
    "morada|adres|adress|osoite|adresa|lakc(?:í|i)m|c(?:í|i)m|adres(?:ă|a)|adresi|adresas|adrese|aadress|"
    "heimilisfang|alamat|"
    "địa chỉ|anwani|tirahan",
    "διεύθυνση|адрес|адреса|住所|地址|주소|العنوان|عنوان|آدرس|نشانی|כתובת|ที่อยู่|पता|ঠিকানা|முகவரி|చిరునామా|მისამართი|հասցե",
)
POSTAL_LABELS = (
    "zip|zip ?code|postal ?code|post ?code|postleitzahl|plz|c(?:ó|o)digo postal|code postal|c\\.p\\.|cap|cep|postcode|"
    "postnummer|postinumero|kod pocztowy|ps(?:č|c)|ir(?:á|a)ny(?:í|i)t(?:ó|o)sz(?:á|a)m|posta kodu|pin ?code|"
    "индекс|індекс|"
    "郵便番号|邮编|우편번호|الرمز البريدي",
)
INTRODUCTIONS = (
    "lives? (?:at|on)|living at|resid(?:e|es|ing) at|residing in|located at|based at|address (?:is|to)|"
    "moved to|deliver(?:ed)? to|ship(?:ped)? to|sent to|send (?:it|them|one) to|meet me at|new one to|"
    "arrived at|taxi to|office is at|return to|visit us at|stop at|wohne in|wohnt in|wohnhaft in|"
    "wohnhaft|vivo en|vive en|resido en|domiciliado en|j'habite(?: au)?|habite au|demeurant(?: au)?|"
    "domicili[eé] au|abito in|abita in|residente in|moro em|moro na|resido em|woon op|woon in|woonachtig|"
    "wonende|bor på|bor i|asun|mieszkam(?: pod adresem)?|zamieszkał[ya] |bydl[ií]m|bývám|lakom|lakik|"
    "bor i|bor på adressen|bývam|žijem v|locuiesc|živim|stanujem|elan|gyvenu|dzīvoju|banoj|jetoj|yaşayıram|ünvan|"
    "asun|asuu|osoite on|lakcímem|címem|adresa mea este|naslov je|adresa mi je|adresse est|adresse ist|anschrift ist|"
    "dirección es|vivo na|vive na|moro na|moro no|endereço é|morada é|indirizzo è|adres to|adresem|nakatira|"
    "naninirahan|ninaishi|woonachtig te|mijn adres is|yaşıyorum|adresim|oturuyorum|ikamet|tinggal di|"
    "alamat|sống tại|ishi",
    "μένω|κατοικώ|живу по адресу|проживаю|проживає|мешкаю|живея на|живим|住所は|に住んでいます|"
    "住在|地址是|주소는|"
    "адрес(?:а|у)? —|моят адрес е|адреса ми е|მისამართი|ცხოვრობს|ვცხოვრობ|բնակվում եմ|հասցե|ที่อยู่|อยู่ที่|อาศัยอยู่|"
    "آدرس من|نشانی من|ساکن|मेरा पता|मैं रहता हूँ|मैं रहती हूँ|रहता हूँ|আমার ঠিকানা|ঠিকানা|என் முகவரி|"
    "నా చిరునామా|הכתובת שלי|"
    "מתגורר|גרה ב|住於|住在|地址是|거주|"
    "أسكن|"
    "اسكن في|أعيش في|العنوان|زندگی می‌کنم|גר ב|आवास|में रहता",
)
