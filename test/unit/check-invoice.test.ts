/** Task `check` on e-invoices: a clean invoice passes in both syntaxes, every kind of mistake is found, hostile XML is refused. */
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { documentOfText } from '../../src/core/document.ts';
import { implementedRules } from '../../workers/tasks/check/en16931/rules.ts';
import { run } from '../../workers/tasks/check/run.ts';
import { OutputSchema } from '../../workers/tasks/check/schema.ts';
import { checkFile, checkManifest, checkPorts } from './doubles/check-ports.ts';
import { cii, ubl } from './doubles/invoices.ts';

const check = (text: string, invoiceXml: string | null = null) =>
  run(
    {
      document: { ...documentOfText(text), invoiceXml },
      input: undefined,
      manifest: checkManifest('en16931'),
    },
    checkPorts('en16931'),
  );

async function output(text: string, invoiceXml: string | null = null) {
  const found = await check(text, invoiceXml);
  if (!found.ok || !found.value.output)
    throw new Error(found.ok ? 'no output' : found.failure.message);
  expect(v.is(OutputSchema, found.value.output)).toBe(true);
  return { ...found.value.output, doubts: found.value.doubts };
}

const broken = async (xml: string): Promise<string[]> =>
  (await output(xml)).clauses
    .filter((clause) => clause.verdict === 'fail')
    .map((clause) => clause.id);

describe('business rules', () => {
  it('are listed once each', () => {
    const ids = implementedRules();
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(980);
    for (const id of [
      'BR-06',
      'BR-CO-15',
      'BR-AE-10',
      'BR-DEC-28',
      'BR-CL-23',
      'UBL-SR-44',
      'UBL-DT-28',
      'UBL-CR-682',
    ])
      expect(ids).toContain(id);
  });

  it.each([
    ['UBL', ubl()],
    ['CII', cii()],
  ])('a clean invoice in %s passes, and every rule is reported', async (_, xml) => {
    const { verdict, clauses, doubts } = await output(xml);
    expect(clauses.filter((clause) => ['fail', 'unclear'].includes(clause.verdict))).toEqual([]);
    expect({ verdict, doubts, n: clauses.length }).toEqual({ verdict: 'pass', doubts: [], n: 980 });
  });

  it.each([
    ['BR-01', '<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>', ''],
    ['BR-CO-15', '>119.00</cbc:TaxInclusiveAmount>', '>119.01</cbc:TaxInclusiveAmount>'],
    [
      'BR-CO-10',
      '>100.00</cbc:LineExtensionAmount><cbc:TaxEx',
      '>99.00</cbc:LineExtensionAmount><cbc:TaxEx',
    ],
    ['BR-CO-25', '<cbc:DueDate>2026-04-01</cbc:DueDate>', ''],
    ['BR-CO-09', 'DE123456789', '123456789'],
    ['BR-CL-04', '<cbc:DocumentCurrencyCode>EUR', '<cbc:DocumentCurrencyCode>EUX'],
    ['BR-CL-23', 'unitCode="C62"', 'unitCode="ZZTOP"'],
    [
      'BR-DEC-23',
      '>100.00</cbc:LineExtensionAmount>\n  <cac:Item>',
      '>100.000</cbc:LineExtensionAmount>\n  <cac:Item>',
    ],
    ['BR-S-05', '<cbc:Percent>19</cbc:Percent>', '<cbc:Percent>0</cbc:Percent>'],
    ['BR-27', '>25.00</cbc:PriceAmount>', '>-25.00</cbc:PriceAmount>'],
    [
      'BR-Z-01',
      '<cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:Cl',
      '<cbc:ID>Z</cbc:ID><cbc:Percent>0</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:Cl',
    ],
    [
      'UBL-SR-45',
      '<cbc:DueDate>2026-04-01</cbc:DueDate>',
      '<cbc:DueDate>2026-04-01</cbc:DueDate><cbc:DueDate>2026-05-01</cbc:DueDate>',
    ],
    ['UBL-CR-005', '<cbc:ID>INV-7</cbc:ID>', '<cbc:ID>INV-7</cbc:ID><cbc:UUID>u</cbc:UUID>'],
  ])('%s is broken', async (id, from, to) => {
    const xml = ubl().replaceAll(from, to);
    expect(xml).not.toBe(ubl());
    expect(await broken(xml)).toContain(id);
  });

  it('a warning does not fail the invoice', async () => {
    const xml = ubl().replace(
      '<cbc:ID>INV-7</cbc:ID>',
      '<cbc:ID>INV-7</cbc:ID><cbc:UUID>u</cbc:UUID>',
    );
    const { verdict, clauses } = await output(xml);
    expect(verdict).toBe('pass');
    expect(clauses.find((clause) => clause.id === 'UBL-CR-005')?.reason).toContain(
      'Only a warning',
    );
  });

  it('a code that a growing list may have got since is unclear', async () => {
    const xml = ubl().replace(
      '<cbc:RegistrationName>M',
      '<cbc:CompanyID schemeID="0249">1</cbc:CompanyID><cbc:RegistrationName>M',
    );
    const { verdict, doubts } = await output(xml);
    expect({ verdict, doubts: doubts.length }).toEqual({ verdict: 'incomplete', doubts: 1 });
  });

  it('evidence points at the value, and only where the text is the XML', async () => {
    const xml = ubl().replace(
      '>119.00</cbc:TaxInclusiveAmount>',
      '>120.00</cbc:TaxInclusiveAmount>',
    );
    const own = (await output(xml)).clauses.find((clause) => clause.id === 'BR-CO-15');
    expect(xml.slice(own?.evidence?.start, own?.evidence?.end)).toBe('120.00');
    expect(own?.found).toBe('120.00 · 100.00 · 19.00');
    const inPdf = (await output('the text of a PDF', xml)).clauses.find(
      (clause) => clause.id === 'BR-CO-15',
    );
    expect(inPdf).toMatchObject({ verdict: 'fail', evidence: null });
  });

  it('the example of the specialist has the mistakes that its title promises', async () => {
    expect(await broken(checkFile('en16931', 'example.xml'))).toEqual([
      'BR-62',
      'BR-CO-15',
      'BR-CL-23',
    ]);
  });
});

describe('what cannot be checked', () => {
  it.each([
    ['a letter', 'Dear Sir', 'unsupported_input'],
    ['a DTD', `<!DOCTYPE a [<!ENTITY e "x">]>${ubl()}`, 'file_broken'],
    ['other XML', '<a/>', 'unsupported_input'],
  ])('%s', async (_, text, code) => {
    const found = await check(text);
    expect(found.ok ? null : found.failure.code).toBe(code);
  });
});
