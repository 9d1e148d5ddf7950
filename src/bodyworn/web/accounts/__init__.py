"""``/sign-in``, ``/set-up``, ``/prove``, ``/account``: how people with accounts come in, and what is theirs."""
