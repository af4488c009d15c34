"""Turns a schema and a value into the violations of the one by the other, each with its place.

violation, question, equality ◀ evaluator ◀ scalar, evaluated ◀ container, applicator
evaluation ◀ record, document: the doors

What a check says with yes or no is said here keyword by keyword, with the same meaning. Only the
server matches patterns: evaluation asks, and is repeated with the answers.
"""

from bss_compiler.validation.document import validate_document
from bss_compiler.validation.evaluation import Evaluation
from bss_compiler.validation.question import Answers, read_answers
from bss_compiler.validation.record import Given, RecordEvaluation, validate_record
from bss_compiler.validation.violation import Violation

__all__ = [
    "Answers",
    "Evaluation",
    "Given",
    "RecordEvaluation",
    "Violation",
    "read_answers",
    "validate_document",
    "validate_record",
]
