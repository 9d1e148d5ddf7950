"""Word-based findings: the 18 kinds, proposed for each utterance from its words, its speaker's role and its context.

``turns`` are what goes in, ``windows`` cuts a conversation into sequences for the encoder, ``reader`` runs the model,
``evidence_words`` picks the words that triggered a kind.
"""
