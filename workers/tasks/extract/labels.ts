/** What a piece of text announces: key words of invoices and receipts in six languages, by class. */

/** Classes of labels, in the order of the features that are made of them: append only. */
export const LABEL_CLASSES = [
  'gross',
  'net',
  'tax',
  'due_amount',
  'total',
  'cash',
  'change',
  'rounding',
  'discount',
  'quantity',
  'unit_price',
  'prepaid',
  'charge',
  'line_total',
  'rate',
  'issue_date',
  'due_date',
  'delivery_date',
  'period',
  'other_date',
  'date',
  'invoice_number',
  'customer_number',
  'order_number',
  'other_number',
  'number',
  'vat_id',
  'tax_number',
  'registry',
  'phone',
  'web',
  'iban',
  'bic',
  'seller',
  'buyer',
  'ship_to',
  'payee',
  'description',
  'invoice',
  'credit_note',
  'currency',
  'person',
  'page',
  'time',
  'address',
  'reference',
  'thanks',
  'item_count',
  'exclusive',
  'inclusive',
] as const;
export type LabelClass = (typeof LABEL_CLASSES)[number];

/** Phrases as `wordsOf` writes them, parted by `|`. A longer phrase wins over a shorter one inside it. */
const PHRASES: Record<LabelClass, string> = {
  gross:
    'grand total|total gross|gross total|gross amount|total amount|amount total|invoice total|total inclusive|total incl|total inc|total with tax|total payable|total sales inclusive|total sales incl|total amt|total rm|total eur|rounded total|round d total|nett total|net total rm|total rounded|after rounding|total incl gst|total sales|total after rounding|bill total|gesamtbetrag|rechnungsbetrag|bruttobetrag|gesamtsumme|endbetrag|endsumme|brutto|gesamt brutto|summe brutto|bruttosumme|rechnungssumme|rechnungsendbetrag|total ttc|montant ttc|montant total|total general|ttc|total fattura|totale fattura|totale documento|totale complessivo|totale generale|totale ivato|total factura|importe total|total con iva|totaal incl|totaal inclusief|totaalbedrag|totaal|totale da pagare|total a pagar|total bruto|gesamtbetrag inkl|gesamt inkl|total due',
  net: 'subtotal|sub total|net total|total net|net amount|amount net|total excl|total exclusive|total excluding|total before tax|taxable amount|amount before tax|total ex|total w o tax|nettobetrag|summe netto|netto|nettosumme|gesamt netto|zwischensumme|warenwert|positionssumme|gesamtbetrag netto|rechnungsbetrag netto|summe der positionen|total ht|montant ht|sous total|ht|total hors taxes|imponibile|totale imponibile|totale netto|subtotale|base imponible|subtotal sin iva|total neto|totaal excl|totaal exclusief|subtotaal|netto bedrag|nettobedrag|steuerbasisbetrag|basisbetrag|bemessungsgrundlage|base ht',
  tax: 'vat|gst|sst|sales tax|tax|tax amount|vat amount|total vat|total tax|gst amt|gst amount|total gst|service tax|ust|mwst|umsatzsteuer|mehrwertsteuer|steuerbetrag|summe ust|summe mwst|ust betrag|mwst betrag|zzgl mwst|zzgl ust|tva|montant tva|total tva|iva|importo iva|imposta|totale iva|totale imposta|cuota iva|importe iva|total iva|btw|btw bedrag|totaal btw|impuesto|taxe|steuer|gesamtbetrag der steuer',
  due_amount:
    'amount due|balance due|amount payable|payable|to pay|please pay|balance|amount to pay|outstanding|zahlbetrag|zu zahlen|zahlender betrag|zu zahlender betrag|falliger betrag|faelliger betrag|offener betrag|noch zu zahlen|restbetrag|net a payer|a payer|reste a payer|montant du|da pagare|netto a pagare|saldo|a pagar|importe a pagar|te betalen|te voldoen|openstaand',
  total: 'total|totale|summe|gesamt|somme|tot|totals|totaux|suma|jumlah|amount',
  cash: 'cash|cash tendered|tendered|paid|cash payment|amount paid|visa|master|mastercard|credit card|debit card|card|credit|payment|paid amount|bar|gegeben|bezahlt|karte|especes|carte|contanti|carta|efectivo|tarjeta|contant|pin|tunai|bayar|cash received|received|cash amt|amex|debit|touch n go|e wallet',
  change:
    'change|change due|ruckgeld|rueckgeld|wechselgeld|zuruck|rendu|monnaie|resto|cambio|wisselgeld|baki|kembali|kembalian|chg',
  rounding:
    'rounding|round|rounding adj|rounding adjustment|adjustment|adj|rundung|rundungsbetrag|arrondi|arrotondamento|redondeo|afronding|rnd',
  discount:
    'discount|disc|rebate|less|savings|saved|you saved|save|allowance|total discount|rabatt|nachlass|skonto|abschlag|abzug|abschlage|remise|escompte|sconto|ribasso|descuento|korting|voucher',
  quantity:
    'qty|quantity|units|pcs|menge|anzahl|stuck|stk|quantite|qte|quantita|qta|q ta|uds|cantidad|cant|aantal|hours|stunden|std',
  unit_price:
    'unit price|price|u price|price unit|rate per unit|unit cost|u p|einzelpreis|preis|stuckpreis|nettopreis|e preis|einzelpreis netto|ep|prix unitaire|prix|pu|pu ht|p u|prezzo|prezzo unitario|precio|precio unitario|prijs|eenheidsprijs|stukprijs|bruttopreis|preis pro einheit',
  prepaid:
    'prepaid|deposit|advance|paid in advance|already paid|anzahlung|vorauszahlung|abschlagszahlung|bereits gezahlt|vorausbezahlt|acompte|acconto|anticipo|voorschot|gezahlter betrag|anzahlungsbetrag',
  charge:
    'shipping|freight|handling|postage|service charge|svc chg|service chg|surcharge|delivery charge|versand|versandkosten|fracht|zuschlag|zuschlage|porto|frais de port|livraison|spedizione|trasporto|envio|portes|verzendkosten|fee',
  line_total:
    'line total|gesamtpreis|nettobetrag position|gesamt netto position|total line|betrag|amount rm|amt|price total|gesamt eur|gp|montant|importo|importe|bedrag|amt rm|total price|summe position',
  rate: 'rate|vat rate|tax rate|tax code|steuersatz|mwst satz|ust satz|taux|taux tva|aliquota|tipo|tarief|pct|vat pct|percent',
  issue_date:
    'invoice date|date of invoice|issue date|date of issue|issued|issued on|bill date|tax invoice date|receipt date|doc date|document date|inv date|billing date|rechnungsdatum|ausstellungsdatum|belegdatum|date de facture|date facture|date de la facture|date d emission|facture du|data fattura|data documento|data emissione|data di emissione|del|fecha factura|fecha de factura|fecha de emision|fecha emision|fecha de la factura|factuurdatum|rechnung vom|vom|datum der rechnung|emise le|trans date|transaction date|sales date|gutschriftsdatum',
  due_date:
    'due date|date due|payment due|payable by|pay by|due by|due on|due|payment date|falligkeit|faelligkeit|fallig|faellig|falligkeitsdatum|faelligkeitsdatum|zahlbar bis|fallig am|faellig am|zahlungsziel|zahlbar bis zum|bis zum|echeance|date d echeance|date echeance|a regler avant|payable le|scadenza|data scadenza|data di scadenza|scadenza pagamento|vencimiento|fecha de vencimiento|fecha vencimiento|vervaldatum|te betalen voor|betaaldatum|falligkeitstermin|uiterste betaaldatum',
  delivery_date:
    'delivery date|date of supply|supply date|service date|tax point|ship date|shipped|lieferdatum|leistungsdatum|liefertermin|date de livraison|data consegna|fecha de entrega|leverdatum|liefer und leistungsdatum|leistung vom|date of delivery',
  period:
    'period|billing period|service period|from|zeitraum|leistungszeitraum|abrechnungszeitraum|lieferzeitraum|periode|periodo|von|through|until',
  other_date:
    'order date|bestelldatum|auftragsdatum|bestellung vom|date de commande|data ordine|fecha de pedido|orderdatum|print date|printed|printed on|expiry|exp date|exp|valid until|valid|effective|gultig bis|date of birth|check in|check out|closed|opened|birth|gst effective',
  date: 'date|datum|data|fecha|dated|tarikh|tanggal|dt|le',
  invoice_number:
    'invoice number|invoice no|invoice nr|invoice id|invoice|inv no|inv|tax invoice no|bill no|bill number|receipt no|receipt number|receipt|rechnungsnummer|rechnungsnr|rechnungs nr|rechnung nr|rechnung no|rechnung|re nr|belegnummer|beleg nr|belegnr|numero de facture|n de facture|facture n|facture no|facture|facture numero|numero facture|numero fattura|fattura n|fattura nr|fattura|n fattura|numero documento|numero de factura|n de factura|factura n|factura no|factura|num factura|numero factura|factuurnummer|factuurnr|factuur nr|factuur|document no|document number|doc no|credit note no|credit note number|credit note|gutschriftsnummer|gutschrift nr|gutschrift|handelsrechnung|avoir n|avoir|nota di credito n|rechnungskorrektur|invoice ref',
  customer_number:
    'customer no|customer number|customer id|client no|client number|account no|account number|kundennummer|kunden nr|kundennr|kd nr|n client|code client|numero client|codice cliente|numero de cliente|n cliente|cliente|klantnummer|customer|acct|account|cust no|debitor',
  order_number:
    'order no|order number|order|po number|po no|purchase order|your order|p o|bestellnummer|bestell nr|auftragsnummer|auftrags nr|auftrag|ihre bestellung|n de commande|bon de commande|commande|numero ordine|ordine|pedido|n pedido|numero de pedido|bestelnummer|ordernummer|bestelling|job no',
  other_number:
    'delivery note|lieferschein|lieferschein nr|lieferscheinnummer|delivery note no|bon de livraison|ddt|albaran|pakbon|table|terminal|pos|trans|transaction|approval code|auth code|batch|trace|member|cashier no|article no|item no|art nr|artikelnummer|globale nummer|gln|gtin|ean|sku|code|barcode|vertrag|contract|contract no|vertragsnummer|project|projekt|ref|reg|slip|lot|serial|ticket|counter|till|station',
  number: 'no|nr|number|nummer|num|numero|n|id',
  vat_id:
    'vat id|vat no|vat number|vat reg|vat reg no|vat registration|vat registration number|gst no|gst id|gst reg|gst reg no|gst id no|gst registration no|gst registration number|ust id|ust id nr|ust idnr|ustid|ust ident nr|umsatzsteuer id|umsatzsteuer identifikationsnummer|uid|uid nr|mwst nr|tva intra|tva intracommunautaire|n tva|numero de tva|num tva|no tva|partita iva|p iva|p i|piva|nif|cif|n i f|c i f|nif iva|btw nummer|btw nr|btw id|sst no|sst id|tax id|ust id nummer',
  tax_number:
    'tax no|tax number|steuernummer|steuer nr|st nr|siret|siren|codice fiscale|c f|tax reference|rsin|ein|abn|tin|npwp',
  registry:
    'company no|company reg|company reg no|co reg|co reg no|co no|reg no|registration no|roc|roc no|hrb|hra|handelsregister|handelsregisternummer|amtsgericht|registergericht|geschaftsfuhrer|geschaeftsfuehrer|rcs|capital|rea|registro mercantil|kvk|registered in|registered office|registration number|business registration|company number|reg|vorstand|managing director',
  phone:
    'tel|telephone|phone|fax|mobile|mob|handphone|hp|hotline|telefon|telefax|telefono|telefoon|t|f|tel fax|customer service|call|careline|contact|contact no|office|helpline',
  web: 'email|e mail|mail|www|http|https|website|web|facebook|internet|com my|url',
  iban: 'iban|bank account|account iban|bankverbindung|konto|kontonummer|konto nr|compte|conto|cuenta|rekening|rekeningnummer|coordinate bancarie|bank details',
  bic: 'bic|swift|blz|bank|bankleitzahl|banque|banca|banco|sort code|bic swift|kreditinstitut',
  seller:
    'seller|from|supplier|vendor|verkaufer|verkaeufer|lieferant|rechnungssteller|absender|vendeur|fournisseur|emetteur|venditore|fornitore|cedente|vendedor|proveedor|emisor|verkoper|leverancier|leistungserbringer|bill from|issued by|sold by',
  buyer:
    'buyer|bill to|billed to|invoice to|sold to|customer name|client|to|kaufer|kaeufer|leistungsempfanger|leistungsempfaenger|kunde|rechnungsempfanger|rechnungsempfaenger|rechnung an|rechnungsadresse|rechnungsanschrift|acheteur|facture a|adresse a|destinataire|adresse de facturation|acquirente|cessionario|destinatario|spett le|spettabile|intestatario|comprador|facturar a|datos del cliente|koper|klant|factuur aan|factuuradres|attention|attn|messrs|m s|billing address|m/s|kaufer leistungsempfanger',
  ship_to:
    'ship to|deliver to|delivery address|lieferadresse|lieferanschrift|warenempfanger|warenempfaenger|livre a|adresse de livraison|indirizzo di consegna|luogo di destinazione|direccion de entrega|enviar a|afleveradres|shipping address|lieferung an|versand an',
  payee:
    'payee|payment recipient|zahlungsempfanger|zahlungsempfaenger|beneficiaire|beneficiario|begunstigde|account holder|account name|kontoinhaber|titulaire|intestato a|titular|tenaamstelling|abweichender zahlungsempfanger|abweichender zahlungsempfaenger|rechnungssteller abweichend|steuervertreter|vertreter|payable to|cheque payable',
  description:
    'description|item|items|product|service|desc|details|particulars|article|beschreibung|bezeichnung|artikel|leistung|position|pos|produkt|artikelbezeichnung|leistungsbeschreibung|designation|libelle|descrizione|articolo|descripcion|concepto|articulo|omschrijving|goods|produit|prestation',
  invoice:
    'tax invoice|invoice|simplified tax invoice|rechnung|facture|fattura|factura|factuur|bill|receipt|quittung|kassenbon|handelsrechnung|cash bill|cash sales|cash receipt|official receipt|guest check|check',
  credit_note:
    'credit note|credit memo|gutschrift|rechnungskorrektur|korrekturrechnung|stornorechnung|avoir|note de credit|nota di credito|nota credito|nota de credito|factura rectificativa|abono|creditnota|refund|storno',
  currency:
    'currency|wahrung|waehrung|devise|valuta|moneda|divisa|rechnungswahrung|rechnungswaehrung',
  person:
    'cashier|served by|server|salesperson|sales person|operator|staff|attended by|waiter|ansprechpartner|bearbeiter|sachbearbeiter|kontakt|user|csh|clerk|member|name|mr|mrs|guest|pax',
  page: 'page|seite|pagina|blatt|sheet|pag|von seite',
  time: 'time|uhrzeit|uhr|heure|ora|hora|tijd|am|pm|business hours|shopping hours|masa',
  address:
    'address|anschrift|adresse|indirizzo|direccion|adres|street|road|jalan|jln|lorong|taman|strasse|str|weg|platz|rue|avenue|via|viale|piazza|calle|plaza|laan|straat|lot|floor|level|unit|block|blok|kawasan|bandar|persiaran|lebuh|lebuhraya|kampung|jalan raya|mall|suite|building|wisma|menara|ground floor|no|bukit|seksyen|section|km|batu|boulevard|bd|allee|gasse|chaussee|corso|avenida|paseo|ave|rd|st|drive|lane|way|hwy',
  reference:
    'reference|our reference|your reference|unser zeichen|ihr zeichen|referenz|reference client|riferimento|referencia|kenmerk|verwendungszweck|buchungsreferenz|weitere referenz|ref no|leitweg id|kauferreferenz',
  thanks:
    'thank you|thanks|please come again|goods sold are not|not refundable|danke|vielen dank|merci|grazie|gracias|terima kasih|welcome|exchange|refundable|returnable|customer copy|selamat datang|keep this|welcome to',
  item_count:
    'item count|total qty|total items|total item|total quantity|no of items|items count|no of item|number of items|total pcs|item s|items s|anzahl artikel',
  exclusive:
    'excl|exclusive|excluding|ex|before|without|hors|sin|ohne|exkl|zzgl|plus|escluso|w o|excluded|net of',
  inclusive:
    'incl|inclusive|including|inc|with|after|ttc|con|mit|inkl|einschl|incluso|compris|inclusief|included',
};

const TABLE = new Map<string, number[]>();
let longest = 1;
LABEL_CLASSES.forEach((name, index) => {
  for (const phrase of PHRASES[name].split('|')) {
    TABLE.set(phrase, [...(TABLE.get(phrase) ?? []), index]);
    longest = Math.max(longest, phrase.split(' ').length);
  }
});

/** Words in lower case without accents and marks; `%` is `pct`. */
export function wordsOf(text: string): string[] {
  const folded = text.slice(0, 400).toLowerCase().replace(/ß/g, 'ss').replace(/%/g, ' pct ');
  return folded
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** The classes that a text names: longest phrases first from left to right. The value counts the words from its end. */
export function labelsIn(text: string): Map<LabelClass, number> {
  const words = wordsOf(text);
  const found = new Map<LabelClass, number>();
  for (let i = 0; i < words.length;) {
    let step = 1;
    for (let size = Math.min(longest, words.length - i); size > 0; size--) {
      const classes = TABLE.get(words.slice(i, i + size).join(' '));
      if (!classes) continue;
      for (const index of classes)
        found.set(LABEL_CLASSES[index] as LabelClass, words.length - i - size);
      step = size;
      break;
    }
    i += step;
  }
  return found;
}
