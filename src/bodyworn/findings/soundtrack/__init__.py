"""The sound as samples: one mono track out of many channels, its level, its silences."""
