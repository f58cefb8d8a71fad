"""Time and memory of a PDF of six pages by language: `python -m benchmarks.papers` (docs/benchmarks.md)."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

import fundapp
from forms.i18n import use_catalogues
from fundapp.documents.pdf import paper_as_pdf
from tests.documents.six_pages import SENTENCES, six_pages


def measure(language: str) -> None:
    use_catalogues(Path(fundapp.__file__).parent / "translations")
    began = time.perf_counter()
    first = paper_as_pdf(six_pages(language))
    middle = time.perf_counter()
    paper_as_pdf(six_pages(language))
    ended = time.perf_counter()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"| {language} | {middle - began:.2f} | {ended - middle:.2f} | {megabytes} | {len(first) // 1024} |"
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(sys.argv[1])
    else:
        print(
            "| language | first, s | next, s | peak memory, MB | file, KB |\n|---|---|---|---|---|",
            flush=True,
        )
        for each in SENTENCES:  # a process each, so that memory is that of one paper
            subprocess.run([sys.executable, "-m", "benchmarks.papers", each], check=True)
