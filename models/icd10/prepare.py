"""Step 0: reads the code table, the inclusion terms and the notes; writes plain JSON for the other steps."""
import csv
import importlib.resources
import json
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def table(data: Path) -> list[dict]:
    with open(data / 'icd10cm/icd10cm_2021.csv', newline='', encoding='utf-8') as file:
        return [{'code': row['code'], 'description': row['description'], 'billable': row['billable'] == '1'}
                for row in csv.DictReader(file)]


def inclusion_terms(codes: set[str]) -> list[tuple[str, str]]:
    """(code, term) of the CMS tabular list, for codes that the table holds."""
    import simple_icd_10_cm
    folder = importlib.resources.files(simple_icd_10_cm) / 'data'
    file = next(entry for entry in folder.iterdir() if entry.name.endswith('.xml'))
    found = []
    for diagnosis in ElementTree.fromstring(file.read_bytes()).iter('diag'):
        code = diagnosis.findtext('name')
        if code not in codes:
            continue
        for tag in ('inclusionTerm', 'includes'):
            for group in diagnosis.findall(tag):
                found += [(code, note.text) for note in group.findall('note') if note.text]
    return found


def in_table(code: str, codes: dict[str, str]) -> str | None:
    """The table's writing of a code of the notes; a code with placeholders (`w19.xxx`) is its longest known header."""
    plain = code.replace('.', '').upper()
    while len(plain) >= 3:
        if plain in codes:
            return codes[plain]
        if not plain.endswith('X'):
            return None
        plain = plain[:-1]
    return None


def notes(data: Path, name: str, codes: dict[str, str]) -> list[dict]:
    rows = []
    for line in open(data / f'codiesp/{name}.jsonl', encoding='utf-8'):
        row = json.loads(line)
        gold = [code.upper() for code in row['diagnosis_codes']]
        exact = [codes.get(code.replace('.', '')) for code in gold]
        mapped = [in_table(code, codes) for code in gold]
        evidence = [{'kind': e['kind'], 'code': in_table(e['code'], codes), 'es': e['evidence_es']} for e in row['evidence']]
        rows.append({'id': row['id'], 'text': row['text'], 'gold': gold, 'exact': exact, 'mapped': mapped, 'evidence': evidence})
    return rows


def main() -> None:
    data, build = Path(sys.argv[1]), Path(sys.argv[2])
    build.mkdir(parents=True, exist_ok=True)
    rows = table(data)
    codes = {row['code'].replace('.', ''): row['code'] for row in rows}
    terms = inclusion_terms({row['code'] for row in rows})
    (build / 'table.json').write_text(json.dumps(rows))
    (build / 'terms.json').write_text(json.dumps(terms))
    (build / 'train.json').write_text(json.dumps(notes(data, 'train', codes)))


if __name__ == '__main__':
    main()
