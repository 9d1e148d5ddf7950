"""``python -m bodyworn`` is the same as ``bodyworn``."""

from bodyworn.cli import main

if __name__ == "__main__":
    main()
