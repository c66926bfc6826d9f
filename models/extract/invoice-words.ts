/** Words of invoices by language, as senders vary them. */
import type { Language } from './invented.ts';

export type Word =
  | 'title'
  | 'credit'
  | 'number'
  | 'date'
  | 'due'
  | 'delivered'
  | 'orderDate'
  | 'customer'
  | 'order'
  | 'seller'
  | 'buyer'
  | 'name'
  | 'address'
  | 'net'
  | 'tax'
  | 'gross'
  | 'payable'
  | 'prepaid'
  | 'vatId'
  | 'iban'
  | 'bank'
  | 'phone'
  | 'description'
  | 'quantity'
  | 'price'
  | 'total'
  | 'rate'
  | 'position'
  | 'dueSentence'
  | 'thanks'
  | 'register'
  | 'page'
  | 'currency'
  | 'shipTo'
  | 'contact';

const words = (table: Record<Word, string>): Record<Word, string[]> =>
  Object.fromEntries(Object.entries(table).map(([key, text]) => [key, text.split('|')])) as Record<
    Word,
    string[]
  >;

export const WORDS: Record<Language, Record<Word, string[]>> = {
  de: words({
    title: 'Rechnung|RECHNUNG|Handelsrechnung|Rechnung / Invoice',
    credit: 'Gutschrift|Rechnungskorrektur|GUTSCHRIFT',
    number: 'Rechnungsnummer|Rechnungs-Nr.|Rechnung Nr.|Rechnungsnr.|Belegnummer|Nr.|Beleg-Nr.',
    date: 'Rechnungsdatum|Datum|Belegdatum|Ausstellungsdatum|vom',
    due: 'Fällig am|Fälligkeit|Zahlbar bis|Fälligkeitsdatum|Zahlungsziel',
    delivered: 'Lieferdatum|Leistungsdatum|Liefer- und Leistungsdatum',
    orderDate: 'Bestelldatum|Auftragsdatum',
    customer: 'Kundennummer|Kunden-Nr.|Kd.-Nr.|Nummer',
    order: 'Bestellnummer|Ihre Bestellung|Auftrags-Nr.',
    seller: 'Verkäufer|Rechnungssteller|Lieferant|Absender',
    buyer:
      'Käufer|Rechnungsempfänger|Kunde|Leistungsempfänger|Rechnung an|Rechnungsadresse|Käufer / Leistungsempfänger',
    name: 'Name|Firma|Unternehmen',
    address: 'Anschrift|Adresse|Straße',
    net: 'Nettobetrag|Summe netto|Zwischensumme|Netto|Gesamtbetrag netto|Summe (netto)|Warenwert netto|Rechnungsbetrag ohne USt',
    tax: 'MwSt.|USt.|Umsatzsteuer|zzgl. MwSt.|Mehrwertsteuer|Steuerbetrag|zzgl. Umsatzsteuer|Gesamtbetrag Umsatzsteuer',
    gross:
      'Gesamtbetrag|Rechnungsbetrag|Bruttobetrag|Endbetrag|Gesamtsumme|Gesamt brutto|Gesamtbetrag brutto|Rechnungssumme|Summe brutto|Bruttosumme',
    payable: 'Zahlbetrag|Zu zahlen|Fälliger Betrag|Zu zahlender Betrag',
    prepaid: 'Anzahlung|Bereits gezahlt|Vorauszahlung',
    vatId: 'USt-IdNr.|USt.-Id.-Nr.|UID|Umsatzsteuer-ID',
    iban: 'IBAN',
    bank: 'Bankverbindung|Bank',
    phone: 'Tel.|Telefon|Fon',
    description: 'Bezeichnung|Beschreibung|Artikel|Leistung|Artikelbezeichnung',
    quantity: 'Menge|Anzahl',
    price: 'Einzelpreis|Preis|E-Preis|Nettopreis|EP',
    total: 'Gesamt|Gesamtpreis|Betrag|Nettobetrag|GP|Summe',
    rate: 'MwSt. %|USt.|Steuersatz|MwSt.',
    position: 'Pos.|Pos|Nr.',
    dueSentence:
      'Zahlbar bis {d} ohne Abzug.|Bitte überweisen Sie den Betrag bis zum {d}.|Der Betrag ist fällig am {d}.|Zahlungsziel: {d}',
    thanks: 'Vielen Dank für Ihren Auftrag.|Wir danken für Ihr Vertrauen.',
    register: 'Amtsgericht {t} HRB {n}|Geschäftsführer: {p}',
    page: 'Seite 1 von 1|Blatt 1',
    currency: 'Währung|Rechnungswährung',
    shipTo: 'Lieferadresse|Lieferanschrift|Warenempfänger',
    contact: 'Ansprechpartner|Bearbeiter',
  }),
  en: words({
    title: 'Invoice|INVOICE|Tax Invoice|TAX INVOICE|Sales Invoice',
    credit: 'Credit Note|CREDIT NOTE|Credit Memo',
    number: 'Invoice number|Invoice No.|Invoice #|Invoice no|Inv No|Number|Document No.',
    date: 'Invoice date|Date|Date of issue|Issue date|Issued|Tax point',
    due: 'Due date|Payment due|Date due|Pay by|Due',
    delivered: 'Delivery date|Date of supply',
    orderDate: 'Order date',
    customer: 'Customer No.|Account number|Customer ID',
    order: 'PO number|Order No.|Purchase order|Your ref',
    seller: 'Seller|From|Supplier|Bill from|Vendor',
    buyer: 'Bill to|Billed to|Buyer|Customer|Invoice to|Sold to|To',
    name: 'Name|Company',
    address: 'Address',
    net: 'Subtotal|Net total|Net amount|Total net|Total excl. VAT|Sub-total|Taxable amount|Total before tax',
    tax: 'VAT|Tax|VAT amount|Sales tax|Total VAT|Total tax|GST',
    gross:
      'Total|Grand total|Invoice total|Total amount|Total incl. VAT|Total gross|Gross total|Amount total|TOTAL',
    payable: 'Amount due|Balance due|Total due|Please pay',
    prepaid: 'Deposit|Amount paid|Prepaid|Less deposit',
    vatId: 'VAT No.|VAT Reg. No.|VAT ID|VAT number',
    iban: 'IBAN|Bank account (IBAN)',
    bank: 'Bank details|Bank',
    phone: 'Tel|Phone|T',
    description: 'Description|Item|Product|Details|Service',
    quantity: 'Qty|Quantity|Units|Hours',
    price: 'Unit price|Price|Rate|Unit cost',
    total: 'Amount|Total|Line total|Net',
    rate: 'VAT %|VAT rate|Tax|VAT',
    position: '#|No.|Item',
    dueSentence:
      'Payment is due by {d}.|Please pay by {d}.|Payable within terms, no later than {d}.|Due on {d}',
    thanks: 'Thank you for your business.|We appreciate your custom.',
    register: 'Registered in England No. {n}|Company number {n}',
    page: 'Page 1 of 1|Page 1',
    currency: 'Currency',
    shipTo: 'Ship to|Delivery address|Deliver to',
    contact: 'Contact|Attention',
  }),
  fr: words({
    title: 'Facture|FACTURE',
    credit: 'Avoir|AVOIR|Note de crédit',
    number: 'Facture n°|Numéro de facture|N° de facture|Facture N°|Numéro',
    date: 'Date de facture|Date|Date de facturation|Date d’émission|Émise le',
    due: 'Échéance|Date d’échéance|À régler avant le|Payable le',
    delivered: 'Date de livraison',
    orderDate: 'Date de commande',
    customer: 'N° client|Code client',
    order: 'N° de commande|Bon de commande|Référence commande',
    seller: 'Vendeur|Émetteur|Fournisseur',
    buyer: 'Facturé à|Client|Adresse de facturation|Destinataire|Acheteur',
    name: 'Nom|Raison sociale',
    address: 'Adresse',
    net: 'Total HT|Montant HT|Sous-total HT|Sous-total|Total hors taxes',
    tax: 'TVA|Montant TVA|Total TVA',
    gross: 'Total TTC|Montant TTC|TOTAL TTC|Total toutes taxes comprises|Montant total',
    payable: 'Net à payer|Reste à payer|Montant dû',
    prepaid: 'Acompte|Acompte versé',
    vatId: 'N° TVA|TVA intracommunautaire|N° TVA intracom.',
    iban: 'IBAN',
    bank: 'Banque|Coordonnées bancaires',
    phone: 'Tél.|Téléphone',
    description: 'Désignation|Description|Libellé|Prestation',
    quantity: 'Qté|Quantité',
    price: 'Prix unitaire|PU HT|P.U. HT|Prix',
    total: 'Total HT|Montant HT|Montant|Total',
    rate: 'TVA %|TVA|Taux',
    position: 'N°|Réf.',
    dueSentence:
      'À payer au plus tard le {d}.|Échéance : {d}|Paiement à réception, au plus tard le {d}.',
    thanks: 'Merci de votre confiance.',
    register: 'RCS {t} {n}|SIRET {n}00012',
    page: 'Page 1/1',
    currency: 'Devise',
    shipTo: 'Adresse de livraison|Livré à',
    contact: 'Contact|Interlocuteur',
  }),
  it: words({
    title: 'Fattura|FATTURA',
    credit: 'Nota di credito|NOTA DI CREDITO',
    number: 'Fattura n.|Numero fattura|Fattura nr.|N. fattura|Numero documento|Numero',
    date: 'Data fattura|Data|Data documento|del|Data emissione',
    due: 'Scadenza|Data scadenza|Scadenza pagamento',
    delivered: 'Data consegna',
    orderDate: 'Data ordine',
    customer: 'Codice cliente',
    order: 'Numero ordine|Rif. ordine',
    seller: 'Fornitore|Cedente|Venditore',
    buyer: 'Cliente|Spett.le|Destinatario|Intestatario|Cessionario',
    name: 'Nome|Denominazione',
    address: 'Indirizzo',
    net: 'Imponibile|Totale imponibile|Totale netto|Subtotale',
    tax: 'IVA|Totale IVA|Imposta|Importo IVA',
    gross: 'Totale fattura|Totale|Totale documento|TOTALE|Importo totale',
    payable: 'Netto a pagare|Totale da pagare|Da pagare',
    prepaid: 'Acconto',
    vatId: 'P. IVA|Partita IVA|P.IVA',
    iban: 'IBAN',
    bank: 'Banca|Coordinate bancarie',
    phone: 'Tel.|Telefono',
    description: 'Descrizione|Articolo',
    quantity: 'Q.tà|Quantità|Qtà',
    price: 'Prezzo|Prezzo unitario|Prezzo unit.',
    total: 'Importo|Totale',
    rate: 'IVA %|Aliquota|IVA',
    position: 'N.|Cod.',
    dueSentence: 'Da pagare entro il {d}.|Scadenza: {d}|Pagamento entro il {d}',
    thanks: 'Grazie per la fiducia.',
    register: 'REA {n}|C.F. {n}',
    page: 'Pagina 1 di 1|Pag. 1',
    currency: 'Valuta',
    shipTo: 'Luogo di destinazione|Indirizzo di consegna',
    contact: 'Contatto|Referente',
  }),
  es: words({
    title: 'Factura|FACTURA',
    credit: 'Factura rectificativa|Nota de crédito|Abono',
    number: 'Factura n.º|Número de factura|N.º de factura|Nº factura|Factura|Número',
    date: 'Fecha|Fecha de factura|Fecha factura|Fecha de emisión',
    due: 'Vencimiento|Fecha de vencimiento',
    delivered: 'Fecha de entrega',
    orderDate: 'Fecha de pedido',
    customer: 'N.º de cliente|Código cliente',
    order: 'Pedido n.º|N.º de pedido',
    seller: 'Emisor|Vendedor|Proveedor',
    buyer: 'Cliente|Facturar a|Datos del cliente|Destinatario',
    name: 'Nombre|Razón social',
    address: 'Dirección|Domicilio',
    net: 'Base imponible|Subtotal|Total neto|Importe neto',
    tax: 'IVA|Cuota IVA|Total IVA|Importe IVA',
    gross: 'Total|Total factura|TOTAL|Importe total|Total con IVA',
    payable: 'Total a pagar|A pagar|Importe a pagar',
    prepaid: 'Anticipo',
    vatId: 'NIF|CIF|NIF-IVA',
    iban: 'IBAN',
    bank: 'Banco|Cuenta',
    phone: 'Tel.|Teléfono',
    description: 'Descripción|Concepto|Artículo',
    quantity: 'Cantidad|Cant.|Uds.',
    price: 'Precio|Precio unitario|Precio unit.',
    total: 'Importe|Total',
    rate: 'IVA %|IVA|Tipo',
    position: 'N.º|Ref.',
    dueSentence: 'Pago antes del {d}.|Vencimiento: {d}|A pagar hasta el {d}',
    thanks: 'Gracias por su confianza.',
    register: 'Registro Mercantil de {t}, tomo {n}',
    page: 'Página 1 de 1',
    currency: 'Moneda|Divisa',
    shipTo: 'Dirección de entrega|Enviar a',
    contact: 'Contacto|A la atención de',
  }),
  nl: words({
    title: 'Factuur|FACTUUR',
    credit: 'Creditnota|CREDITNOTA',
    number: 'Factuurnummer|Factuurnr.|Factuur nr.|Nummer',
    date: 'Factuurdatum|Datum',
    due: 'Vervaldatum|Te betalen vóór|Uiterste betaaldatum',
    delivered: 'Leverdatum',
    orderDate: 'Orderdatum',
    customer: 'Klantnummer',
    order: 'Ordernummer|Uw referentie|Bestelnummer',
    seller: 'Leverancier|Verkoper|Afzender',
    buyer: 'Klant|Factuur aan|Factuuradres|Koper',
    name: 'Naam|Bedrijf',
    address: 'Adres',
    net: 'Subtotaal|Totaal excl. btw|Nettobedrag|Bedrag excl. btw',
    tax: 'Btw|BTW|Btw-bedrag|Totaal btw',
    gross: 'Totaal|Totaal incl. btw|Totaalbedrag|TOTAAL',
    payable: 'Te betalen|Openstaand bedrag|Te voldoen',
    prepaid: 'Voorschot|Aanbetaling',
    vatId: 'Btw-nummer|BTW-nr.|Btw-id',
    iban: 'IBAN|Rekeningnummer',
    bank: 'Bank',
    phone: 'Tel.|Telefoon',
    description: 'Omschrijving|Artikel',
    quantity: 'Aantal',
    price: 'Prijs|Stukprijs|Eenheidsprijs',
    total: 'Bedrag|Totaal',
    rate: 'Btw %|Btw|BTW',
    position: 'Nr.|Pos.',
    dueSentence: 'Gelieve te betalen vóór {d}.|Te betalen uiterlijk {d}.|Vervaldatum: {d}',
    thanks: 'Bedankt voor uw opdracht.',
    register: 'KvK {n}',
    page: 'Pagina 1 van 1',
    currency: 'Valuta',
    shipTo: 'Afleveradres',
    contact: 'Contactpersoon',
  }),
};
