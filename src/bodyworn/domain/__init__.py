"""The words of the trade as types: frozen dataclasses, enums, ids, time and errors. Standard library only."""
