"""What must show nowhere: the values of a key."""

from __future__ import annotations

import json
from collections.abc import Iterator

from hashdata.redaction import Redactor
from hashdata.testing.check import Group
from hashdata.testing.subject import Subject

CHECKS = Group()


@CHECKS.add("No report shows a value of its key, in any spelling.")
def no_report_shows_a_credential(subject: Subject) -> Iterator[str]:
    """Yield reports that hold one, in what is for programs or for people."""
    for run in subject.runs:
        texts = (json.dumps(run.report.to_json()), run.report.summary, *run.report.unrecognised)
        if any(Redactor(run.persona.credentials.values()).finds(text) for text in texts):
            yield (
                f"The report of the practice key {run.persona.name} shows a value of the key. "
                "Look for texts of the connector that hold a practice key."
            )


@CHECKS.add("No answer of the practice exchange repeats a secret or a passphrase; exchanges do state the key itself.")
def no_practice_answer_shows_a_secret(subject: Subject) -> Iterator[str]:
    """Yield questions whose answers hold what only the owner should have."""
    for run in subject.runs:
        redactor = Redactor(value for name, value in run.persona.credentials.items() if name != "api_key")
        for one in run.exchanged:
            if redactor.finds(one.raw.text) or any(redactor.finds(value) for value in one.raw.headers.values()):
                yield (
                    f"The practice exchange answers {one.raw.method} {one.raw.path} of {run.persona.name} with "
                    "the secret or the passphrase of the key. No exchange needs to; take it out."
                )
