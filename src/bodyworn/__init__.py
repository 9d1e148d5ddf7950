"""Local-first workbench for body-worn camera footage: custody, findings, reviews, redactions, releases."""

__version__ = "0.1.0"
